//! Bodies of requests.

use serde_json::{Value, json};

/// Asks the model `echo` with one user message.
pub fn ask(text: &str) -> Value {
    ask_model("echo", text)
}

/// Asks a model with one user message.
pub fn ask_model(model: &str, text: &str) -> Value {
    json!({"model": model, "messages": [{"role": "user", "content": text}]})
}

/// Asks the model `scripted` to continue a prompt of any form.
pub fn prompt(prompt: impl Into<Value>) -> Value {
    json!({"model": "scripted", "prompt": prompt.into()})
}

/// Asks the model `scripted` for the vectors of an input of any form.
pub fn input(input: impl Into<Value>) -> Value {
    json!({"model": "scripted", "input": input.into()})
}

/// Sets fields of a body, over those it has.
pub fn with(mut body: Value, fields: Value) -> Value {
    let (Some(object), Value::Object(fields)) = (body.as_object_mut(), fields) else {
        panic!("not an object: {body}");
    };
    object.extend(fields);
    body
}

/// Asks for a stream.
pub fn streamed(body: Value) -> Value {
    with(body, json!({"stream": true}))
}
