use antiphon_backend::{ErrorKind, Event};
use antiphon_types::Usage;
use antiphon_types::chat::{FinishReason, TokenLogprob};
use antiphon_types::completions::Request;
use futures_util::{FutureExt, stream};
use serde_json::json;

use super::*;
use crate::stream::testing::watched;

fn whole(request: &Request, events: Vec<Result<Event, BackendError>>) -> Result<Completion, BackendError> {
    let completion = Completion::new("cmpl-1", 1, "m");
    let positions = logprobs::positions(request);
    complete(completion, watched(stream::iter(events)), positions).now_or_never().expect("all is ready")
}

#[test]
fn pieces_are_joined_choice_by_choice() {
    let token = |text: &str| Event::text(text).with_logprobs([TokenLogprob::new(text, -1.0)]);
    let events = [
        token("a"),
        token("x").at(1),
        token("b"),
        Event::finish(FinishReason::Length).at(1),
        Event::finish(FinishReason::Stop),
        Event::usage(Usage::new(2, 3)),
    ];
    let answer =
        whole(&Request::new("m", ["p", "pp"]).logprobs(0), events.map(Ok).into()).expect("an answer");
    let tokens = |tokens: &[&str], offsets: &[u64]| json!({"tokens": tokens, "token_logprobs": vec![-1.0; tokens.len()], "text_offset": offsets});
    assert_eq!(
        json!(answer),
        json!({
            "id": "cmpl-1", "object": "text_completion", "created": 1, "model": "m",
            "choices": [
                {"text": "ab", "index": 0, "logprobs": tokens(&["a", "b"], &[1, 2]), "finish_reason": "stop"},
                {"text": "x", "index": 1, "logprobs": tokens(&["x"], &[2]), "finish_reason": "length"},
            ],
            "usage": {"prompt_tokens": 2, "completion_tokens": 3, "total_tokens": 5},
        }),
    );
}

#[test]
fn failure_is_all_that_comes() {
    let failure = BackendError::new(ErrorKind::Overloaded, "full");
    let outcome = whole(&Request::new("m", "p"), vec![Ok(Event::text("a")), Err(failure)]);
    assert_eq!(outcome.map_err(|error| error.kind()), Err(ErrorKind::Overloaded));
}
