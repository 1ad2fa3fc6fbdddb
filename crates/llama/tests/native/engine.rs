//! Answers are computed together, and do not disturb each other.

use antiphon_backend::{Backend, Context, Event, StreamExt, chat};

use crate::model::{self, answer, request, text};

#[tokio::test]
async fn answers_beside_others_are_those_of_each_alone() {
    let Some(backend) = model::loaded(|config| config.slots = 8) else { return };
    let seeded = |seed: i64| {
        // Prompts of other lengths, and answers of others.
        let words = usize::try_from(seed * 9).unwrap();
        let mut request = request(&format!("Write about {}the sea.", "the wind and ".repeat(words)));
        request.temperature = Some(0.8);
        request.seed = Some(seed);
        request.max_completion_tokens(16 + u64::try_from(seed).unwrap() * 4)
    };
    let together = futures_util::future::join_all((0..6).map(|seed| text(&backend, seeded(seed)))).await;
    for (seed, beside_others) in (0..).zip(together) {
        assert_eq!(text(&backend, seeded(seed)).await, beside_others, "{seed}");
    }
}

#[tokio::test]
async fn steps_are_shared() {
    let Some(backend) = model::loaded(|config| config.slots = 4) else { return };
    let story = || answer(&backend, request("Tell a story.").max_completion_tokens(32));
    let _ = tokio::join!(story(), story(), story(), story());
    let figures = backend.figures();
    assert_eq!(figures.generated_tokens, 128);
    assert!(figures.steps < 64, "{figures:?}");
}

#[tokio::test]
async fn slow_reader_waits_alone() {
    let Some(backend) = model::loaded(|config| config.slots = 2) else { return };
    let mut slow = backend.chat(request("Tell a story.").max_completion_tokens(200), Context::default());
    assert!(matches!(slow.next().await, Some(Ok(Event::Text { .. }))));
    assert_eq!(
        text(&backend, request("What is the capital of France?")).await,
        "The capital of France is Paris."
    );
    // It has paused: what it was sent, and no more, was computed.
    let other = answer(&backend, request("Count to ten.").max_completion_tokens(64)).await.unwrap();
    let others = 8 + other.usage.unwrap().completion_tokens + 1;
    assert!(backend.figures().generated_tokens < others + 60, "{:?}", backend.figures());
    let rest: Vec<_> = slow.collect().await;
    assert!(matches!(rest.last(), Some(Ok(Event::Usage(usage))) if usage.completion_tokens == 200));
}

#[tokio::test]
async fn long_prompt_stalls_nobody() {
    let resized = |config: &mut antiphon_llama::Config| (config.slots, config.prefill_tokens) = (2, 16);
    let Some(backend) = model::loaded(resized) else { return };
    let mut running = backend.chat(request("Tell a story.").max_completion_tokens(300), Context::default());
    assert!(matches!(running.next().await, Some(Ok(Event::Text { .. }))));
    let mut long = backend.chat(request(&"word ".repeat(320)), Context::default());
    let mut seen = 0;
    // Counts the tokens of the one until the other has its first.
    loop {
        tokio::select! {
            biased;
            event = long.next() => {
                assert!(matches!(event, Some(Ok(_))), "{event:?}");
                break;
            }
            event = running.next() => {
                assert!(matches!(event, Some(Ok(_))), "{event:?}");
                seen += 1;
            }
        }
    }
    assert!(seen >= 18, "{seen} tokens came while 20 pieces of a prompt were read");
}

#[tokio::test]
async fn next_turn_of_a_conversation_reuses_the_last() {
    let Some(backend) = model::loaded(|config| config.slots = 2) else { return };
    let mut request = request("What is the capital of France?");
    let first = answer(&backend, request.clone()).await.unwrap();
    request.messages.push(chat::Message::assistant(first.choices[0].text.as_str()));
    request.messages.push(chat::Message::user("And of Italy?"));
    let usage = answer(&backend, request).await.unwrap().usage.unwrap();
    let known = first.usage.unwrap().total_tokens;
    let cached = usage.prompt_tokens_details.unwrap().cached_tokens.unwrap();
    assert!(cached.abs_diff(known) <= 2 && cached > 0, "{cached} of {known}");
}
