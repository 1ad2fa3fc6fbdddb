//! What a backend gets that implements `chat` alone, and yields texts alone.

use antiphon_backend::{Backend, Context, EventStream, ModelInfo, adapt::text_stream, chat};
use antiphon_server::config::{ModelConfig, Reasoning};
use antiphon_tests::{Request, Served, ask_model, send, streamed, with};
use futures_util::stream;
use serde_json::{Value, json};

use crate::errors::error_of;

/// Thinks, and counts to four.
struct Counter;

impl Backend for Counter {
    fn models(&self) -> Vec<ModelInfo> {
        vec![ModelInfo::new("counter")]
    }

    fn chat(&self, _request: chat::Request, _context: Context) -> EventStream {
        text_stream(stream::iter(["<think>", "hm", "</think>", "one ", "two ", "three ", "four"]))
    }
}

/// The counter, served with what a configuration can say of it.
fn served() -> Served {
    Served::configured(Counter, |config| {
        let mut model = ModelConfig::new("counter");
        model.reasoning = Reasoning::Tags;
        model.completions_by_chat = true;
        config.models.push(model);
    })
}

/// Asks whole and streamed: texts of all choices, their reasons, and the tokens of the answer.
fn check(served: &Served, fields: Value, texts: &[&str], finish: &str, tokens: u64) {
    let body = with(ask_model("counter", "go"), fields);
    let whole = send(served.address(), &Request::chat(&body)).json();
    let usage = json!({"stream_options": {"include_usage": true}});
    let stream = send(served.address(), &Request::chat(&streamed(with(body, usage)))).transcript();
    let choices = whole["choices"].as_array().expect("choices");
    assert_eq!(choices.len(), texts.len(), "{whole}");
    for (index, text) in (0..).zip(texts) {
        let choice = &whole["choices"][index];
        assert_eq!((&choice["message"]["content"], &choice["finish_reason"]), (&json!(text), &json!(finish)));
        assert_eq!(
            (stream.joined(index as u64, "content").as_str(), stream.finishes(index as u64)),
            (*text, vec![finish])
        );
    }
    assert_eq!(whole["usage"]["completion_tokens"], tokens);
    assert_eq!(stream.usages(), [&whole["usage"]]);
}

#[test]
fn what_can_be_done_above_the_backend_is_done() {
    let served = served();
    check(&served, json!({}), &["one two three four"], "stop", 5);
    check(&served, json!({"stop": "two three"}), &["one "], "stop", 2);
    check(&served, json!({"max_completion_tokens": 3}), &["one two "], "length", 3);
    check(&served, json!({"n": 2, "stop": ["three"]}), &["one two ", "one two "], "stop", 6);
    let whole = send(served.address(), &Request::chat(&ask_model("counter", "go"))).json();
    assert_eq!(whole["choices"][0]["message"]["reasoning_content"], "hm");
    assert_eq!(whole["usage"]["completion_tokens_details"]["reasoning_tokens"], 1);
}

#[test]
fn prompts_are_completed_by_chats_where_the_configuration_says_so() {
    let body = json!({"model": "counter", "prompt": ["a ", "b "], "echo": true, "max_tokens": 3});
    let whole = send(served().address(), &Request::completions(&body)).json();
    let texts: Vec<_> = (0..2).map(|index| whole["choices"][index]["text"].clone()).collect();
    assert_eq!(texts, ["a one two ", "b one two "]);
    let plain = send(Served::start(Counter).address(), &Request::completions(&body));
    assert_eq!(error_of(&plain, 404)["param"], "model");
}

#[test]
fn what_cannot_be_done_above_it_is_refused_by_name() {
    let served = served();
    let function = json!([{"type": "function", "function": {"name": "f"}}]);
    let image =
        json!([{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "http://x/y.png"}}]}]);
    for (fields, param) in [
        (json!({"tools": function, "tool_choice": "required"}), "tool_choice"),
        (json!({"response_format": {"type": "json_object"}}), "response_format"),
        (json!({"logprobs": true}), "logprobs"),
        (json!({"messages": image}), "messages[0].content[0].type"),
    ] {
        let body = with(ask_model("counter", "go"), fields);
        assert_eq!(error_of(&send(served.address(), &Request::chat(&body)), 400)["param"], param);
    }
}
