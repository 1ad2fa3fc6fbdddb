//! What a model answers is valid, whole and streamed.

use antiphon_tests::{Request, send};
use serde_json::{Value, json};

use crate::served::{answer, answered, chat, served};

fn schema() -> Value {
    json!({
        "type": "object",
        "properties": {"name": {"type": "string", "maxLength": 12}, "age": {"type": "integer", "minimum": 0, "maximum": 99}},
        "required": ["name", "age"],
        "additionalProperties": false,
    })
}

/// Holds a JSON text against the schema.
fn check(text: &Value) {
    let instance: Value = serde_json::from_str(text.as_str().unwrap()).unwrap();
    assert!(jsonschema::is_valid(&schema(), &instance), "{instance}");
}

#[test]
fn stream_says_what_the_whole_answer_says() {
    let Some(server) = served("") else { return };
    let whole = answered(&server, "Tell a story.", &json!({}));
    let fields = json!({"stream": true, "stream_options": {"include_usage": true}});
    let streamed = send(server.address(), &Request::chat(&chat("Tell a story.", &fields))).transcript();
    let choice = &whole["choices"][0];
    assert_eq!(choice["message"]["content"], streamed.text());
    assert_eq!((&choice["finish_reason"], streamed.finishes(0)), (&json!("length"), vec!["length"]));
    assert_eq!(whole["usage"]["completion_tokens"], 16);
    let [usage] = streamed.usages()[..] else { panic!("{streamed:?}") };
    let tokens = |usage: &Value| usage["total_tokens"].as_u64();
    assert_eq!(tokens(usage), tokens(&whole["usage"]));
}

#[test]
fn answer_keeps_to_a_schema() {
    let Some(server) = served("") else { return };
    let format =
        json!({"type": "json_schema", "json_schema": {"name": "person", "schema": schema(), "strict": true}});
    let fields = json!({"response_format": format, "max_completion_tokens": 100});
    let whole = answered(&server, "Invent a person.", &fields);
    assert_eq!(whole["choices"][0]["finish_reason"], "stop");
    check(&whole["choices"][0]["message"]["content"]);
    let format = json!({"type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "nonsense"}}});
    let refused = send(server.address(), &Request::chat(&chat("Hello", &json!({"response_format": format}))));
    assert_eq!((refused.status(), &refused.json()["error"]["code"]), (400, &json!("invalid_json_schema")));
}

#[test]
fn tool_that_is_forced_is_called() {
    let Some(server) = served("") else { return };
    let tool = json!({"type": "function", "function": {"name": "note", "description": "Notes.", "parameters": schema()}});
    let fields = json!({
        "tools": [tool],
        "tool_choice": "required",
        "parallel_tool_calls": false,
        "max_completion_tokens": 100,
    });
    let whole = answered(&server, "Note that Ann is 30.", &fields);
    let choice = &whole["choices"][0];
    assert_eq!(choice["finish_reason"], "tool_calls");
    let [call] = &choice["message"]["tool_calls"].as_array().unwrap()[..] else { panic!("{choice}") };
    assert_eq!(call["function"]["name"], "note");
    check(&call["function"]["arguments"]);
    let mut body = chat("Note that Ann is 30.", &fields);
    body["stream"] = true.into();
    let streamed = send(server.address(), &Request::chat(&body)).transcript();
    let deltas = streamed
        .choice(0)
        .into_iter()
        .filter_map(|choice| choice["delta"]["tool_calls"][0]["function"]["arguments"].as_str());
    assert_eq!(Value::from(deltas.collect::<String>()), call["function"]["arguments"]);
}

#[test]
fn choices_differ_and_tell_their_probabilities() {
    let Some(server) = served("") else { return };
    let fields = json!({"n": 3, "temperature": 1, "seed": 1, "logprobs": true, "top_logprobs": 2});
    let whole = answered(&server, "Write a poem.", &fields);
    let choices = whole["choices"].as_array().unwrap();
    let texts: std::collections::BTreeSet<_> =
        choices.iter().map(|choice| choice["message"]["content"].to_string()).collect();
    assert_eq!((choices.len(), texts.len()), (3, 3));
    for choice in choices {
        let tokens = choice["logprobs"]["content"].as_array().unwrap();
        let joined: String = tokens.iter().map(|token| token["token"].as_str().unwrap()).collect();
        assert_eq!(Value::from(joined), choice["message"]["content"]);
        assert!(tokens.iter().all(|token| token["top_logprobs"].as_array().unwrap().len() == 2));
    }
}

#[test]
fn stop_ends_the_answer_and_is_not_in_it() {
    let Some(server) = served("") else { return };
    let whole = answered(&server, "Tell a story.", &json!({}));
    let text = whole["choices"][0]["message"]["content"].as_str().unwrap().to_owned();
    let stop = text.split_whitespace().nth(3).unwrap();
    let cut = answered(&server, "Tell a story.", &json!({"stop": stop}));
    assert_eq!(cut["choices"][0]["finish_reason"], "stop");
    assert_eq!(cut["choices"][0]["message"]["content"], text.split(stop).next().unwrap());
}

#[test]
fn prompts_are_completed_and_texts_embedded() {
    let Some(server) = served("embeddings = true") else { return };
    let body = json!({"model": "smollm2", "prompt": ["The capital of France is", "One, two, three,"], "max_tokens": 4, "temperature": 0, "echo": true});
    let whole = answer(&server, &Request::completions(&body), "CreateCompletionResponse");
    let text = |index: usize| whole["choices"][index]["text"].as_str().unwrap();
    assert!(text(0).starts_with("The capital of France is Paris"), "{}", text(0));
    assert!(text(1).starts_with("One, two, three, four"), "{}", text(1));
    let body = json!({"model": "smollm2", "input": ["one", "two"]});
    let embedded = answer(&server, &Request::embeddings(&body), "CreateEmbeddingResponse");
    let lengths =
        embedded["data"].as_array().unwrap().iter().map(|one| one["embedding"].as_array().unwrap().len());
    assert_eq!(lengths.collect::<Vec<_>>(), [576, 576]);
}
