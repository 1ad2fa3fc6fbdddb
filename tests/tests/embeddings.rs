//! Embeddings on the wire.

use antiphon_backend::{BackendError, Capability, Embeddings, ErrorKind, ModelInfo};
use antiphon_tests::{Request, Response, Schemas, Scripted, Served, Step, ask_model, input, send, with};
use antiphon_types::embeddings::{EmbeddingList, Request as EmbeddingRequest};
use antiphon_types::{TextInput, TextInputItem};
use serde_json::{Value, json};

use crate::errors::{assert_error, assert_invalid, error_of};

/// A backend whose vectors are the length of each input, and then as many tenths as there shall be dimensions.
pub(crate) fn measuring() -> Scripted {
    Scripted::embedding(|request| Some(Ok(measured(request))))
}

fn measured(request: &EmbeddingRequest) -> Embeddings {
    let length = |item| match item {
        TextInputItem::Text(text) => text.chars().count(),
        TextInputItem::Tokens(tokens) => tokens.len(),
    };
    let lengths: Vec<usize> = request.input.iter().map(length).collect();
    let dimensions = request.dimensions.unwrap_or(3) as usize;
    let vector = |length: usize| {
        let mut vector = vec![0.1; dimensions];
        vector[0] = f32::from(u16::try_from(length).expect("a short input"));
        vector
    };
    let prompt_tokens = lengths.iter().sum::<usize>() as u64;
    Embeddings::new(lengths.into_iter().map(vector).collect::<Vec<_>>(), prompt_tokens)
}

/// An answer of status 200, valid by OpenAI's schema for numbers or for base64.
fn list(response: &Response, definition: &str) -> Value {
    assert_eq!(response.status(), 200, "{}", response.text());
    let answer = response.json();
    if let Some(schemas) = Schemas::get() {
        schemas.check(definition, &answer);
    }
    answer
}

fn floats(served: &Served, body: &Value) -> Value {
    list(&send(served.address(), &Request::embeddings(body)), "CreateEmbeddingResponse")
}

fn base64(served: &Served, body: &Value) -> Value {
    let body = with(body.clone(), json!({"encoding_format": "base64"}));
    list(&send(served.address(), &Request::embeddings(&body)), "x.EmbeddingBase64Response")
}

#[test]
fn wire_32_base64_is_of_little_endian_floats_and_numbers_are_the_default() {
    let served = Served::start(measuring());
    for path in ["/v1/embeddings", "/embeddings", "//v1/embeddings/"] {
        let answer = send(served.address(), &Request::new("POST", path).json(&input("ab")));
        assert_eq!(answer.header("content-type"), Some("application/json"));
        // Byte by byte: an `f32` that passes through an `f64` is 0.10000000149011612.
        assert_eq!(
            answer.text(),
            r#"{"object":"list","data":[{"object":"embedding","index":0,"embedding":[2.0,0.1,0.1]}],"model":"scripted","usage":{"prompt_tokens":2,"total_tokens":2}}"#
        );
    }
    let answer = base64(&served, &input("ab"));
    assert_eq!(answer["data"], json!([{"object": "embedding", "index": 0, "embedding": "AAAAQM3MzD3NzMw9"}]));
    let explicit = floats(&served, &with(input("ab"), json!({"encoding_format": "float"})));
    assert_eq!(explicit, floats(&served, &with(input("ab"), json!({"encoding_format": null}))));
    for answer in [answer, explicit] {
        let read: EmbeddingList = serde_json::from_value(answer).expect("a list");
        assert_eq!(read.data[0].embedding.to_floats(), Some(vec![2.0, 0.1, 0.1]));
    }
}

#[test]
fn wire_32_inputs_are_texts_or_tokens_one_or_many() {
    let served = Served::start(measuring());
    for (given, lengths, tokens) in [
        (json!("abc"), vec![3.0], 3),
        (json!(["a", "bb", "ccc"]), vec![1.0, 2.0, 3.0], 6),
        (json!([7, 8]), vec![2.0], 2),
        (json!([[7], [8, 9]]), vec![1.0, 2.0], 3),
    ] {
        let body = input(given.clone());
        for answer in [floats(&served, &body), base64(&served, &body)] {
            assert_eq!(answer["usage"], json!({"prompt_tokens": tokens, "total_tokens": tokens}));
            let read: EmbeddingList = serde_json::from_value(answer).expect("a list");
            let firsts = read.data.iter().map(|item| item.embedding.to_floats().expect("floats")[0]);
            assert_eq!(firsts.collect::<Vec<f32>>(), lengths, "{given}");
            assert!(read.data.iter().zip(0..).all(|(item, index)| item.index == index));
        }
    }
}

#[test]
fn wire_32_dimensions_are_handed_to_models_that_have_them() {
    let served = Served::start(measuring());
    let answer = floats(&served, &with(input("ab"), json!({"dimensions": 5})));
    assert_eq!(answer["data"][0]["embedding"], json!([2.0, 0.1, 0.1, 0.1, 0.1]));
    let fixed = Served::start(measuring().models([ModelInfo::new("scripted").with(Capability::Embeddings)]));
    for (fields, param, code) in [
        (json!({"dimensions": 5}), "dimensions", "unsupported_parameter"),
        (json!({"input": [1, 2]}), "input", "unsupported_value"),
        (json!({"input": [[1], [2]]}), "input", "unsupported_value"),
    ] {
        let response = send(fixed.address(), &Request::embeddings(&with(input("ab"), fields)));
        assert_invalid(&response, Some(param), Some(code));
    }
}

