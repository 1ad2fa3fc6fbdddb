//! Legacy completions on the wire, whole and streamed.

mod logprobs;
mod properties;
mod refusals;

use std::time::Duration;

use antiphon_backend::{Capability, Event, ModelInfo};
use antiphon_server::config::KeepAlive;
use antiphon_tests::{
    Antiphon, Request, Response, Schemas, Scripted, Served, Step, Transcript, prompt, send, streamed, with,
};
use antiphon_types::{TextInput, chat};
use serde_json::{Value, json};

use crate::errors::{assert_error, error_of};
use crate::failures::overloaded;

/// A backend that answers a prompt with it in capitals, a word a token.
pub(crate) fn shouting() -> Scripted {
    Scripted::completing(|request| {
        let text = match &request.prompt {
            Some(TextInput::Text(text)) => text.to_uppercase(),
            other => format!("{other:?}"),
        };
        text.split_inclusive(' ').map(Step::text).chain([Step::stop()]).collect()
    })
}

/// A whole answer of status 200, valid by OpenAI's schema.
pub(crate) fn whole(response: &Response) -> Value {
    assert_eq!(response.status(), 200, "{}", response.text());
    let answer = response.json();
    if let Some(schemas) = Schemas::get() {
        schemas.check("CreateCompletionResponse", &answer);
    }
    answer
}

/// Asks a backend, whole and streamed with the usage.
pub(crate) fn both(served: &Served, body: &Value) -> (Value, Transcript) {
    let answer = whole(&send(served.address(), &Request::completions(body)));
    let options = json!({"stream_options": {"include_usage": true}});
    let request = Request::completions(&streamed(with(body.clone(), options)));
    (answer, send(served.address(), &request).pieces())
}

/// Replaces what differs from answer to answer, once it is what it must be.
fn settled(mut value: Value) -> Value {
    assert!(value["id"].as_str().is_some_and(|id| id.starts_with("cmpl-") && id.len() == 34), "{value}");
    assert!(value["created"].as_u64().is_some_and(|seconds| seconds > 1_700_000_000), "{value}");
    value["id"] = json!("cmpl-1");
    value["created"] = json!(1);
    value
}

#[test]
fn prompt_is_continued_whole() {
    let served = Served::start(shouting().prompt_tokens(2));
    for path in ["/v1/completions", "/completions", "//v1/completions/"] {
        let answer = send(served.address(), &Request::new("POST", path).json(&prompt("say it")));
        assert_eq!(answer.header("content-type"), Some("application/json"));
        assert_eq!(
            settled(whole(&answer)),
            json!({
                "id": "cmpl-1", "object": "text_completion", "created": 1, "model": "scripted",
                "choices": [{"text": "SAY IT", "index": 0, "logprobs": null, "finish_reason": "stop"}],
                "usage": {"prompt_tokens": 2, "completion_tokens": 2, "total_tokens": 4},
            })
        );
    }
}

#[test]
fn prompt_is_continued_in_pieces() {
    let served = Served::start(shouting().prompt_tokens(2));
    let piece = |text: &str, finish: Value| {
        json!({
            "id": "cmpl-1", "object": "text_completion", "created": 1, "model": "scripted",
            "choices": [{"text": text, "index": 0, "logprobs": null, "finish_reason": finish}],
        })
    };
    let mut expected = [piece("SAY ", Value::Null), piece("IT", Value::Null), piece("", json!("stop"))];
    for options in [json!(null), json!({}), json!({"include_usage": false, "include_obfuscation": false})] {
        let body = with(streamed(prompt("say it")), json!({"stream_options": options}));
        let response = send(served.address(), &Request::completions(&body));
        assert_eq!(response.header("content-type"), Some("text/event-stream; charset=utf-8"));
        let pieces: Vec<Value> = response.pieces().chunks.into_iter().map(settled).collect();
        assert_eq!(pieces, expected);
    }

    let body = with(streamed(prompt("say it")), json!({"stream_options": {"include_usage": true}}));
    let mut pieces = send(served.address(), &Request::completions(&body)).pieces().chunks;
    assert!(
        pieces.iter().all(|piece| piece["id"] == pieces[0]["id"] && piece["created"] == pieces[0]["created"])
    );
    let last = settled(pieces.pop().expect("a piece with the usage"));
    let usage = json!({"prompt_tokens": 2, "completion_tokens": 2, "total_tokens": 4});
    assert_eq!((&last["choices"], &last["usage"]), (&json!([]), &usage));
    for piece in &mut expected {
        piece["usage"] = Value::Null;
    }
    assert_eq!(pieces.into_iter().map(settled).collect::<Vec<_>>(), expected);
}

