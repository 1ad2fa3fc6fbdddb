//! The OpenAPI document that a server serves, and what it says of answers.

use std::net::SocketAddr;

use serde_json::{Value, json};

use crate::http::{Request, Response, send};

/// A server's OpenAPI document.
#[derive(Clone, Debug)]
pub struct Document(Value);

impl Document {
    /// The document that is served at this address.
    pub fn of(address: SocketAddr) -> Self {
        Self(send(address, &Request::get("/openapi.json")).json())
    }

    /// The document as it stands.
    pub fn value(&self) -> &Value {
        &self.0
    }

    /// Asserts that an answer of an operation, such as `get /models`, is one that the document names.
    pub fn check(&self, operation: &str, answer: &Response) {
        let media_type = answer.header("content-type").unwrap_or_default();
        self.validate(self.schema(operation, answer.status(), media_type), &answer.json());
    }

    /// Asserts that the data of an event is what the document says of those that the operation streams.
    pub fn check_data(&self, operation: &str, data: &str) {
        let event = self.schema(operation, 200, "text/event-stream");
        self.validate(event, &json!({"data": data}));
        if data != "[DONE]" {
            let content = &event["properties"]["data"]["anyOf"][0]["contentSchema"];
            self.validate(content, &serde_json::from_str(data).expect("data that is JSON"));
        }
    }

    fn schema(&self, operation: &str, status: u16, media_type: &str) -> &Value {
        let (method, path) = operation.split_once(' ').expect("a method and a path");
        let response = self.resolve(&self.0["paths"][path][method]["responses"][status.to_string()]);
        let schema = &response["content"][media_type]["schema"];
        assert!(schema.is_object(), "{operation} has no {status} of {media_type}");
        schema
    }

    fn validate(&self, schema: &Value, value: &Value) {
        let schema = json!({"allOf": [schema], "components": self.0["components"]});
        let validator = jsonschema::validator_for(&schema).expect("a valid schema");
        let faults: Vec<_> =
            validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(faults.is_empty(), "{faults:#?}\n{value:#}");
    }

    /// Follows a reference, where it is one.
    fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        let reference = value["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
        reference.map_or(value, |pointer| self.0.pointer(pointer).expect("a reference that leads somewhere"))
    }
}
