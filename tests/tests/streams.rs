//! What a chat stream looks like on the wire.

use std::sync::Arc;

use antiphon_backend::{Capability, Event, ModelInfo};
use antiphon_tests::{
    Antiphon, Connection, Head, Request, Scripted, Served, Step, Transcript, ask, ask_model, send, streamed,
    with,
};
use serde_json::{Value, json};
use tokio::sync::Notify;

/// Streams a chat from a fresh `antiphon`.
pub(crate) fn stream(body: Value) -> Transcript {
    send(Antiphon::start().address(), &Request::chat(&streamed(body))).transcript()
}

/// Streams from a backend that gives every request these steps.
pub(crate) fn scripted(steps: impl Into<Vec<Step>>) -> Transcript {
    let served = Served::start(Scripted::always(steps));
    send(served.address(), &Request::chat(&streamed(ask_model("scripted", "go")))).transcript()
}

fn assert_stream_headers(head: &Head) {
    assert_eq!(head.status, 200);
    assert_eq!(head.header("content-type"), Some("text/event-stream; charset=utf-8"));
    assert_eq!(head.header("cache-control"), Some("no-cache"));
    assert_eq!(head.header("x-accel-buffering"), Some("no"));
    assert_eq!(head.header("content-encoding"), None);
}

#[test]
fn wire_01_body_alone_chooses_a_stream_with_its_headers() {
    let antiphon = Antiphon::start();
    for accept in ["application/json", "*/*", "text/event-stream", "text/html;q=0.1"] {
        let request = |body: &Value| {
            Request::chat(body).header("accept", accept).header("accept-encoding", "gzip, deflate, br, zstd")
        };
        assert_stream_headers(&send(antiphon.address(), &request(&streamed(ask("hello")))).head);

        let whole = send(antiphon.address(), &request(&ask("hello")));
        assert_eq!(whole.status(), 200);
        assert_eq!(whole.header("content-type"), Some("application/json"), "accept: {accept}");
        assert_eq!(whole.header("content-encoding"), None);
    }
    assert_stream_headers(&send(antiphon.address(), &Request::chat(&streamed(ask("no accept")))).head);
}

#[test]
fn wire_02_all_chunks_share_id_created_and_model() {
    let transcript = stream(with(ask_model("any-name-at-all", "one two three"), json!({"n": 2})));
    let envelope = |chunk: &Value| {
        (chunk["id"].clone(), chunk["created"].clone(), chunk["model"].clone(), chunk["object"].clone())
    };
    let first = envelope(&transcript.chunks[0]);
    assert!(first.0.as_str().is_some_and(|id| id.starts_with("chatcmpl-") && id.len() > 16), "{first:?}");
    assert!(first.1.as_u64().is_some_and(|seconds| seconds > 1_700_000_000), "{first:?}");
    assert_eq!(first.2, "any-name-at-all");
    assert_eq!(first.3, "chat.completion.chunk");
    for chunk in &transcript.chunks {
        assert_eq!(envelope(chunk), first);
    }
}

#[test]
fn wire_02_two_answers_have_two_ids() {
    let antiphon = Antiphon::start();
    let id = || send(antiphon.address(), &Request::chat(&ask("hello"))).json()["id"].clone();
    assert_ne!(id(), id());
}

#[test]
fn wire_03_role_stands_in_the_first_delta_of_each_choice_and_only_there() {
    let transcript = stream(with(ask("one two three"), json!({"n": 3})));
    for index in 0..3 {
        let deltas: Vec<&Value> = transcript.choice(index).iter().map(|choice| &choice["delta"]).collect();
        assert_eq!(*deltas[0], json!({"role": "assistant", "content": "", "refusal": null}));
        assert!(deltas[1..].iter().all(|delta| delta.get("role").is_none()), "{deltas:?}");
    }
}

#[test]
fn wire_04_finish_reason_is_null_until_the_end_and_then_has_its_index() {
    let transcript = stream(with(ask("one two three"), json!({"n": 2, "max_tokens": 5})));
    for index in 0..2 {
        let reasons: Vec<&Value> = transcript
            .choice(index)
            .iter()
            .map(|choice| choice.get("finish_reason").expect("the key is on every choice"))
            .collect();
        let (last, before) = reasons.split_last().expect("a choice has chunks");
        assert_eq!(**last, json!("length"));
        assert!(before.iter().all(|reason| reason.is_null()), "{reasons:?}");
        let end = transcript.choice(index).last().map(|choice| choice["delta"].clone());
        assert_eq!(end, Some(json!({})));
    }
}

#[test]
fn wire_05_usage_chunk_only_if_asked() {
    for options in [json!(null), json!({}), json!({"include_usage": false}), json!({"include_usage": null})] {
        let transcript = stream(with(ask("one two"), json!({"stream_options": options})));
        for chunk in &transcript.chunks {
            assert!(chunk.get("usage").is_none(), "{options}: {chunk}");
            assert_ne!(chunk["choices"], json!([]), "{options}");
        }
    }
}

