//! Legacy completions: requests, answers, pieces and logprobs.

use antiphon_types::{
    ErrorBody, ErrorType, Object, TextInput, Usage,
    chat::{FinishReason, TokenLogprob, TopLogprob},
    completions::{Choice, Completion, Logprobs, Request, StreamEvent},
};
use serde_json::{Value, json};

use crate::support::{check_lossless, read, refused, write};

/// Every optional field of a request.
const OPTIONAL: &[&str] = &[
    "prompt",
    "suffix",
    "echo",
    "max_tokens",
    "temperature",
    "top_p",
    "n",
    "best_of",
    "stream",
    "stream_options",
    "stop",
    "frequency_penalty",
    "presence_penalty",
    "logit_bias",
    "logprobs",
    "seed",
    "user",
];

fn completion() -> Completion {
    Completion::new("cmpl-1", 1_763_769_600, "echo")
}

#[test]
fn wire_19_null_equals_absent_for_every_option() {
    let minimal: Request = read(r#"{"model": "m"}"#);
    let mut nulls = json!({"model": "m"});
    for option in OPTIONAL {
        nulls[option] = Value::Null;
        assert_eq!(read::<Request>(&format!(r#"{{"model": "m", "{option}": null}}"#)), minimal, "{option}");
    }
    assert_eq!(read::<Request>(&nulls.to_string()), minimal);
    assert_eq!(write(&minimal), r#"{"model":"m"}"#);
}

#[test]
fn wire_18_unknown_fields_survive_at_every_level() {
    check_lossless::<Request>(r#"{"model": "m", "prompt": "a", "x": [1], "stream_options": {"x": 1}}"#);
    check_lossless::<Completion>(
        r#"{"id": "c", "object": "text_completion.v2", "created": 1, "model": "m", "x": {"y": null},
            "choices": [{"text": "a", "index": 0, "finish_reason": "bored", "x": 1, "logprobs":
            {"tokens": [], "token_logprobs": [], "text_offset": [], "x": 1}}]}"#,
    );
}

#[test]
fn setters_set_their_fields() {
    let request = Request::new("m", "a")
        .streaming_with_usage()
        .suffix("z")
        .echo()
        .max_tokens(9)
        .temperature(0.5)
        .top_p(0.25)
        .n(2)
        .best_of(3)
        .stop(["x", "y"])
        .logprobs(4)
        .seed(-1);
    let expected = json!({
        "model": "m", "prompt": "a", "suffix": "z", "echo": true, "max_tokens": 9, "temperature": 0.5,
        "top_p": 0.25, "n": 2, "best_of": 3, "stream": true, "stream_options": {"include_usage": true},
        "stop": ["x", "y"], "logprobs": 4, "seed": -1,
    });
    assert_eq!(read::<Value>(&write(&request)), expected);
    assert_eq!(read::<Request>(&expected.to_string()), request);
    assert!(request.is_streaming() && request.includes_usage() && request.echoes());
    assert_eq!((request.choices(), request.stops()), (2, &["x".to_owned(), "y".to_owned()][..]));
}

#[test]
fn a_plain_request_asks_for_one_whole_choice() {
    let request = Request::new("m", TextInput::from(["a", "b"]));
    assert_eq!(write(&request), r#"{"model":"m","prompt":["a","b"]}"#);
    assert!(!request.is_streaming() && !request.includes_usage() && !request.echoes());
    assert_eq!((request.choices(), request.stops()), (1, &[][..]));
}

#[test]
fn logit_bias_is_written_as_integers_where_whole() {
    let bias = r#"{"model":"m","logit_bias":{"1":-100,"2":0.5}}"#;
    assert_eq!(write(&read::<Request>(bias)), bias);
}

#[test]
fn wrong_types_are_refused() {
    let wrong = |field: &str| refused::<Request>(&format!(r#"{{"model": "m", {field}}}"#));
    assert_eq!(wrong(r#""logprobs": true"#), "invalid type: boolean `true`, expected u32");
    assert_eq!(wrong(r#""max_tokens": -1"#), "invalid value: integer `-1`, expected u64");
    assert_eq!(wrong(r#""prompt": ["a", 1]"#), "invalid type: integer `1`, expected a string");
    assert_eq!(refused::<Request>(r#"{"prompt": "a"}"#), "missing field `model`");
}

#[test]
fn an_echoed_prompt_begins_without_a_logprob() {
    let echoed = r#"{"id": "cmpl-1", "object": "text_completion", "created": 1, "model": "davinci-002", "choices": [
        {"text": "Say it", "index": 0, "finish_reason": "length", "logprobs": {"tokens": ["Say", " it"],
        "token_logprobs": [null, -0.5], "top_logprobs": [null, {" it": -0.5, " that": -1.5}], "text_offset": [0, 3]}}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}}"#;
    let completion: Completion = read(echoed);
    let logprobs = completion.choices[0].logprobs.as_ref().expect("they were asked for");
    assert_eq!(logprobs.token_logprobs, [None, Some(-0.5)]);
    assert_eq!(completion.text(), "Say it");
    check_lossless::<Completion>(echoed);
}

#[test]
fn logprobs_and_finish_reason_are_always_written() {
    for (choice, expected) in [
        (Choice::new(1, "a"), r#"{"text":"a","index":1,"logprobs":null,"finish_reason":null}"#),
        (
            Choice::new(0, "").finish_reason(FinishReason::Length).logprobs(Logprobs::default()),
            r#"{"text":"","index":0,"logprobs":{"tokens":[],"token_logprobs":[],"text_offset":[]},"finish_reason":"length"}"#,
        ),
    ] {
        assert_eq!(write(&choice), expected);
        assert_eq!(read::<Choice>(expected), choice);
    }
}

#[test]
fn wire_05_usage_is_absent_null_or_there() {
    let usage = r#","usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}"#;
    for (usage, expected) in
        [("", None), (r#","usage":null"#, Some(None)), (usage, Some(Some(Usage::new(1, 2))))]
    {
        let json =
            format!(r#"{{"id":"c","object":"text_completion","created":1,"model":"m","choices":[]{usage}}}"#);
        let piece: Completion = read(&json);
        assert_eq!(piece.usage, expected);
        assert_eq!(write(&piece), json);
    }
    assert_eq!(completion().usage(Usage::new(1, 2)).usage, Some(Some(Usage::new(1, 2))));
}

#[test]
fn what_answers_leave_out_is_read() {
    let lean: Completion =
        read(r#"{"id": "cmpl-1", "created": 1763769600.5, "model": "echo", "choices": [{"text": "a"}]}"#);
    assert_eq!(lean, completion().choice(Choice::new(0, "a")));
    assert_eq!(lean.object, Object::TextCompletion);

    for nothing in ["{}", r#"{"text": null, "index": null, "logprobs": null, "finish_reason": null}"#] {
        assert_eq!(read::<Choice>(nothing), Choice::new(0, ""));
    }
    for nothing in
        ["{}", r#"{"tokens": null, "token_logprobs": null, "top_logprobs": null, "text_offset": null}"#]
    {
        assert_eq!(read::<Logprobs>(nothing), Logprobs::default());
    }
}

#[test]
fn the_text_is_that_of_choice_0() {
    let completion = completion().choice(Choice::new(1, "b")).choice(Choice::new(0, "a"));
    assert_eq!(completion.text(), "a");
    assert_eq!(self::completion().text(), "");
}

#[test]
fn tokens_of_chat_become_logprobs() {
    let mut likely = TokenLogprob::new("b", -0.5);
    likely.top_logprobs = vec![TopLogprob::new("b", -0.5), TopLogprob::new("c", -1.5)];
    let mut logprobs = Logprobs::default();
    logprobs.push(TokenLogprob::new("a", -0.25), 3);
    let bare = r#"{"tokens":["a"],"token_logprobs":[-0.25],"text_offset":[3]}"#;
    assert_eq!(write(&logprobs), bare);

    logprobs.push(likely, 4);
    logprobs.push(TokenLogprob::new("d", -0.75), 5);
    assert_eq!(
        write(&logprobs),
        r#"{"tokens":["a","b","d"],"token_logprobs":[-0.25,-0.5,-0.75],"top_logprobs":[null,{"b":-0.5,"c":-1.5},null],"text_offset":[3,4,5]}"#,
    );
}

#[test]
fn an_event_is_a_piece_an_error_or_the_end() {
    // Neither a text nor a field of this name makes it an error.
    let mut piece = completion().choice(Choice::new(0, r#""error" [DONE]"#));
    piece.extra.insert("x".to_owned(), "error".into());
    let error = ErrorBody::new(ErrorType::ServerError, "m");
    for (data, event) in [
        (write(&piece), StreamEvent::Chunk(Box::new(piece.clone()))),
        (format!(r#"{{"error": {}}}"#, write(&error)), StreamEvent::Error(error)),
        (r#"{"error": "m"}"#.to_owned(), StreamEvent::Error(ErrorBody::new(ErrorType::from(""), "m"))),
        ("[DONE]".to_owned(), StreamEvent::Done),
    ] {
        assert_eq!(StreamEvent::parse(&data).expect("an event"), event);
    }
    let refusal = StreamEvent::parse("{}").expect_err("no piece").to_string();
    assert!(refusal.starts_with("missing field `id`"), "{refusal}");
}