#[test]
fn choices_are_numbered_prompt_by_prompt() {
    let served = Served::start(shouting());
    let (answer, stream) = both(&served, &with(prompt(json!(["a", "b", "c"])), json!({"n": 2})));
    let choices = answer["choices"].as_array().expect("choices");
    assert_eq!(choices.iter().map(|choice| &choice["index"]).collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5]);
    assert_eq!(
        choices.iter().map(|choice| &choice["text"]).collect::<Vec<_>>(),
        ["A", "A", "B", "B", "C", "C"]
    );
    for (index, text) in (0..).zip(["A", "A", "B", "B", "C", "C"]) {
        assert_eq!((stream.joined_texts(index).as_str(), stream.finishes(index)), (text, vec!["stop"]));
    }
}

#[test]
fn prompt_may_be_absent_null_or_tokens() {
    let served = Served::start(shouting());
    let text = |body: Value| both(&served, &body).0["choices"][0]["text"].clone();
    assert_eq!(text(json!({"model": "scripted"})), "");
    assert_eq!(text(prompt(Value::Null)), "");
    assert_eq!(text(prompt(json!([7, 8]))), "Some(Tokens([7, 8]))");
    let (answer, _) = both(&served, &prompt(json!([[7], [8, 9]])));
    let texts = [&answer["choices"][0]["text"], &answer["choices"][1]["text"]];
    assert_eq!(texts, ["Some(Tokens([7]))", "Some(Tokens([8, 9]))"]);
}

#[test]
fn answer_has_16_tokens_where_the_request_does_not_say() {
    let served = Served::start(shouting());
    let words = "w ".repeat(20);
    let (answer, stream) = both(&served, &prompt(words.as_str()));
    assert_eq!(answer["choices"][0]["text"], "W ".repeat(16));
    assert_eq!(answer["choices"][0]["finish_reason"], "length");
    assert_eq!(answer["usage"]["completion_tokens"], 16);
    assert_eq!((stream.joined_texts(0), stream.finishes(0)), ("W ".repeat(16), vec!["length"]));
    let (answer, _) = both(&served, &with(prompt(words.as_str()), json!({"max_tokens": 0})));
    assert_eq!(
        (&answer["choices"][0]["text"], &answer["choices"][0]["finish_reason"]),
        (&json!(""), &json!("length"))
    );
}

#[test]
fn echo_begins_each_choice_with_its_prompt() {
    let served = Served::start(shouting());
    let fields = json!({"echo": true, "n": 2, "stop": "ey", "max_tokens": 1});
    let (answer, stream) = both(&served, &with(prompt(json!(["say ", "hey "])), fields));
    for (index, text) in (0..).zip(["say SAY ", "say SAY ", "hey HEY ", "hey HEY "]) {
        let choice = &answer["choices"][usize::try_from(index).expect("few choices")];
        assert_eq!((&choice["text"], &json!(stream.joined_texts(index))), (&json!(text), &json!(text)));
    }
}

