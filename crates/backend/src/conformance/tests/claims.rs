//! What a model declares and does not do.

use antiphon_types::chat::{Custom, TokenLogprob, Tool, ToolChoice};

use super::*;

/// Calls a tool of this name, whichever was asked for.
fn caller(name: &'static str) -> impl Backend {
    let call = move |_, _| play(vec![Ok(Event::tool_call(0, None, name)), Ok(finish())]);
    broken(&[Capability::Tools], call)
}

/// Compares how the reason of a failure begins.
fn check(outcome: Result<(), Failure>, expected: &str) {
    let reason = outcome.expect_err(expected).to_string();
    assert!(reason.starts_with(expected), "{reason}");
}

#[tokio::test]
async fn call_that_is_forced_and_not_made_is_seen() {
    let deaf = || broken(&[Capability::Tools], |_, _| play(vec![Ok(text()), Ok(finish())]));
    let reason = "with Mode(Required), the answer was WholeChoice { text: \"one two\"";
    check(forced_calls(&probe(deaf())).await, reason);
    // Also where the template has no tools.
    let bare = Suite::default().with_template(Request::new("broken", []));
    check(forced_calls(&bare.probe(deaf())).await, reason);
    let unable = probe(player([text(), finish()]));
    assert_eq!(forced_calls(&unable).await, Ok(()));
}

#[tokio::test]
async fn call_of_another_tool_than_the_one_named_is_seen() {
    assert_eq!(forced_calls(&probe(caller("get_weather"))).await, Ok(()));
    check(forced_calls(&probe(caller("get_time"))).await, "with Function(");
    let mut template = Request::new("broken", []).tools([Tool::custom(Custom::new("sh"))]);
    template.tool_choice = Some(ToolChoice::custom("sh"));
    let suite = Suite::default().with_template(template);
    check(forced_calls(&suite.probe(caller("get_weather"))).await, "with Custom(");
    assert_eq!(forced_calls(&suite.probe(caller("sh"))).await, Ok(()));
}

#[tokio::test]
async fn reasoning_that_the_limit_cuts_is_no_disobedience() {
    let thinker = |_, _| play(vec![Ok(Event::reasoning("Well")), Ok(Event::finish(FinishReason::Length))]);
    assert_eq!(forced_calls(&probe(broken(&[Capability::Tools], thinker))).await, Ok(()));
}

#[tokio::test]
async fn text_without_its_log_probabilities_is_seen() {
    let able = |request: Request, _| {
        let tokens =
            if request.logprobs == Some(true) { vec![TokenLogprob::new("one two", -0.5)] } else { vec![] };
        play(vec![Ok(text().with_logprobs(tokens)), Ok(Event::text("")), Ok(finish())])
    };
    assert_eq!(logprobs(&probe(broken(&[Capability::Logprobs], able))).await, Ok(()));
    let bare = [text(), Event::refusal("one"), text().with_logprobs([])];
    for event in bare {
        let backend = broken(&[Capability::Logprobs], {
            let event = event.clone();
            move |_, _| play(vec![Ok(event.clone()), Ok(finish())])
        });
        let reason = format!("`logprobs` was asked for, and there are none in {event:?}");
        assert_eq!(logprobs(&probe(backend)).await, failure(&reason));
    }
    assert_eq!(logprobs(&probe(player([text(), finish()]))).await, Ok(()));
}

#[tokio::test]
async fn false_claims_are_seen() {
    let two_words = |_: Request, _| play(vec![Ok(Event::text("one ")), Ok(text()), Ok(finish())]);
    let stop = probe(broken(&[Capability::NativeStop], two_words));
    let reason = "with the stop \"ne t\", the answer was \"one one two\"";
    assert_eq!(native_claims(&stop).await, failure(reason));

    let misnamed = probe(broken(&[Capability::NativeStop], |request: Request, _| {
        let text = if request.stop.is_some() { "one" } else { "one two" };
        play(vec![Ok(Event::text(text)), Ok(Event::finish(FinishReason::Length))])
    }));
    let reason = "with the stop \" two\", the answer was \"one\", and its finish was not `stop`";
    assert_eq!(native_claims(&misnamed).await, failure(reason));

    let limit = probe(broken(&[Capability::NativeLimit], two_words));
    let reason = "with max_completion_tokens of 1, the answer took 2 tokens";
    assert_eq!(native_claims(&limit).await, failure(reason));

    let one_field = probe(broken(&[Capability::NativeLimit], move |request, context| {
        let cut = play(vec![Ok(text()), Ok(Event::finish(FinishReason::Length))]);
        if request.max_completion_tokens == Some(1) { cut } else { two_words(request, context) }
    }));
    let reason = "with max_tokens of 1, the answer took 2 tokens";
    assert_eq!(native_claims(&one_field).await, failure(reason));

    let mute = probe(broken(&[Capability::NativeLimit], move |request, context| {
        let cut = play(vec![Ok(text()), Ok(finish())]);
        if request.max_completion_tokens == Some(1) { cut } else { two_words(request, context) }
    }));
    let reason = "with max_completion_tokens of 1, the answer was cut, and its finish was not `length`";
    assert_eq!(native_claims(&mute).await, failure(reason));
}

#[tokio::test]
async fn stop_that_changes_the_answer_is_seen() {
    let chat = |request: Request, _| {
        let text = if request.stop.is_some() { "two" } else { "one" };
        play(vec![Ok(Event::text(text)), Ok(finish())])
    };
    let reason = format!("with the stop \"ne\", the answer was \"two\" {ANSWERS_VARY}");
    assert_eq!(native_claims(&probe(broken(&[Capability::NativeStop], chat))).await, failure(&reason));
    let varying = Suite::default().answers_vary();
    assert_eq!(native_claims(&varying.probe(broken(&[Capability::NativeStop], chat))).await, Ok(()));
}