#[test]
fn wire_32_many_inputs_are_taken_and_too_many_refused() {
    let (backend, sightings) = measuring().watched();
    let served = Served::start(backend);
    assert_eq!(floats(&served, &input(vec!["x"; 2_048]))["data"].as_array().map(Vec::len), Some(2_048));
    assert_eq!(floats(&served, &input(vec![vec![1; 100]; 2_000]))["usage"]["total_tokens"], 200_000);
    drop(sightings.try_iter().collect::<Vec<_>>());
    for (fields, param, code) in [
        (json!({"input": vec!["x"; 2_049]}), "input", "array_above_max_length"),
        (json!({"input": []}), "input", "empty_array"),
        (json!({"input": ""}), "input", "string_below_min_length"),
        (json!({"input": ["a", ""]}), "input[1]", "string_below_min_length"),
        (json!({"input": ["a", 1]}), "input[1]", "invalid_type"),
        (json!({"input": null}), "input", "invalid_type"),
        (json!({"encoding_format": "hex"}), "encoding_format", "invalid_value"),
        (json!({"dimensions": 0}), "dimensions", "integer_below_min_value"),
    ] {
        let response = send(served.address(), &Request::embeddings(&with(input("ab"), fields)));
        assert_invalid(&response, Some(param), Some(code));
    }
    assert_eq!(sightings.try_recv().ok(), None, "the backend was never called");
}

#[test]
fn tokens_over_the_context_are_refused_by_their_place() {
    let model = ModelInfo::new("scripted").with(Capability::Embeddings).with(Capability::TokenInput);
    let served = Served::start(measuring().models([model.context_length(2)]));
    let response = send(served.address(), &Request::embeddings(&input(json!([[1, 2], [1, 2, 3]]))));
    assert_invalid(&response, Some("input[1]"), Some("context_length_exceeded"));
}

#[test]
fn failures_have_their_status() {
    let serve = |embed: fn(&EmbeddingRequest) -> Option<Result<Embeddings, BackendError>>| {
        Served::start(Scripted::embedding(embed))
    };
    let check = |served: &Served, status: u16, kind: &str, param: Option<&str>, code: Option<&str>| {
        let response = send(served.address(), &Request::embeddings(&input("ab")));
        assert_error(&error_of(&response, status), kind, param, code);
        assert!(!response.text().contains("secret"), "{}", response.text());
    };
    let long = |_: &EmbeddingRequest| {
        Some(Err(BackendError::new(ErrorKind::ContextLength, "too long").with_param("input[0]")))
    };
    check(&serve(long), 400, "invalid_request_error", Some("input[0]"), Some("context_length_exceeded"));
    check(&serve(|_| panic!("secret reason")), 500, "server_error", None, None);
    let missing = |_: &EmbeddingRequest| Some(Ok(Embeddings::new(Vec::new(), 0)));
    check(&serve(missing), 500, "server_error", None, None);
    let late =
        Served::configured(Scripted::embedding(|_| None), |config| config.limits.request_timeout_s = 1);
    check(&late, 504, "server_error", None, Some("timeout"));
}

#[test]
fn wire_33_each_listed_model_works_on_an_endpoint() {
    let models = [
        ModelInfo::new("chat"),
        ModelInfo::new("prompts").without(Capability::Chat).with(Capability::Completions),
        ModelInfo::new("vectors").without(Capability::Chat).with(Capability::Embeddings),
    ];
    let yes = || vec![Step::text("yes"), Step::stop()];
    let backend =
        Scripted::always(yes()).completes(move |_| yes()).embeds(|request| Some(Ok(measured(request))));
    let served = Served::start(backend.models(models));
    let listed = send(served.address(), &Request::get("/v1/models")).json();
    let ids: Vec<_> =
        listed["data"].as_array().expect("models").iter().map(|model| model["id"].clone()).collect();
    assert_eq!(ids, ["chat", "prompts", "vectors"]);
    for id in ids.iter().filter_map(Value::as_str) {
        let statuses = [
            Request::chat(&ask_model(id, "hi")),
            Request::completions(&json!({"model": id, "prompt": "hi"})),
            Request::embeddings(&json!({"model": id, "input": "hi"})),
        ]
        .map(|request| send(served.address(), &request).status());
        let works = |place| std::array::from_fn(|other| if other == place { 200 } else { 404 });
        assert_eq!(statuses, works(ids.iter().position(|listed| listed == id).expect("listed")), "{id}");
    }
}

#[test]
fn request_reaches_the_backend_with_its_rarer_fields() {
    let served = Served::start(Scripted::embedding(|request| {
        assert_eq!((request.user.as_deref(), &request.extra["truncate"]), (Some("u"), &json!("end")));
        assert_eq!(request.input, TextInput::from("ab"));
        Some(Ok(measured(request)))
    }));
    floats(&served, &with(input("ab"), json!({"user": "u", "truncate": "end", "dimensions": null})));
}
