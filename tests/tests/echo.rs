//! What the echo does for a client: tools, JSON, log probabilities, whole and streamed.

use antiphon_tests::{Antiphon, Request, Schemas, ask, send, streamed, with};
use serde_json::{Value, json};

/// The answer, which is valid by OpenAI's schema.
fn answer(body: &Value) -> Value {
    let answer = send(Antiphon::start().address(), &Request::chat(body)).json();
    if let Some(schemas) = Schemas::get() {
        schemas.check("CreateChatCompletionResponse", &answer);
    }
    answer
}

fn weather() -> Value {
    json!({"type": "function", "function": {"name": "get_weather", "parameters": {
        "type": "object", "required": ["unit", "city"], "additionalProperties": false,
        "properties": {"city": {"type": "string"}, "unit": {"enum": ["celsius", "fahrenheit"]}},
    }}})
}

#[test]
fn tool_loop_ends_in_the_echo_of_the_result() {
    let fields = json!({"tools": [weather()], "tool_choice": "required"});
    let mut body = with(ask("Oslo"), fields);
    let called = answer(&body)["choices"][0].clone();
    assert_eq!(called["finish_reason"], "tool_calls");
    let call = called["message"]["tool_calls"][0].clone();
    assert_eq!(call["function"]["arguments"], r#"{"city":"Oslo","unit":"celsius"}"#);
    let result = json!({"role": "tool", "tool_call_id": call["id"], "content": "rain"});
    let messages = body["messages"].as_array_mut().expect("messages");
    messages.extend([called["message"].clone(), result]);
    let ended = answer(&body)["choices"][0].clone();
    assert_eq!(ended["finish_reason"], "stop");
    assert!(ended["message"]["content"].as_str().is_some_and(|text| text.ends_with(": rain")), "{ended}");
}

#[test]
fn streamed_call_is_the_whole_one_in_fragments() {
    let body = with(ask("Oslo get_weather"), json!({"tools": [weather()]}));
    let whole = answer(&body)["choices"][0]["message"]["tool_calls"][0]["function"].clone();
    let transcript = send(Antiphon::start().address(), &Request::chat(&streamed(body))).transcript();
    let fragments: Vec<_> = transcript
        .choice(0)
        .iter()
        .filter_map(|choice| {
            choice["delta"]["tool_calls"][0]["function"]["arguments"].as_str().map(str::to_owned)
        })
        .collect();
    assert!(fragments.len() > 3, "{fragments:?}");
    assert_eq!(fragments.concat(), whole["arguments"]);
    assert_eq!(transcript.finishes(0), ["tool_calls"]);
}

#[test]
fn json_follows_the_schema_and_a_bad_one_is_refused() {
    let schema = json!({"type": "object", "required": ["steps", "answer"], "properties": {
        "steps": {"type": "array", "items": {"type": "string"}, "minItems": 1}, "answer": {"type": "number"},
    }});
    let format = |schema: &Value| json!({"response_format": {"type": "json_schema", "json_schema": {"name": "s", "schema": schema}}});
    let content = answer(&with(ask("hello"), format(&schema)))["choices"][0]["message"]["content"].clone();
    let said = "As a mock AI assistant, I can only echo your last message: hello";
    assert_eq!(content, json!({"steps": [said], "answer": 0}).to_string());
    let invalid = ("response_format.json_schema.schema", "invalid_json_schema");
    for (schema, (param, code)) in [
        (json!({"type": "thing"}), invalid),
        (json!({"$ref": "http://127.0.0.1:1/schema.json"}), invalid),
        (json!({"$ref": "#"}), ("response_format", "unsupported_value")),
    ] {
        let response =
            send(Antiphon::start().address(), &Request::chat(&with(ask("hello"), format(&schema))));
        crate::errors::assert_invalid(&response, Some(param), Some(code));
    }
}

#[test]
fn log_probabilities_are_of_the_tokens_of_the_text() {
    let body = with(ask("🦀"), json!({"logprobs": true, "top_logprobs": 3}));
    let choice = answer(&body)["choices"][0].clone();
    let tokens = choice["logprobs"]["content"].as_array().expect("tokens").clone();
    let bytes = tokens.iter().flat_map(|token| token["bytes"].as_array().expect("bytes").clone());
    let bytes: Vec<u8> = bytes.filter_map(|byte| byte.as_u64()?.try_into().ok()).collect();
    assert_eq!(String::from_utf8(bytes).ok().as_deref(), choice["message"]["content"].as_str());
    assert!(tokens.iter().all(|token| token["top_logprobs"].as_array().is_some_and(|top| top.len() == 3)));
    let transcript = send(Antiphon::start().address(), &Request::chat(&streamed(body))).transcript();
    let streamed: Vec<Value> = transcript
        .choice(0)
        .iter()
        .filter_map(|choice| choice["logprobs"]["content"].as_array().cloned())
        .flatten()
        .collect();
    assert_eq!(streamed, tokens);
}

#[test]
fn prompt_over_the_context_is_refused() {
    let antiphon =
        Antiphon::with_config("[[backends]]\nkind = \"echo\"\nmodels = [\"*\"]\ncontext_length = 10\n");
    let response = send(antiphon.address(), &Request::chat(&ask("one two three four")));
    crate::errors::assert_invalid(&response, Some("messages"), Some("context_length_exceeded"));
    let cut = send(antiphon.address(), &Request::chat(&ask("hello"))).json();
    assert_eq!(cut["usage"]["total_tokens"], 10);
    assert_eq!(cut["choices"][0]["finish_reason"], "length");
}
