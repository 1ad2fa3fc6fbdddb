//! Answers keep to JSON and to schemas.

use antiphon_backend::chat::{FinishReason, JsonSchema, ResponseFormat};
use antiphon_backend::{ErrorKind, chat};
use serde_json::{Value, json};

use crate::model::{self, answer, request};

fn formatted(text: &str, format: ResponseFormat) -> chat::Request {
    let mut request = request(text).max_completion_tokens(200);
    request.response_format = Some(format);
    request
}

fn person() -> Value {
    json!({
        "type": "object",
        "properties": {
            "name": {"type": "string", "maxLength": 20},
            "age": {"type": "integer", "minimum": 0, "maximum": 150},
            "trade": {"enum": ["baker", "smith", "weaver"]},
        },
        "required": ["name", "age", "trade"],
        "additionalProperties": false,
    })
}

#[tokio::test]
async fn every_answer_keeps_to_the_schema() {
    let Some(backend) = model::backend() else { return };
    let validator = jsonschema::validator_for(&person()).unwrap();
    for seed in 0..6 {
        let format = ResponseFormat::json_schema(JsonSchema::new("person", person()));
        let mut request = formatted("Invent a person.", format);
        request.temperature = Some(if seed == 0 { 0.0 } else { 1.5 });
        request.seed = Some(seed);
        let choice = answer(&backend, request).await.unwrap().choices.remove(0);
        assert_eq!(choice.finish, FinishReason::Stop, "{}", choice.text);
        let instance: Value = serde_json::from_str(&choice.text).unwrap();
        assert!(validator.is_valid(&instance), "{instance}");
    }
}

#[tokio::test]
async fn json_object_is_an_object() {
    let Some(backend) = model::backend() else { return };
    let request =
        formatted("Write a JSON object with one key, \"a\", that is 1.", ResponseFormat::json_object());
    let choice = answer(&backend, request).await.unwrap().choices.remove(0);
    match choice.finish {
        FinishReason::Stop => assert!(serde_json::from_str::<Value>(&choice.text).unwrap().is_object()),
        // Cut off: then it is the begin of one.
        finish => assert!(finish == FinishReason::Length && choice.text.starts_with('{'), "{}", choice.text),
    }
}

#[tokio::test]
async fn schema_that_cannot_be_kept_to_is_refused() {
    let Some(backend) = model::backend() else { return };
    let schemas = [
        json!({"type": "nonsense"}),
        json!({"type": "string", "pattern": "(?=a)b"}),
        json!({"$ref": "http://example.com/schema.json"}),
        json!({"type": "object", "unevaluatedProperties": {"type": "string"}, "x-guidance": {"lenient": true}}),
        json!(false),
    ];
    for schema in schemas {
        let format = ResponseFormat::json_schema(JsonSchema::new("x", schema.clone()));
        let error = answer(&backend, formatted("Hello", format)).await.expect_err(&schema.to_string());
        assert_eq!(
            (error.kind(), error.code()),
            (ErrorKind::InvalidRequest, Some("invalid_json_schema")),
            "{schema}"
        );
    }
}
