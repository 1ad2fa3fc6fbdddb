use antiphon_types::{Value, json};
use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::events::Events;
use crate::incoming::read;

fn chunk(text: &str) -> String {
    json!({"id": "a", "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": null}]})
        .to_string()
}

/// What the second chunk is read as, once the first was learnt from.
fn check(first: &str, second: &str, expected: Option<(u32, &str)>) {
    let mut alike = Alike::default();
    let mut events = Events::new(2);
    read(first.as_bytes(), &mut events, &mut alike).expect("a chunk");
    assert_eq!(alike.text(second.as_bytes()), expected, "{first} {second}");
}

#[test]
fn chunk_that_differs_in_its_text_is_read_by_that() {
    check(&chunk("a"), &chunk("b c é"), Some((0, "b c é")));
    check(&chunk("a"), &chunk(""), Some((0, "")));
    let spaced =
        |text: &str| format!(r#"{{"choices": [ {{"delta": {{"content" : "{text}"}}, "index": 1}} ]}}"#);
    check(&spaced("a"), &spaced("b"), Some((1, "b")));
    let completion = |text: &str| json!({"choices": [{"text": text, "index": 0}]}).to_string();
    check(&completion("a"), &completion("b"), Some((0, "b")));
}

#[test]
fn chunk_that_differs_in_more_is_read_whole() {
    check(&chunk("a"), &chunk("b").replace("null", "\"stop\""), None);
    check(&chunk("a"), &chunk("say \"b\""), None);
    check(&chunk("a"), &chunk("line\n"), None);
    check(&chunk("line\n"), &chunk("b"), None);
    check(&chunk("a"), &chunk("b").replace("\"a\"", "\"b\""), None);
    check(&chunk("a"), "{", None);
    let with = |fields: Value| json!({"choices": [{"delta": {"content": "a"}}], "x": fields}).to_string();
    check(&with(json!(1)), &with(json!(1)), None);
    // Usage that comes with every chunk is told once, and is that of the last.
    let usage = json!({"choices": [{"delta": {"content": "a"}}], "usage": {"prompt_tokens": 1, "completion_tokens": 1}});
    check(&usage.to_string(), &usage.to_string(), None);
    // Some of these are no chunk of a text alone: a key that ends like it, a second key, a reason.
    let escaped = r#"{"choices": [{"delta": {"content": "a"}, "seed\"content": null}]}"#;
    check(escaped, escaped, None);
}

#[test]
fn server_that_varies_its_chunks_is_compared_no_more() {
    let mut alike = Alike::default();
    for _ in 0..=MOST_MISSES {
        alike.learn(chunk("a").as_bytes(), 0, "a");
    }
    assert_eq!(alike.text(chunk("b").as_bytes()), None);
}

/// A chunk of any of the forms that a stream mixes.
fn any_chunk() -> impl Strategy<Value = Value> {
    let text = || prop_oneof!["[a-c]{0,3}", "\\PC{0,4}", Just("\"content\":\"".to_owned())];
    let one = |choice: Value| json!({"id": "x", "choices": [choice]});
    prop_oneof![
        8 => (0..2_u32, text()).prop_map(move |(index, text)| one(json!({"index": index, "delta": {"content": text}}))),
        1 => text().prop_map(move |text| one(json!({"delta": {"reasoning_content": text}}))),
        1 => text().prop_map(move |text| one(json!({"text": text}))),
        1 => (text(), text()).prop_map(move |(text, other)| one(json!({"delta": {"content": text, "refusal": other}}))),
        1 => (text(), text()).prop_map(move |(text, other)| one(json!({"delta": {"content": text}, "x": {"content": other}}))),
        1 => (text(), 0..3_u32).prop_map(|(text, usage)| json!({"choices": [{"delta": {"content": text}}],
            "usage": {"prompt_tokens": 1, "completion_tokens": usage}})),
        1 => (0..2_u32).prop_map(move |index| one(json!({"index": index, "delta": {}, "finish_reason": "stop"}))),
    ]
}

proptest! {
    #[test]
    fn chunks_are_read_as_if_each_were_read_whole(chunks in vec(any_chunk(), 0..24)) {
        let (mut compared, mut whole) = (Events::new(2), Events::new(2));
        let mut alike = Alike::default();
        for chunk in &chunks {
            let json = chunk.to_string();
            read(json.as_bytes(), &mut compared, &mut alike).expect("a chunk");
            read(json.as_bytes(), &mut whole, &mut Alike::default()).expect("a chunk");
        }
        prop_assert_eq!(format!("{compared:?}"), format!("{whole:?}"));
    }
}
