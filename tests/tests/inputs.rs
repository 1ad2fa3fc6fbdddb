//! Bad requests, one a row, each with the answer that is owed to it.

mod json;
mod types;
mod values;

use antiphon_tests::{Antiphon, Connection, Request, Response, ask, send, with};
use serde_json::{Value, json};

/// What is owed to a bad request: its `param` and `code`.
type Owed = (Option<&'static str>, Option<&'static str>);

const NO_JSON: Owed = (None, None);

/// Sends each body to one server; all are 400s, and the server still answers at the end.
fn check(rows: Vec<(&str, Vec<u8>, Owed)>) {
    let antiphon = Antiphon::start();
    let mut wrong = Vec::new();
    for (name, body, (param, code)) in rows {
        let request = Request::new("POST", "/v1/chat/completions").header("content-type", "application/json");
        let mut connection = Connection::open(antiphon.address());
        connection.offer(&request.body(body).bytes());
        let response = connection.response();
        let seen = seen(&response);
        let owed = json!([400, "invalid_request_error", param, code]);
        if seen != owed {
            wrong.push(format!("{name}: {seen} instead of {owed}: {:.300}", response.text()));
        }
        assert!(response.text().len() < 2_000, "{name}: quotes too much: {:.3000}", response.text());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(send(antiphon.address(), &Request::chat(&ask("hello"))).status(), 200);
}

fn seen(response: &Response) -> Value {
    let error = &response.json()["error"];
    json!([response.status(), error["type"], error["param"], error["code"]])
}

/// Rows of an otherwise good request with these fields.
fn check_fields(rows: Vec<(&str, Value, Owed)>) {
    check(
        rows.into_iter()
            .map(|(name, fields, owed)| (name, with(ask("hello"), fields).to_string().into_bytes(), owed))
            .collect(),
    );
}

/// Rows of a request with these messages.
fn check_messages(rows: Vec<(&str, Value, Owed)>) {
    check_fields(
        rows.into_iter().map(|(name, messages, owed)| (name, json!({"messages": messages}), owed)).collect(),
    );
}

/// A request as text, with a raw value for one field.
fn raw(field: &str, value: &str) -> Vec<u8> {
    format!(r#"{{"model":"echo","messages":[{{"role":"user","content":"hello"}}],"{field}":{value}}}"#)
        .into_bytes()
}
