use std::collections::BTreeSet;

use antiphon_backend::{BackendError, ErrorKind};
use antiphon_types::{chat, completions, embeddings};
use schemars::{Schema, schema_for};

use super::*;
use crate::error::ApiError;

fn parsed() -> Value {
    serde_json::from_slice(&document(Unknown::Accepted)).expect("JSON")
}

/// Every operation of the document, each at its place.
fn operations(document: &Value) -> Vec<(String, &Value)> {
    let paths = document["paths"].as_object().expect("paths");
    let methods = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().into_iter().flatten();
        methods.map(move |(method, operation)| (format!("{method} {path}"), operation))
    });
    methods.filter(|(place, _)| !place.starts_with("parameters")).collect()
}

#[test]
fn every_method_of_every_endpoint_is_described() {
    let document = parsed();
    let described: BTreeSet<_> = operations(&document).into_iter().map(|(place, _)| place).collect();
    let served = ENDPOINTS.iter().flat_map(|(path, endpoint)| {
        let methods = endpoint.methods().split(", ").filter(|method| *method != "HEAD");
        methods.map(move |method| format!("{} {path}", method.to_ascii_lowercase()))
    });
    assert_eq!(described, served.collect());
}

#[test]
fn operations_have_names_of_their_own_and_a_known_tag() {
    let document = parsed();
    let mut ids = BTreeSet::new();
    for (place, operation) in operations(&document) {
        assert!(ids.insert(operation["operationId"].as_str().expect("an id")), "{place}");
        let tag = operation["tags"][0].as_str();
        assert!(TAGS.iter().any(|(name, _)| Some(*name) == tag), "{place}: {tag:?}");
    }
}

/// Calls `found` with every reference below a value.
fn references<'a>(value: &'a Value, found: &mut impl FnMut(&'a str)) {
    match value {
        Value::Object(object) => {
            if let Some(Value::String(reference)) = object.get("$ref") {
                found(reference);
            }
            object.values().for_each(|value| references(value, found));
        }
        Value::Array(values) => values.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

#[test]
fn every_reference_leads_somewhere_and_every_component_is_used() {
    let document = parsed();
    let mut used = BTreeSet::new();
    references(&document, &mut |reference| {
        let pointer =
            reference.strip_prefix('#').unwrap_or_else(|| panic!("{reference} is not in the document"));
        assert!(document.pointer(pointer).is_some(), "{reference}");
        used.insert(pointer.to_owned());
    });
    for (kind, components) in document["components"].as_object().expect("components") {
        for name in components.as_object().expect("an object").keys() {
            assert!(used.contains(&format!("/components/{kind}/{name}")), "{kind}: {name}");
        }
    }
}

#[test]
fn every_failure_of_a_backend_is_described() {
    let document = parsed();
    for kind in [
        ErrorKind::InvalidRequest,
        ErrorKind::Unsupported,
        ErrorKind::ContextLength,
        ErrorKind::PermissionDenied,
        ErrorKind::NotFound,
        ErrorKind::RateLimited,
        ErrorKind::Overloaded,
        ErrorKind::Unavailable,
        ErrorKind::Cancelled,
        ErrorKind::Upstream,
        ErrorKind::Timeout,
        ErrorKind::Internal,
        ErrorKind::Contract,
    ] {
        let status = ApiError::from(&BackendError::new(kind, "")).status;
        for (place, operation) in
            operations(&document).iter().filter(|(_, it)| it.get("requestBody").is_some())
        {
            assert!(operation["responses"].get(status.as_str()).is_some(), "{place}: {status}");
        }
    }
}

#[test]
fn fields_of_a_body_are_those_of_its_type_and_described() {
    let document = parsed();
    let check = |name: &str, typed: &Schema| {
        let told = document["components"]["schemas"][name]["properties"].as_object().expect("fields");
        let fields = typed.get("properties").and_then(Value::as_object).expect("fields");
        let [names, typed] = [told, fields].map(|fields| fields.keys().collect::<BTreeSet<_>>());
        assert_eq!(names, typed, "{name}");
        for (field, schema) in told {
            assert!(
                schema["description"].as_str().is_some_and(|text| !text.contains('\n')),
                "{name}: {field}"
            );
        }
    };
    check("CreateChatCompletionRequest", &schema_for!(chat::Request));
    check("CreateCompletionRequest", &schema_for!(completions::Request));
    check("CreateEmbeddingRequest", &schema_for!(embeddings::Request));
}
