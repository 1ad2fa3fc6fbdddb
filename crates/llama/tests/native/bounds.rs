//! What does not fit is refused, and says so.

use antiphon_backend::{Backend, Context, ErrorKind, Event, EventStream, StreamExt};
use antiphon_llama::LlamaBackend;

use crate::model::{self, answer, request};

/// A stream that has begun.
async fn begun(backend: &LlamaBackend) -> EventStream {
    let mut stream = backend.chat(request("Tell a story.").max_completion_tokens(400), Context::default());
    assert!(matches!(stream.next().await, Some(Ok(Event::Text { .. }))));
    stream
}

#[tokio::test]
async fn prompt_over_the_context_is_refused_before_work() {
    let Some(backend) = model::loaded(|config| config.context_length = 64) else { return };
    let error = answer(&backend, request(&"word ".repeat(100))).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::ContextLength, Some("context_length_exceeded")));
    // So long that its tokens are not even counted.
    let error = answer(&backend, request(&"word ".repeat(1_000_000))).await.unwrap_err();
    assert_eq!((error.kind(), error.param()), (ErrorKind::ContextLength, Some("messages")));
    assert_eq!(backend.figures().steps, 0);
}

#[tokio::test]
async fn context_that_is_full_ends_the_answer() {
    let Some(backend) = model::loaded(|config| config.context_length = 48) else { return };
    let whole = answer(&backend, request("Tell a story.").max_completion_tokens(400)).await.unwrap();
    assert_eq!(whole.usage.unwrap().total_tokens, 48);
}

#[tokio::test]
async fn who_finds_no_place_is_told_to_come_again() {
    let resized = |config: &mut antiphon_llama::Config| (config.slots, config.queue) = (1, 0);
    let Some(backend) = model::loaded(resized) else { return };
    let running = begun(&backend).await;
    let error = answer(&backend, request("Hello")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Overloaded);
    assert!(error.retry_after().is_some());
    let mut several = request("Hello");
    several.n = Some(2);
    let error = answer(&backend, several).await.unwrap_err();
    assert_eq!((error.kind(), error.param()), (ErrorKind::InvalidRequest, Some("n")));
    drop(running);
}

#[tokio::test]
async fn slot_of_a_client_that_leaves_is_free() {
    let resized = |config: &mut antiphon_llama::Config| (config.slots, config.queue) = (1, 1);
    let Some(backend) = model::loaded(resized) else { return };
    let running = begun(&backend).await;
    let next = answer(&backend, request("What is the capital of France?"));
    let (text, ()) = tokio::join!(next, async { drop(running) });
    assert_eq!(text.unwrap().choices[0].text, "The capital of France is Paris.");
    // The story was never told to its end.
    assert!(backend.figures().generated_tokens < 200, "{:?}", backend.figures());
}