#[test]
fn wire_05_usage_chunk_stands_last_and_the_others_have_null() {
    let options = json!({"stream_options": {"include_usage": true}, "n": 2, "max_completion_tokens": 4});
    let transcript = stream(with(ask("one two three"), options));
    let (last, before) = transcript.chunks.split_last().expect("chunks");
    assert_eq!(last["choices"], json!([]));
    assert_eq!(last["usage"]["prompt_tokens"], 10);
    assert_eq!(last["usage"]["completion_tokens"], 8, "the tokens of both choices are summed");
    assert_eq!(last["usage"]["total_tokens"], 18);
    for chunk in before {
        assert_eq!(chunk.get("usage"), Some(&Value::Null));
        assert_ne!(chunk["choices"], json!([]));
    }
    assert_eq!(before.iter().filter(|chunk| !chunk["choices"][0]["finish_reason"].is_null()).count(), 2);
}

#[test]
fn wire_06_no_character_is_cut_at_a_token_border() {
    let text = "naïve 日本語 👩‍👩‍👧‍👦 e\u{301} \u{2028}\u{2029}\u{85} \"\\\n\t\r\u{0} end";
    let echoed = stream(ask(text)).text();
    assert!(echoed.ends_with(text), "{echoed:?}");

    let letters: Vec<Step> = text.chars().map(|letter| Step::text(&letter.to_string())).collect();
    let transcript = scripted([letters.clone(), vec![Step::stop()]].concat());
    assert_eq!(transcript.text(), text);
    assert_eq!(transcript.choice(0).len(), letters.len() + 2, "one chunk a token, between role and finish");
}

#[test]
fn wire_06_escaped_surrogate_pairs_are_read_as_one_character() {
    let body =
        r#"{"model":"echo","stream":true,"messages":[{"role":"user","content":"\ud83d\ude00 \u00e9"}]}"#;
    let request =
        Request::new("POST", "/v1/chat/completions").header("content-type", "application/json").body(body);
    let response = send(Antiphon::start().address(), &request);
    assert!(response.transcript().text().ends_with("😀 é"));
}

#[test]
fn wire_10_frames_are_one_data_line_and_a_blank_line() {
    let response = send(Antiphon::start().address(), &Request::chat(&streamed(ask("one\ntwo"))));
    let body = response.text();
    let frames: Vec<&str> = body.split_terminator("\n\n").collect();
    assert!(frames.iter().all(|frame| frame.starts_with("data: ") && frame.len() > 6), "{body}");
    assert_eq!(frames.last(), Some(&"data: [DONE]"));
    assert_eq!(body.matches("[DONE]").count(), 1);
    assert!(!body.contains('\r'), "{body:?}");
}

#[test]
fn wire_12_choices_interleave_each_with_its_own_role_and_finish() {
    let transcript = stream(with(ask("one two three"), json!({"n": 3})));
    let order: Vec<u64> =
        transcript.chunks.iter().filter_map(|chunk| chunk["choices"][0]["index"].as_u64()).collect();
    let first_seen: Vec<usize> =
        (0..3).filter_map(|index| order.iter().position(|seen| *seen == index)).collect();
    assert!(first_seen.is_sorted() && first_seen.len() == 3, "indexes first appear in order: {order:?}");
    let first_end = order.iter().rposition(|index| *index == 0).expect("choice 0 ends");
    assert!(first_seen[2] < first_end, "the last choice begins before the first one ends: {order:?}");

    for index in 0..3 {
        assert_eq!(transcript.joined(index, "content"), transcript.text());
        assert_eq!(transcript.finishes(index), ["stop"]);
    }
    assert!(
        transcript.chunks.iter().all(|chunk| chunk["choices"].as_array().is_some_and(|all| all.len() == 1))
    );
}

#[test]
fn wire_12_choices_of_the_backend_itself_keep_their_texts() {
    let step = |event: Event, choice: u32| Step::Event(event.at(choice));
    let end = || Event::finish(antiphon_types::chat::FinishReason::Stop);
    let steps = [
        step(Event::text("a"), 0),
        step(Event::text("x"), 1),
        step(end(), 0),
        step(Event::text("y"), 1),
        step(end(), 1),
    ];
    let model = ModelInfo::new("scripted").with(Capability::NativeChoices);
    let served = Served::start(Scripted::always(steps).models([model]));
    let body = streamed(with(ask_model("scripted", "go"), json!({"n": 2})));
    let transcript = send(served.address(), &Request::chat(&body)).transcript();
    assert_eq!((transcript.joined(0, "content"), transcript.joined(1, "content")), ("a".into(), "xy".into()));
    assert_eq!((transcript.finishes(0), transcript.finishes(1)), (vec!["stop"], vec!["stop"]));
}

#[test]
fn token_is_sent_while_the_next_one_is_awaited() {
    let gate = Arc::new(Notify::new());
    let steps = [Step::text("one "), Step::Wait(Arc::clone(&gate)), Step::text("two"), Step::stop()];
    let served = Served::start(Scripted::always(steps));
    let mut connection = Connection::open(served.address());
    connection.send(&Request::chat(&streamed(ask_model("scripted", "go"))).bytes());
    assert_stream_headers(&connection.head());
    let mut body = Vec::new();
    while !String::from_utf8_lossy(&body).contains("one ") {
        body.extend(connection.chunk().expect("the stream goes on"));
    }
    gate.notify_one();
    while let Some(chunk) = connection.chunk() {
        body.extend(chunk);
    }
    assert_eq!(Transcript::read(&body).text(), "one two");
}

#[test]
fn refusal_streams_in_its_own_field() {
    let transcript =
        scripted([Step::Event(Event::refusal("no ")), Step::Event(Event::refusal("way")), Step::stop()]);
    assert_eq!(transcript.joined(0, "refusal"), "no way");
    assert_eq!(transcript.text(), "");
}