#[test]
fn suffix_and_rarer_options_reach_the_backend() {
    let served = Served::start(Scripted::completing(|request| {
        let seen = (request.suffix.as_deref(), request.seed, request.user.as_deref(), request.temperature);
        vec![Step::text(&format!("{seen:?} {}", request.extra["top_k"])), Step::stop()]
    }));
    let fields =
        json!({"suffix": "end", "seed": 7, "user": "u", "temperature": 0.5, "top_k": 40, "logit_bias": null});
    let (answer, _) = both(&served, &with(prompt("p"), fields));
    assert_eq!(answer["choices"][0]["text"], r#"(Some("end"), Some(7), Some("u"), Some(0.5)) 40"#);
}

#[test]
fn chat_stands_in_for_prompts_where_the_model_says_so() {
    let script = |request: &chat::Request| {
        let text = format!("{}: {}", request.messages[0].role(), request.messages[0].text());
        vec![Step::Event(Event::reasoning("hm")), Step::text(&text), Step::stop()]
    };
    let model = ModelInfo::new("scripted").with(Capability::CompletionsByChat);
    let served = Served::start(Scripted::new(script).models([model]));
    let (answer, stream) = both(&served, &with(prompt(json!(["a", "b"])), json!({"echo": true})));
    assert_eq!(answer["choices"][1]["text"], "buser: b");
    assert_eq!((stream.joined_texts(0), stream.joined_texts(1)), ("auser: a".into(), "buser: b".into()));
}

#[test]
fn fingerprint_of_the_model_is_told_where_there_is_one() {
    let model = ModelInfo::new("scripted").with(Capability::Completions).system_fingerprint("fp_7");
    let served = Served::start(shouting().models([model]));
    let (answer, stream) = both(&served, &prompt("a"));
    assert_eq!(answer["system_fingerprint"], "fp_7");
    assert!(stream.chunks.iter().all(|piece| piece["system_fingerprint"] == "fp_7"));
}

#[test]
fn obfuscation_is_on_no_piece_even_where_asked_for() {
    let served = Served::start(shouting());
    let asked = json!({"stream_options": {"include_obfuscation": true, "include_usage": true}});
    let body = with(streamed(prompt("say it")), asked);
    let pieces = send(served.address(), &Request::completions(&body)).pieces().chunks;
    assert!(!pieces.is_empty() && pieces.iter().all(|piece| piece.get("obfuscation").is_none()));
}

#[test]
fn wire_09_keep_alive_may_be_a_piece_without_text() {
    let steps = [Step::Sleep(Duration::from_millis(2_500)), Step::text("end"), Step::stop()];
    let backend = Scripted::completing(move |_| steps.to_vec());
    let served = Served::configured(backend, |config| {
        config.stream.keep_alive = KeepAlive::Chunk;
        config.stream.keep_alive_interval_s = 1;
    });
    let stream = send(served.address(), &Request::completions(&streamed(prompt("p")))).pieces();
    let nothing = json!({"text": "", "index": 0, "logprobs": null, "finish_reason": null});
    assert_eq!((stream.choice(0)[0], stream.joined_texts(0).as_str()), (&nothing, "end"));
}

#[test]
fn wire_08_failures_have_their_status_or_their_event() {
    let failing = |steps: Vec<Step>| Served::start(Scripted::completing(move |_| steps.clone()));
    let first = failing(vec![Step::Fail(overloaded)]);
    for body in [prompt("p"), streamed(prompt("p")), prompt(json!(["p", "q"]))] {
        let error = error_of(&send(first.address(), &Request::completions(&body)), 503);
        assert_error(&error, "service_unavailable_error", None, Some("server_is_overloaded"));
    }
    let later = failing(vec![Step::text("one "), Step::Fail(overloaded)]);
    assert_eq!(send(later.address(), &Request::completions(&prompt("p"))).status(), 503);
    let stream = send(later.address(), &Request::completions(&streamed(prompt("p")))).pieces();
    assert_eq!((stream.joined_texts(0).as_str(), stream.finishes(0)), ("one ", vec![]));
    let [error] = stream.errors.as_slice() else { panic!("{stream:#?}") };
    assert_error(error, "service_unavailable_error", None, Some("server_is_overloaded"));
    let panicking = failing(vec![Step::text("one "), Step::Panic("secret reason")]);
    assert_eq!(send(panicking.address(), &Request::completions(&prompt("p"))).status(), 500);
}

#[test]
fn method_of_the_path_is_post_alone() {
    let antiphon = Antiphon::start();
    for path in ["/v1/completions", "/v1/embeddings"] {
        let response = send(antiphon.address(), &Request::get(path));
        let error = error_of(&response, 405);
        assert_error(&error, "invalid_request_error", None, None);
        assert_eq!(response.header("allow"), Some("POST"));
    }
}
