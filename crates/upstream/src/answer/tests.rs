use antiphon_types::chat::{TokenLogprob, TopLogprob};
use antiphon_types::json;

use super::*;

fn read(text: &str) -> Answer {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn only_choice(text: &str) -> Choice {
    let Few(mut choices) = read(text).choices.expect("choices");
    assert_eq!(choices.len(), 1);
    choices.pop().expect("one")
}

#[test]
fn chunk_and_whole_answer_are_read_alike() {
    for message in ["delta", "message"] {
        let mut choice = only_choice(&format!(
            r#"{{"id": "a", "object": "b", "created": 1.5, "model": "m", "choices": [
                {{"index": 2, "{message}": {{"role": "assistant", "content": "Hé", "citations": [1]}},
                  "logprobs": null, "finish_reason": "stop", "stop_reason": null, "seed": 7}}], "usage": null}}"#
        ));
        assert_eq!((choice.index, choice.message.content.as_deref()), (Some(2), Some("Hé")));
        assert_eq!(choice.finish_reason, Some(FinishReason::Stop));
        assert_eq!(json!(choice.others.take()), json!({"seed": 7}));
        assert_eq!(json!(choice.message.others.take()), json!({"citations": [1]}));
    }
}

#[test]
fn what_is_not_known_is_kept_unless_it_is_null() {
    let mut answer = read(
        r#"{"system_fingerprint": null, "tier": "fp", "service_tier": null, "obfuscation": "x", "choices": [], "x": {"y": [null]},
            "usage": {"prompt_tokens": 1, "completion_tokens": 2, "cost": 3}}"#,
    );
    assert_eq!(json!(answer.others.take()), json!({"tier": "fp", "x": {"y": [null]}}));
    let usage = answer.usage.expect("usage");
    assert_eq!((usage.total_tokens, json!(usage.extra)), (3, json!({"cost": 3})));
}

#[test]
fn usage_without_counts_is_none() {
    for usage in ["{}", r#"{"prompt_tokens": null}"#, r#"{"prompt_tokens": -1, "completion_tokens": 0}"#, "7"]
    {
        let answer = read(&format!(r#"{{"choices": [], "usage": {usage}}}"#));
        assert!(answer.usage.is_none(), "{usage}");
    }
}

#[test]
fn errors_are_seen_in_both_forms() {
    for text in [r#"{"error": {"message": "no"}}"#, r#"{"error": "no"}"#, r#"{"object": "error"}"#] {
        assert!(read(text).has_error, "{text}");
    }
    assert!(!read(r#"{"error": null, "object": "chat.completion.chunk", "choices": []}"#).has_error);
}

#[test]
fn arguments_may_be_an_object() {
    let choice = only_choice(
        r#"{"choices": [{"message": {"content": null, "tool_calls": [
            {"id": "c", "type": "function", "function": {"name": "f", "arguments": {"b": 1, "a": 2}}}]}}]}"#,
    );
    let function =
        choice.message.tool_calls.as_ref().expect("calls").0[0].function.as_ref().expect("a function");
    assert_eq!(function.arguments.as_deref(), Some(r#"{"b":1,"a":2}"#));
}

#[test]
fn content_may_be_in_parts() {
    let choice = only_choice(
        r#"{"choices": [{"message": {"content": [{"type": "text", "text": "a"}, {"type": "x"}, {"text": "b"}]}}]}"#,
    );
    assert_eq!(choice.message.content.as_deref(), Some("ab"));
}

#[test]
fn log_probabilities_are_read_in_both_forms() {
    let of = |logprobs: &str| {
        let mut choice = only_choice(&format!(r#"{{"choices": [{{"logprobs": {logprobs}}}]}}"#));
        choice.logprobs.as_mut().and_then(|logprobs| logprobs.of_text())
    };
    let mut expected = TokenLogprob::new("a", -0.5);
    assert_eq!(
        of(r#"{"content": [{"token": "a", "logprob": -0.5, "bytes": [97]}]}"#),
        Some(vec![expected.clone()])
    );
    let legacy = r#"{"tokens": ["a"], "token_logprobs": [-0.5], "text_offset": [9],
        "top_logprobs": [{"b": -1.0, "a": -0.5}]}"#;
    expected.top_logprobs = vec![TopLogprob::new("a", -0.5), TopLogprob::new("b", -1.0)];
    assert_eq!(of(legacy), Some(vec![expected]));
    assert_eq!(of(r#"{"tokens": [], "token_logprobs": []}"#), None);
    assert_eq!(
        of(r#"{"tokens": ["a"], "token_logprobs": [null]}"#),
        Some(vec![TokenLogprob::new("a", -9_999.0)])
    );
}

#[test]
fn what_is_no_answer_is_refused() {
    for text in ["", "[]", "<html>", r#"{"choices": 1}"#, r#"{"choices": [{"delta": {"content": 1}}]}"#] {
        assert!(serde_json::from_str::<Answer>(text).is_err(), "{text}");
    }
}

#[test]
fn lists_are_bounded() {
    let choices = |count| format!(r#"{{"choices": [{}]}}"#, vec!["{}"; count].join(","));
    assert!(serde_json::from_str::<Answer>(&choices(1_024)).is_ok());
    assert!(serde_json::from_str::<Answer>(&choices(1_025)).is_err());
}
