use antiphon_types::{Value, json};

use super::*;

fn names() -> Names {
    Names {
        asked: "fast".to_owned(),
        upstream: "gpt-4o-mini".to_owned(),
        secrets: ["10.0.0.7".to_owned()].into(),
    }
}

fn sent(outgoing: &Outgoing) -> Value {
    serde_json::from_slice(&outgoing.body).expect("a body of JSON")
}

#[test]
fn every_field_goes_on_under_the_upstreams_name() {
    let asked = json!({
        "model": "fast",
        "messages": [{"role": "user", "content": "Hi", "cache_control": {"type": "ephemeral"}}],
        "n": 2, "stop": ["a", "b"], "max_tokens": 7, "top_k": 40, "guided": {"regex": "a+"},
    });
    let outgoing = Outgoing::chat(serde_json::from_value(asked.clone()).unwrap(), names());
    let mut expected = asked;
    expected["model"] = json!("gpt-4o-mini");
    assert_eq!(sent(&outgoing), expected);
    assert_eq!((outgoing.choices, outgoing.is_harmless_twice), (2, true));
}

#[test]
fn stream_is_asked_for_its_usage() {
    let asked = json!({
        "model": "fast", "messages": [], "stream": true,
        "stream_options": {"include_usage": false, "include_obfuscation": false, "tomorrow": 1},
    });
    let sent = sent(&Outgoing::chat(serde_json::from_value(asked).unwrap(), names()));
    let options = json!({"include_usage": true, "include_obfuscation": false, "tomorrow": 1});
    assert_eq!((&sent["stream"], &sent["stream_options"]), (&json!(true), &options));
}

#[test]
fn request_that_is_stored_is_not_sent_twice() {
    let request = json!({"model": "fast", "messages": [], "store": true});
    assert!(!Outgoing::chat(serde_json::from_value(request).unwrap(), names()).is_harmless_twice);
}

#[test]
fn what_is_done_above_is_not_asked_of_the_upstream() {
    let request = || completions::Request::new("fast", "Once").echo().n(3);
    let mut best = request();
    best.best_of = Some(3);
    let sent_to = |echoes| sent(&Outgoing::completion(best.clone(), echoes, names()));
    let mut expected = json!({"model": "gpt-4o-mini", "prompt": "Once", "echo": true, "n": 3});
    assert_eq!(sent_to(true), expected);
    expected.as_object_mut().expect("an object").remove("echo");
    assert_eq!(sent_to(false), expected);
}

#[test]
fn upstreams_names_are_not_told() {
    let told = names().as_asked("The model `gpt-4o-mini` does not exist.");
    assert_eq!(told.as_deref(), Some("The model `fast` does not exist."));
    assert_eq!(names().as_asked("10.0.0.7:8000 is busy"), None);
    let long = Names { asked: "x".repeat(10_000), ..names() };
    let told = long.as_asked(&"gpt-4o-mini ".repeat(5_000));
    assert_eq!(told.map(|told| told.len()), Some(MOST_WORDS));
    let short = Names { upstream: "o1".to_owned(), ..names() };
    assert_eq!(short.as_asked("`o1`: no1 knows 'o1'").as_deref(), Some("`fast`: no1 knows 'fast'"));
}
