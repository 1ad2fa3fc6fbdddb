//! What a setting or an option changes in a stream: keep-alive and obfuscation.

use std::time::Duration;

use antiphon_server::Config;
use antiphon_server::config::KeepAlive;
use antiphon_tests::{Request, Scripted, Served, Step, Transcript, ask, ask_model, send, streamed, with};
use serde_json::{Value, json};

use crate::streams::stream;

/// Streams an answer with a silence of 2.5 s in it, at an interval of 1 s.
fn with_silence(keep_alive: KeepAlive, before: &[Step]) -> Transcript {
    let silence = [Step::Sleep(Duration::from_millis(2_500)), Step::text("end"), Step::stop()];
    let backend = Scripted::always([before, &silence].concat());
    let served = Served::configured(backend, |config: &mut Config| {
        config.stream.keep_alive = keep_alive;
        config.stream.keep_alive_interval_s = 1;
    });
    send(served.address(), &Request::chat(&streamed(ask_model("scripted", "go")))).transcript()
}

#[test]
fn wire_09_comments_flow_in_silence() {
    let transcript = with_silence(KeepAlive::Comment, &[Step::text("begin ")]);
    assert_eq!(transcript.text(), "begin end");
    assert!(!transcript.comments.is_empty(), "{transcript:#?}");
    assert!(transcript.comments.iter().all(|comment| comment == "keep-alive"), "{transcript:#?}");
}

#[test]
fn wire_09_comments_flow_before_the_first_token() {
    let transcript = with_silence(KeepAlive::Comment, &[]);
    assert_eq!(transcript.text(), "end");
    assert!(!transcript.comments.is_empty(), "{transcript:#?}");
}

#[test]
fn wire_09_keep_alive_may_be_off() {
    let transcript = with_silence(KeepAlive::Off, &[Step::text("begin ")]);
    assert_eq!(transcript.comments, [""; 0]);
    assert_eq!(transcript.chunks.len(), 4, "role, two texts, finish: {transcript:#?}");
}

#[test]
fn wire_09_keep_alive_may_be_a_chunk_with_an_empty_delta() {
    let transcript = with_silence(KeepAlive::Chunk, &[Step::text("begin ")]);
    assert_eq!(transcript.comments, [""; 0]);
    assert_eq!(transcript.text(), "begin end");
    let role_and_finish_aside = &transcript.choice(0)[1..transcript.choice(0).len() - 1];
    let empty = role_and_finish_aside.iter().filter(|choice| choice["delta"].get("content").is_none());
    for choice in empty.clone() {
        assert_eq!(**choice, json!({"index": 0, "delta": {}, "logprobs": null, "finish_reason": null}));
    }
    assert!(empty.count() > 0, "{transcript:#?}");
}

#[test]
fn wire_11_obfuscation_is_off_by_default_and_on_every_chunk_when_asked_for() {
    let with_options = |options| stream(with(ask("one two"), json!({"stream_options": options})));
    let obfuscated = |chunk: &Value| chunk["obfuscation"].as_str().is_some_and(|text| !text.is_empty());

    for options in [json!({}), json!({"include_obfuscation": false})] {
        let transcript = with_options(options);
        assert!(transcript.chunks.iter().all(|chunk| chunk.get("obfuscation").is_none()), "{transcript:#?}");
    }
    let transcript = with_options(json!({"include_obfuscation": true, "include_usage": true}));
    assert!(transcript.chunks.iter().all(obfuscated), "{transcript:#?}");
}

#[test]
fn wire_11_setting_turns_obfuscation_on_and_a_request_turns_it_off() {
    let backend = Scripted::always([Step::text("one "), Step::stop()]);
    let served = Served::configured(backend, |config| config.stream.obfuscation = true);
    let chunks = |options: Value| {
        let body = with(ask_model("scripted", "go"), json!({"stream_options": options}));
        send(served.address(), &Request::chat(&streamed(body))).transcript().chunks
    };
    assert!(chunks(json!(null)).iter().all(|chunk| chunk["obfuscation"].is_string()));
    let off = chunks(json!({"include_obfuscation": false}));
    assert!(off.iter().all(|chunk| chunk.get("obfuscation").is_none()));
}
