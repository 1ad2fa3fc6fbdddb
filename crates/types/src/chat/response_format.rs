//! What form the answer's text shall have.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Extra, tagged::tagged};

/// What form the answer's text shall have; its `type` says which.
///
/// ```
/// use antiphon_types::{
///     chat::{JsonSchema, Message, Request, ResponseFormat},
///     json,
/// };
///
/// let schema = json!({
///     "type": "object",
///     "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
///     "required": ["name", "age"],
///     "additionalProperties": false,
/// });
/// let request = Request::new("gpt-5.5", [Message::user("Ada is 36.")])
///     .response_format(ResponseFormat::json_schema(JsonSchema::new("person", schema).strict()));
/// assert!(serde_json::to_string(&request)?.contains(r#""response_format":{"type":"json_schema","json_schema":{"name":"person""#));
///
/// // The answer's text is then JSON to read into a type of one's own.
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum ResponseFormat {
    /// Any text: the default.
    Text(TextFormat),
    /// Some JSON object.
    JsonObject(JsonObjectFormat),
    /// JSON that follows a schema.
    JsonSchema(JsonSchemaFormat),
    /// A kind that this version does not know: the whole object.
    #[serde(untagged)]
    Other(Value),
}

tagged!(ResponseFormat: "type" {
    "text" => Text(TextFormat),
    "json_object" => JsonObject(JsonObjectFormat),
    "json_schema" => JsonSchema(JsonSchemaFormat),
} else Other);

impl ResponseFormat {
    /// Asks for any text.
    pub fn text() -> Self {
        Self::Text(TextFormat::default())
    }

    /// Asks for some JSON object.
    pub fn json_object() -> Self {
        Self::JsonObject(JsonObjectFormat::default())
    }

    /// Asks for JSON that follows a schema.
    pub fn json_schema(json_schema: JsonSchema) -> Self {
        Self::JsonSchema(JsonSchemaFormat { json_schema, extra: Extra::new() })
    }
}

/// Any text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct TextFormat {
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Some JSON object.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct JsonObjectFormat {
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// JSON that follows a schema.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct JsonSchemaFormat {
    /// The schema and its name.
    pub json_schema: JsonSchema,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A schema for the answer, with its name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct JsonSchema {
    /// The name: letters, digits, `_` and `-`, at most 64.
    pub name: String,
    /// What the answer is for, for the model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The JSON Schema, an object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<Value>,
    /// Whether the answer shall follow the schema exactly; default false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strict: Option<bool>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl JsonSchema {
    /// Names a JSON Schema, an object.
    pub fn new(name: impl Into<String>, schema: Value) -> Self {
        Self { name: name.into(), description: None, schema: Some(schema), strict: None, extra: Extra::new() }
    }

    /// Says what the answer is for.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Asks for an answer that follows the schema exactly.
    #[must_use]
    pub fn strict(mut self) -> Self {
        self.strict = Some(true);
        self
    }
}
