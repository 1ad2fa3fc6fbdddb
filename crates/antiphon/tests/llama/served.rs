//! The binary with the model of the tests.

use antiphon_tests::{Antiphon, Request, Schemas, send, skipped};
use serde_json::{Value, json};

/// The path of the model, where it is installed.
pub(crate) fn model() -> Option<String> {
    let path = std::env::var("ANTIPHON_LLAMA_MODEL").ok();
    if path.is_none() {
        skipped("ANTIPHON_LLAMA_MODEL is not set, see tests/models/install");
    }
    path
}

/// The binary, with these keys beside those of `config/llama.toml`.
pub(crate) fn served(keys: &str) -> Option<Antiphon> {
    let path = model()?;
    let text = format!(
        "[[backends]]\nkind = \"llama\"\npath = {path:?}\nmodels = [\"smollm2\"]\ncontext_length = 2048\nthreads = 1\n\
         trial = false\n{keys}\n"
    );
    Some(Antiphon::built(env!("CARGO_BIN_EXE_antiphon"), &text))
}

/// Asks for a chat with these fields, greedily and briefly where they say nothing else.
pub(crate) fn chat(text: &str, fields: &Value) -> Value {
    let mut body = json!({
        "model": "smollm2",
        "messages": [{"role": "user", "content": text}],
        "temperature": 0,
        "max_completion_tokens": 16,
    });
    let Value::Object(fields) = fields.clone() else { panic!("no object: {fields}") };
    body.as_object_mut().unwrap().extend(fields);
    body
}

/// The whole answer to a request, valid by OpenAI's schema.
pub(crate) fn answer(server: &Antiphon, request: &Request, definition: &str) -> Value {
    let response = send(server.address(), request);
    assert_eq!(response.status(), 200, "{}", response.text());
    let answer = response.json();
    if let Some(schemas) = Schemas::get() {
        schemas.check(definition, &answer);
    }
    answer
}

/// The whole answer to a chat.
pub(crate) fn answered(server: &Antiphon, text: &str, fields: &Value) -> Value {
    answer(server, &Request::chat(&chat(text, fields)), "CreateChatCompletionResponse")
}
