//! The OpenAPI document, made of the tables and types that requests are read by and answers written from.

mod operations;
mod schemas;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::ContentType;
use bytes::Bytes;
use serde_json::{Map, Value, json};

use self::operations::{FAILURES, Operation, TAGS};
use self::schemas::Schemas;
use crate::api::Api;
use crate::models::LONGEST_NAME;
use crate::paths::ENDPOINTS;
use crate::validate::Unknown;

/// What a reader of the document has to know before the rest.
const DESCRIPTION: &str = "An OpenAI-compatible API. Every path is answered with and without `/v1` before it. A failure \
    of any kind has the envelope of `ErrorResponse`: a path that is not listed here is a 404, a method that is not \
    listed a 405 with `allow`. A stream ends in `data: [DONE]`; one that fails has an `ErrorResponse` as the data of \
    the event before that.";

/// `GET /v1/openapi.json`.
pub(crate) fn serve(api: &Api) -> HttpResponse {
    HttpResponse::Ok().content_type(ContentType::json()).body(api.openapi())
}

/// Writes the document of an API that treats unknown fields so, as OpenAPI 3.1 in JSON.
pub(crate) fn document(unknown: Unknown) -> Bytes {
    let mut schemas = Schemas::new(unknown);
    let paths: Map<_, _> = ENDPOINTS
        .iter()
        .map(|(path, endpoint)| {
            let mut item = Map::new();
            for method in endpoint.methods().split(", ").filter(|method| *method != "HEAD") {
                let operation = Operation::of(endpoint, method);
                item.insert(method.to_ascii_lowercase(), described(&operation, &mut schemas));
            }
            if let Some(parameters) = parameters(path) {
                item.insert("parameters".to_owned(), parameters);
            }
            ((*path).to_owned(), Value::Object(item))
        })
        .collect();
    let failures = failures(&mut schemas);
    let document = json!({
        "openapi": "3.1.1",
        "info": {"title": "Antiphon", "version": env!("CARGO_PKG_VERSION"), "description": DESCRIPTION},
        // Beside the document, wherever that is mounted, with `/v1` or without.
        "servers": [{"url": "."}],
        "tags": TAGS.map(|(name, description)| json!({"name": name, "description": description})),
        "paths": paths,
        "components": {"schemas": schemas.finish(), "responses": failures, "headers": headers()},
    });
    Bytes::from(document.to_string())
}

/// One method of a path.
fn described(operation: &Operation, schemas: &mut Schemas) -> Value {
    let mut content = json!({"application/json": {"schema": schemas.answer(operation.answer)}});
    if let Some(chunk) = operation.chunk {
        content["text/event-stream"] = json!({"schema": event(&schemas.answer(chunk), &schemas.failure())});
    }
    let mut responses = Map::new();
    responses.insert("200".to_owned(), answer("The answer.", &content));
    for status in operation.failures.iter().chain(&[StatusCode::INTERNAL_SERVER_ERROR]) {
        let name = name(*status);
        responses
            .insert(status.as_str().to_owned(), json!({"$ref": format!("#/components/responses/{name}")}));
    }
    let mut described = json!({
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": operation.summary,
        "responses": responses,
    });
    if let Some(body) = &operation.body {
        let schema = schemas.request(operation.id, body);
        described["requestBody"] =
            json!({"required": true, "content": {"application/json": {"schema": schema}}});
    }
    described
}

/// One event of a stream, as OpenAPI 3.2 has them: the parts of the event, and the JSON within its data.
fn event(chunk: &Value, failure: &Value) -> Value {
    let data = json!({
        "type": "string",
        "contentMediaType": "application/json",
        "contentSchema": {"anyOf": [chunk, failure]},
    });
    json!({
        "type": "object",
        "required": ["data"],
        "properties": {"data": {"anyOf": [data, {"type": "string", "const": "[DONE]"}]}},
    })
}

/// What stands in braces in a path.
fn parameters(path: &str) -> Option<Value> {
    let (_, name) = path.split_once('{')?;
    Some(json!([{
        "name": name.trim_end_matches('}'),
        "in": "path",
        "required": true,
        "description": "The name of the model; slashes may stand in it as they are.",
        "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_NAME},
    }]))
}

/// The failures, by the names of their statuses.
fn failures(schemas: &mut Schemas) -> Map<String, Value> {
    let content = json!({"application/json": {"schema": schemas.failure()}});
    let mut failures = Map::new();
    for (status, description) in FAILURES {
        let mut failure = answer(description, &content);
        if [StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE].contains(status) {
            failure["headers"]["retry-after"] = header_named("retry-after");
        }
        failures.insert(name(*status), failure);
    }
    failures
}

/// A status by its reason, as in `NotFound`.
fn name(status: StatusCode) -> String {
    status.canonical_reason().unwrap_or_default().split(' ').collect()
}

fn answer(description: &str, content: &Value) -> Value {
    let headers = json!({
        "x-request-id": header_named("x-request-id"),
        "openai-processing-ms": header_named("openai-processing-ms"),
    });
    json!({"description": description, "headers": headers, "content": content})
}

fn header_named(name: &str) -> Value {
    json!({"$ref": format!("#/components/headers/{name}")})
}

fn headers() -> Value {
    let integer = json!({"type": "integer", "minimum": 0});
    json!({
        "x-request-id": {"description": "The request's id: the client's own, or a new one.", "schema": {"type": "string"}},
        "openai-processing-ms": {"description": "How long the answer, or its beginning, took.", "schema": integer},
        "retry-after": {"description": "The seconds to wait, where a time is known.", "schema": integer},
    })
}

#[cfg(test)]
mod tests;
