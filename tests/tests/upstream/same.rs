//! The same request, asked through a first Antiphon and of the second directly, has the same answer.

use antiphon_tests::{Request, Response, Transcript, send, streamed, with};
use serde_json::{Value, json};

use super::chain;

/// The answers to a request, through the chain and directly.
fn both(request: fn(&Value) -> Request, body: &Value) -> [Response; 2] {
    let chain = chain();
    let asking = |model: &str| request(&with(body.clone(), json!({"model": model})));
    let answers =
        [send(chain.first.address(), &asking("fast")), send(chain.second.address(), &asking("echo"))];
    for answer in &answers {
        assert_eq!(answer.status(), 200, "{}", answer.text());
    }
    answers
}

/// What two answers to the same request have in common: all but ids, times and the model's name.
fn essence(mut value: Value) -> Value {
    match &mut value {
        Value::Object(fields) => {
            fields.retain(|name, _| !["id", "created", "model"].contains(&&**name));
            fields.values_mut().for_each(|field| *field = essence(field.take()));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| *item = essence(item.take())),
        _ => {}
    }
    value
}

fn check_whole(request: fn(&Value) -> Request, body: &Value) -> Value {
    let [through, direct] = both(request, body).map(|answer| essence(answer.json()));
    assert_eq!(through, direct, "{body}");
    through
}

/// Compares chunk for chunk, choice by choice.
fn check_streamed(request: fn(&Value) -> Request, body: &Value) -> Transcript {
    let body = with(streamed(body.clone()), json!({"stream_options": {"include_usage": true}}));
    let [through, direct] = both(request, &body).map(|answer| Transcript::read(&answer.body));
    let essences = |transcript: &Transcript| {
        let mut chunks: Vec<_> = transcript.chunks.iter().cloned().map(essence).collect();
        // Several prompts are answered at the same time: each choice has its order, and there is none between them.
        chunks.sort_by_key(|chunk| chunk["choices"][0]["index"].as_u64().unwrap_or(u64::MAX));
        chunks
    };
    assert_eq!(essences(&through), essences(&direct), "{body}");
    assert_eq!(through.errors.len(), 0);
    through
}

/// Asks for a chat whole and streamed, and compares both with each other too.
fn check_chat(body: &Value) {
    let body = with(json!({"messages": [{"role": "user", "content": "one two three four"}]}), body.clone());
    let whole = check_whole(Request::chat, &body);
    let transcript = check_streamed(Request::chat, &body);
    for choice in whole["choices"].as_array().expect("choices") {
        let index = choice["index"].as_u64().expect("an index");
        let content = choice["message"]["content"].as_str().unwrap_or_default();
        assert_eq!(transcript.joined(index, "content"), content, "{body}");
        assert_eq!(transcript.finishes(index), [choice["finish_reason"].as_str().expect("a reason")]);
    }
    assert_eq!(transcript.usages(), [&whole["usage"]]);
}

#[test]
fn chats_are_the_same_whole_and_streamed() {
    check_chat(&json!({}));
    check_chat(&json!({"n": 3}));
    check_chat(&json!({"logprobs": true, "top_logprobs": 2}));
    check_chat(&json!({"logprobs": true, "n": 2}));
    check_chat(&json!({"stop": ["three", "zebra"]}));
    check_chat(&json!({"max_completion_tokens": 5}));
    check_chat(
        &json!({"messages": [{"role": "user", "content": "\u{1f980} é \"quoted\" \u{2028}\n\r\tend"}]}),
    );
}

fn tool(name: &str) -> Value {
    let parameters = json!({"type": "object", "properties": {"b": {"type": "string"}, "a": {"type": "integer"}},
        "required": ["b", "a"]});
    json!({"type": "function", "function": {"name": name, "parameters": parameters}})
}

#[test]
fn tools_are_called_through_it() {
    let tools = json!([tool("weather"), tool("time")]);
    check_chat(&json!({"tools": tools, "tool_choice": "required"}));
    check_chat(
        &json!({"tools": tools, "tool_choice": {"type": "function", "function": {"name": "time"}}, "n": 2}),
    );
    let both = json!([{"role": "user", "content": "call weather and time"}]);
    check_chat(&json!({"tools": tools, "messages": both}));
    let custom = json!([{"type": "custom", "custom": {"name": "shell"}}]);
    check_chat(&json!({"tools": custom, "tool_choice": {"type": "custom", "custom": {"name": "shell"}}}));
    let function = tool("weather")["function"].clone();
    check_chat(&json!({"functions": [function], "function_call": {"name": "weather"}}));
}

#[test]
fn schemas_are_kept_through_it() {
    let schema = json!({"type": "object", "properties": {"z": {"type": "string"}, "a": {"enum": [1, 2]}},
        "required": ["z", "a"], "additionalProperties": false});
    let format =
        json!({"type": "json_schema", "json_schema": {"name": "s", "strict": true, "schema": schema}});
    check_chat(&json!({"response_format": format}));
    let messages = json!([{"role": "user", "content": "write JSON"}]);
    check_chat(&json!({"response_format": {"type": "json_object"}, "messages": messages}));
}

#[test]
fn completions_are_the_same_whole_and_streamed() {
    for fields in [
        json!({"prompt": "Once upon a time"}),
        json!({"prompt": ["Once", "Twice"], "n": 2}),
        json!({"prompt": "Once upon", "echo": true}),
        json!({"prompt": "Once upon", "logprobs": 2}),
        json!({"prompt": "Once upon", "echo": true, "logprobs": 1, "max_tokens": 0}),
        json!({"prompt": [9, 10, 11]}),
        json!({"prompt": "one two three", "stop": "two"}),
    ] {
        let whole = check_whole(Request::completions, &fields);
        let transcript = check_streamed(Request::completions, &fields);
        for choice in whole["choices"].as_array().expect("choices") {
            let index = choice["index"].as_u64().expect("an index");
            assert_eq!(transcript.joined_texts(index), choice["text"], "{fields}");
        }
    }
}

#[test]
fn best_of_several_completions_is_the_same() {
    let best = json!({"prompt": "Once upon", "best_of": 3, "n": 2});
    let [through, direct] = both(Request::completions, &best).map(|answer| answer.json());
    assert_eq!((&through["choices"], &through["usage"]), (&direct["choices"], &direct["usage"]));
}

#[test]
fn embeddings_are_the_same() {
    for fields in [
        json!({"input": "a text"}),
        json!({"input": ["a", "b", "a"], "encoding_format": "base64"}),
        json!({"input": [[1, 2], [3]], "dimensions": 8}),
    ] {
        check_whole(Request::embeddings, &fields);
    }
}

#[test]
fn models_are_listed_by_their_names_here() {
    let list = send(chain().first.address(), &Request::get("/v1/models")).json();
    let ids: Vec<_> = list["data"].as_array().expect("a list").iter().map(|model| &model["id"]).collect();
    assert_eq!(ids, ["fast", "ghost"]);
}
