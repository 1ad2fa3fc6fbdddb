//! Completions that break the contract.

use antiphon_types::completions::Request as Prompt;

use super::*;
use crate::ModelInfo;

/// Completes as a function says.
struct Completer<F>(F);

impl<F> Backend for Completer<F>
where
    F: Fn(Prompt) -> Vec<Event> + Send + Sync + 'static,
{
    fn models(&self) -> Vec<ModelInfo> {
        vec![ModelInfo::new("completer").with(Capability::Completions)]
    }

    fn chat(&self, _request: Request, _context: Context) -> EventStream {
        play(vec![Ok(text()), Ok(finish())])
    }

    fn complete(&self, request: Prompt, _context: Context) -> EventStream {
        play((self.0)(request).into_iter().map(Ok).collect())
    }
}

async fn check(
    complete: impl Fn(Prompt) -> Vec<Event> + Send + Sync + 'static,
    expected: Result<(), Failure>,
) {
    assert_eq!(completions(&probe(Completer(complete))).await, expected);
}

#[tokio::test]
async fn order_of_completions_is_checked() {
    check(|_| vec![text(), finish()], Ok(())).await;
    check(|_| vec![text()], failure("the stream ended before choice 0 had finished")).await;
    check(|_| vec![finish(), text()], failure("choice 0 went on after its finish")).await;
    let other = failure("an event came of choice 1, and the choices are 0 to 0");
    check(|_| vec![text().at(1), finish()], other).await;
}

#[tokio::test]
async fn completion_that_is_streamed_otherwise_is_seen() {
    let complete = |request: Prompt| {
        let said = if request.is_streaming() { "streamed" } else { "whole" };
        vec![Event::text(said), finish()]
    };
    let reason = completions(&probe(Completer(complete))).await.expect_err("they differ").to_string();
    assert!(reason.contains("text: \"whole\"") && reason.ends_with(ANSWERS_VARY), "{reason}");
    let varying = Suite::default().answers_vary().probe(Completer(complete));
    assert_eq!(completions(&varying).await, Ok(()));
}

#[tokio::test]
async fn claim_to_complete_is_seen() {
    let reason = "the answer failed: This model does not complete prompts.";
    let claims = broken(&[Capability::Completions], |_, _| play(Vec::new()));
    assert_eq!(completions(&probe(claims)).await, failure(reason));
}
