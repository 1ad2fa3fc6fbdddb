//! JSON Schemas where a derive cannot tell what stands on the wire.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

/// Any string, with those that are known by name.
pub(crate) fn open_enum(known: &[&str]) -> Schema {
    json_schema!({"anyOf": [{"type": "string", "enum": known}, {"type": "string"}]})
}

/// The schema of the object whose tag says that it is of this kind.
pub(crate) fn kind<T: JsonSchema>(generator: &mut SchemaGenerator, tag: &str, kind: &str) -> Schema {
    let mut schema = generator.subschema_for::<T>();
    require(&mut schema, tag, json!({"type": "string", "const": kind}));
    schema
}

/// The schema of an object whose tag says that it is of none of these kinds.
pub(crate) fn other_kind(tag: &str, known: &[&str]) -> Schema {
    let mut schema = json_schema!({"type": "object"});
    require(&mut schema, tag, json!({"type": "string", "not": {"enum": known}}));
    schema
}

/// Adds the tag of a text part that stands alone.
pub(crate) fn text_alone(schema: &mut Schema) {
    require(schema, "type", json!({"type": "string", "const": "text"}));
}

/// Requires no field, of an object that has on the wire only what it adds.
pub(crate) fn nothing_required(schema: &mut Schema) {
    schema.remove("required");
}

fn require(schema: &mut Schema, field: &str, value: Value) {
    let object = schema.ensure_object();
    let properties = object.entry("properties").or_insert_with(|| json!({}));
    properties[field] = value;
    let required = object.entry("required").or_insert_with(|| json!([]));
    if let Value::Array(required) = required {
        required.push(field.into());
    }
}

/// Returns the schema of an object whose kind stands in a tag: of what `tagged::variant!` reads.
macro_rules! tagged_schema {
    ($generator:ident, $tag:literal { $($kind:literal => $variant:ident($payload:ty)),+ }) => {
        schemars::json_schema!({
            "oneOf": [$($crate::json_schema::kind::<$payload>($generator, $tag, $kind)),+],
        })
    };
    ($generator:ident, $tag:literal { $($kind:literal => $variant:ident($payload:ty)),+ } else $other:ident) => {
        schemars::json_schema!({
            "oneOf": [
                $($crate::json_schema::kind::<$payload>($generator, $tag, $kind),)+
                $crate::json_schema::other_kind($tag, &[$($kind),+]),
            ],
        })
    };
}

pub(crate) use tagged_schema;
