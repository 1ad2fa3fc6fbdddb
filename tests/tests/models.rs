//! The lists of models and of stored completions, health, and which model answers.

use antiphon_backend::{Backend, BackendError, Context, ErrorKind, EventStream, Health, ModelInfo, chat};
use antiphon_tests::{Antiphon, ECHO_ALONE, Request, Schemas, Scripted, Served, Step, ask_model, send};
use serde_json::json;

use crate::errors::{assert_error, error_of};

#[test]
fn wire_33_list_has_its_shape_and_each_listed_model_works() {
    let antiphon = Antiphon::start();
    let list = send(antiphon.address(), &Request::get("/v1/models")).json();
    assert_eq!(list["object"], "list");
    let models = list["data"].as_array().expect("models");
    let ids: Vec<_> = models.iter().map(|model| model["id"].as_str().expect("an id")).collect();
    assert_eq!(ids, ["echo"], "the wildcard is not listed");
    for model in models {
        assert_eq!(model["object"], "model");
        assert!(model["created"].is_u64(), "{model}");
        assert!(model["owned_by"].is_string(), "{model}");
        let id = model["id"].as_str().expect("an id");
        assert_eq!(&send(antiphon.address(), &Request::get(&format!("/v1/models/{id}"))).json(), model);
        assert_eq!(send(antiphon.address(), &Request::chat(&ask_model(id, "hello"))).status(), 200);
        if let Some(schemas) = Schemas::get() {
            schemas.check("Model", model);
        }
    }
    if let Some(schemas) = Schemas::get() {
        schemas.check("ListModelsResponse", &list);
    }
}

#[test]
fn wire_33_model_ids_with_slash_and_colon_are_found() {
    let models = ["meta/llama-3:8b", "ft:gpt-4o-mini:acemeco:suffix:abc123"].map(ModelInfo::new);
    let served = Served::start(Scripted::always([Step::text("yes"), Step::stop()]).models(models));
    for path in [
        "/v1/models/meta/llama-3:8b",
        "/v1/models/meta%2Fllama-3%3A8b",
        "/models/ft:gpt-4o-mini:acemeco:suffix:abc123",
    ] {
        let response = send(served.address(), &Request::get(path));
        assert_eq!(response.status(), 200, "{path}: {}", response.text());
        assert_eq!(response.json()["object"], "model");
    }
}

#[test]
fn wire_29_unknown_model_of_the_list_is_a_404() {
    let antiphon = Antiphon::with_config(ECHO_ALONE);
    let error = error_of(&send(antiphon.address(), &Request::get("/v1/models/nope")), 404);
    assert_error(&error, "invalid_request_error", Some("model"), Some("model_not_found"));
}

#[test]
fn alias_is_answered_under_the_name_of_its_model() {
    let model = ModelInfo::new("large").alias("big");
    let served = Served::start(Scripted::always([Step::text("yes"), Step::stop()]).models([model]));
    for name in ["large", "big"] {
        let answer = send(served.address(), &Request::chat(&ask_model(name, "go")));
        assert_eq!((answer.status(), &answer.json()["model"]), (200, &"large".into()), "{}", answer.text());
    }
    let error = error_of(&send(served.address(), &Request::chat(&ask_model("bigger", "go"))), 404);
    assert_eq!(error["code"], "model_not_found");
}

#[test]
fn wildcard_answers_any_name_and_names_it_back() {
    let antiphon = Antiphon::start();
    let answer = send(antiphon.address(), &Request::chat(&ask_model("gpt-1337-turbo-pro-max", "hi"))).json();
    assert_eq!(answer["model"], "gpt-1337-turbo-pro-max");
}

#[test]
fn stored_completions_are_an_empty_list() {
    let list = send(Antiphon::start().address(), &Request::get("/v1/chat/completions")).json();
    assert_eq!((&list["object"], &list["data"]), (&"list".into(), &json!([])));
    if let Some(schemas) = Schemas::get() {
        schemas.check("ChatCompletionList", &list);
    }
    assert_eq!(list["has_more"], false);
}

#[test]
fn health_and_readiness_answer() {
    let antiphon = Antiphon::start();
    for path in ["/healthz", "/readyz"] {
        let response = send(antiphon.address(), &Request::get(path));
        assert_eq!((response.status(), response.header("content-type")), (200, Some("application/json")));
    }
}

/// A backend whose engine cannot be reached.
struct Unreachable;

impl Backend for Unreachable {
    fn models(&self) -> Vec<ModelInfo> {
        vec![ModelInfo::new("unreachable")]
    }

    fn chat(&self, _request: chat::Request, _context: Context) -> EventStream {
        BackendError::new(ErrorKind::Unavailable, "come back later").into_stream()
    }

    fn health(&self) -> Health {
        Health::Unready("cannot reach http://10.0.0.7:8080/internal".to_owned())
    }
}

#[test]
fn server_with_a_backend_that_is_not_ready_says_so_and_not_why() {
    let served = Served::start(Unreachable);
    let error = error_of(&send(served.address(), &Request::get("/readyz")), 503);
    assert_eq!(error["type"], "service_unavailable_error");
    assert!(!error["message"].as_str().expect("a message").contains("10.0.0.7"), "{error}");
    assert_eq!(send(served.address(), &Request::get("/healthz")).status(), 200);
}

#[test]
fn names_that_no_request_may_use_are_no_models_under_the_wildcard() {
    let antiphon = Antiphon::start();
    let long = "a".repeat(300);
    for name in ["%2A", "a%0Ab", long.as_str()] {
        let answer = send(antiphon.address(), &Request::get(&format!("/v1/models/{name}")));
        assert_error(
            &error_of(&answer, 404),
            "invalid_request_error",
            Some("model"),
            Some("model_not_found"),
        );
    }
}
