//! The OpenAPI document, held against answers, its own rules, and thousands of requests.

use antiphon_tests::{
    Antiphon, Document, ECHO_ALONE, Python, Request, Scripted, Served, Step, ask, ask_model, input, program,
    prompt, send, streamed, with,
};
use serde_json::{Value, json};

use crate::completions::shouting;
use crate::embeddings::measuring;
use crate::failures::overloaded;

const CREATE: &str = "post /chat/completions";
const COMPLETE: &str = "post /completions";

#[test]
fn document_is_served_as_json_with_and_without_v1() {
    let antiphon = Antiphon::start();
    let document = send(antiphon.address(), &Request::get("/openapi.json"));
    assert_eq!((document.status(), document.header("content-type")), (200, Some("application/json")));
    assert_eq!(send(antiphon.address(), &Request::get("/v1/openapi.json")).body, document.body);
    let document = document.json();
    assert_eq!(document["openapi"], "3.1.1");
    assert_eq!(document["info"]["version"], env!("CARGO_PKG_VERSION"));
}

#[test]
fn answers_are_what_the_document_says() {
    let antiphon = Antiphon::with_config(ECHO_ALONE);
    let document = Document::of(antiphon.address());
    let get = |path: &str| send(antiphon.address(), &Request::get(path));
    document.check("get /models", &get("/v1/models"));
    document.check("get /models/{model}", &get("/v1/models/echo"));
    document.check("get /models/{model}", &get("/v1/models/nope"));
    document.check("get /chat/completions", &get("/v1/chat/completions"));
    document.check("get /healthz", &get("/healthz"));
    document.check("get /readyz", &get("/readyz"));
    document.check("get /openapi.json", &get("/openapi.json"));
    let post = |body: &Value| send(antiphon.address(), &Request::chat(body));
    document.check(CREATE, &post(&ask("hello")));
    document.check(CREATE, &post(&with(ask("hello"), json!({"n": 3, "max_tokens": 2, "user": null}))));
    document.check(CREATE, &post(&with(ask("hello"), json!({"n": 0}))));
    document.check(CREATE, &post(&ask_model("nope", "hello")));
    let compressed = Request::chat(&ask("hello")).header("content-encoding", "gzip");
    document.check(CREATE, &send(antiphon.address(), &compressed));
}

#[test]
fn completions_and_embeddings_are_what_the_document_says() {
    let served = Served::start(shouting());
    let document = Document::of(served.address());
    for body in [prompt("say it"), prompt(json!([[1, 2], [3]])), prompt(json!([]))] {
        document.check(COMPLETE, &send(served.address(), &Request::completions(&body)));
    }
    let served = Served::start(measuring());
    let base64 = with(input(json!(["a", "bc"])), json!({"encoding_format": "base64"}));
    for body in [input("a"), base64, input("")] {
        document.check("post /embeddings", &send(served.address(), &Request::embeddings(&body)));
    }
}

#[test]
fn events_are_what_the_document_says() {
    let check = |backend: Scripted, operation: &str, request: fn(&Value) -> Request, body: Value| {
        let served = Served::start(backend);
        let document = Document::of(served.address());
        let body = with(streamed(body), json!({"stream_options": {"include_usage": true}}));
        let stream = send(served.address(), &request(&body)).text();
        let events: Vec<_> = stream.lines().filter_map(|line| line.strip_prefix("data: ")).collect();
        assert!(events.len() > 4 && events.ends_with(&["[DONE]"]), "{stream}");
        for data in events {
            document.check_data(operation, data);
        }
    };
    let talking = Scripted::always([Step::text("yes "), Step::text("no"), Step::stop()]);
    check(talking, CREATE, Request::chat, ask_model("scripted", "go"));
    let failing = Scripted::always([Step::text("yes "), Step::text("no"), Step::Fail(overloaded)]);
    check(failing, CREATE, Request::chat, ask_model("scripted", "go"));
    check(shouting(), COMPLETE, Request::completions, prompt("say it"));
}

#[test]
fn body_is_closed_where_unknown_fields_are_refused() {
    let closed = |antiphon: &Antiphon| {
        let document = Document::of(antiphon.address());
        document.value()["components"]["schemas"]["CreateChatCompletionRequest"]["additionalProperties"]
            .clone()
    };
    assert_eq!(closed(&Antiphon::start()), Value::Null);
    assert_eq!(closed(&Antiphon::with_config("[api]\nstrict = true\n")), json!(false));
}

#[test]
fn document_keeps_the_rules_of_openapi() {
    let Some(python) = Python::with_schemathesis() else { return };
    python.run(&program("tests/clients/schemathesis/valid.py"), &Antiphon::start().base_url());
    let strict = Antiphon::with_config("[api]\nstrict = true\n");
    python.run(&program("tests/clients/schemathesis/valid.py"), &strict.base_url());
}

/// It sends what the document allows and what it does not, and holds every answer against the document.
#[test]
fn schemathesis_finds_no_fault() {
    let Some(python) = Python::with_schemathesis() else { return };
    let config = program("tests/clients/schemathesis/schemathesis.toml");
    let antiphon = Antiphon::start();
    let url = format!("{}/openapi.json", antiphon.base_url());
    let config = config.to_str().expect("a path of text");
    python.run_module("schemathesis.cli", &["--config-file", config, "--no-color", "run", &url]);
}
