//! Says a rule as a JSON Schema.

use serde_json::{Map, Value, json};

use super::rule::{Field, Key, NAME_LENGTH, NAME_PATTERN, Rule, TOKEN_PATTERN};
use super::walk::Unknown;
use crate::models::LONGEST_NAME;

/// No control characters, in words that every reader of patterns knows: not all know `\p{Cc}`.
const MODEL_PATTERN: &str = r"^[^\x00-\x1f\x7f-\x9f]+$";

/// Says a rule as a JSON Schema of draft 2020-12.
///
/// What the schema refuses, the rule does; lengths in bytes and keys that stand twice are the rule's alone to refuse.
pub(crate) fn schema(rule: &Rule, unknown: Unknown) -> Value {
    match rule {
        Rule::Boolean => json!({"type": "boolean"}),
        Rule::Integer { min, max } => json!({"type": "integer", "minimum": min, "maximum": max}),
        Rule::Decimal { min, max } => json!({"type": "number", "minimum": min, "maximum": max}),
        Rule::String { min, max } => {
            bounded(json!({"type": "string"}), ("minLength", *min), ("maxLength", *max))
        }
        Rule::Name => bounded(
            json!({"type": "string", "pattern": NAME_PATTERN}),
            ("minLength", 1),
            ("maxLength", NAME_LENGTH),
        ),
        Rule::Model => bounded(
            json!({"type": "string", "pattern": MODEL_PATTERN}),
            ("minLength", 1),
            ("maxLength", LONGEST_NAME),
        ),
        Rule::Choice(supported) => json!({"type": "string", "enum": supported}),
        Rule::Array { min, max, items } => bounded(
            json!({"type": "array", "items": schema(items, unknown)}),
            ("minItems", *min),
            ("maxItems", *max),
        ),
        Rule::Free => json!({"type": "object"}),
        Rule::Object(fields) => object(fields, Map::new(), unknown),
        Rule::Map { keys, key, value } => json!({
            "type": "object",
            "maxProperties": keys,
            "propertyNames": match key {
                Key::Text(most) => json!({"maxLength": most}),
                Key::Token => json!({"pattern": TOKEN_PATTERN}),
            },
            "additionalProperties": schema(value, unknown),
        }),
        Rule::Tagged { tag, variants } => {
            let kinds = variants.iter().map(|(kind, fields)| {
                let tag = [((*tag).to_owned(), json!({"type": "string", "const": kind}))];
                object(fields, tag.into_iter().collect(), unknown)
            });
            json!({"oneOf": kinds.collect::<Vec<_>>()})
        }
        Rule::OneOf(rules) => {
            json!({"anyOf": rules.iter().map(|rule| schema(rule, unknown)).collect::<Vec<_>>()})
        }
    }
}

/// Adds those bounds that bound anything.
fn bounded(mut schema: Value, (least, min): (&str, usize), (most, max): (&str, usize)) -> Value {
    if min > 0 {
        schema[least] = min.into();
    }
    if max < usize::MAX {
        schema[most] = max.into();
    }
    schema
}

/// An object of these fields, and of a tag that must be there too.
fn object(fields: &[Field], tag: Map<String, Value>, unknown: Unknown) -> Value {
    let required: Vec<_> = tag
        .keys()
        .cloned()
        .chain(fields.iter().filter(|field| field.required).map(|field| field.name.to_owned()))
        .collect();
    let mut properties = tag;
    for field in fields {
        let schema = schema(&field.rule, unknown);
        let schema = if field.required { schema } else { or_null(schema) };
        properties.insert(field.name.to_owned(), schema);
    }
    let mut object = json!({"type": "object", "properties": properties});
    if !required.is_empty() {
        object["required"] = required.into();
    }
    if unknown == Unknown::Refused {
        object["additionalProperties"] = false.into();
    }
    object
}

/// Takes null too.
fn or_null(mut schema: Value) -> Value {
    for kinds in ["anyOf", "oneOf"] {
        if let Some(Value::Array(kinds)) = schema.get_mut(kinds) {
            kinds.push(json!({"type": "null"}));
            return schema;
        }
    }
    if let Some(Value::Array(supported)) = schema.get_mut("enum") {
        supported.push(Value::Null);
    }
    schema["type"] = json!([schema["type"], "null"]);
    schema
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::{optional, required};

    fn check(rule: &Rule, expected: &Value) {
        assert_eq!(&schema(rule, Unknown::Accepted), expected);
    }

    #[test]
    fn bounds_are_said_where_there_are_some() {
        check(&Rule::Integer { min: 1, max: 8 }, &json!({"type": "integer", "minimum": 1, "maximum": 8}));
        check(&Rule::TEXT, &json!({"type": "string"}));
        check(&Rule::String { min: 1, max: 2 }, &json!({"type": "string", "minLength": 1, "maxLength": 2}));
        check(
            &Rule::Array { min: 1, max: usize::MAX, items: &Rule::Boolean },
            &json!({"type": "array", "items": {"type": "boolean"}, "minItems": 1}),
        );
        check(
            &Rule::Map { keys: 2, key: Key::Token, value: &Rule::TEXT },
            &json!({"type": "object", "maxProperties": 2, "propertyNames": {"pattern": "^[0-9]+$"},
                "additionalProperties": {"type": "string"}}),
        );
    }

    #[test]
    fn optional_fields_may_be_null() {
        const FIELDS: &[Field] = &[
            required("model", Rule::TEXT),
            optional("user", Rule::TEXT),
            optional("tier", Rule::Choice(&["a"])),
            optional("stop", Rule::OneOf(&[Rule::TEXT, Rule::list(&Rule::TEXT)])),
        ];
        let expected = json!({"type": "object", "required": ["model"], "properties": {
            "model": {"type": "string"},
            "user": {"type": ["string", "null"]},
            "tier": {"type": ["string", "null"], "enum": ["a", null]},
            "stop": {"anyOf": [
                {"type": "string"}, {"type": "array", "items": {"type": "string"}}, {"type": "null"},
            ]},
        }});
        check(&Rule::Object(FIELDS), &expected);
    }

    #[test]
    fn a_tag_tells_kinds_apart() {
        const RULE: Rule =
            Rule::Tagged { tag: "type", variants: &[("a", &[required("x", Rule::Free)]), ("b", &[])] };
        let kind = |name: &str| json!({"type": "string", "const": name});
        let expected = json!({"oneOf": [
            {"type": "object", "required": ["type", "x"], "properties": {"type": kind("a"), "x": {"type": "object"}}},
            {"type": "object", "required": ["type"], "properties": {"type": kind("b")}},
        ]});
        check(&RULE, &expected);
    }

    #[test]
    fn objects_are_closed_where_unknown_fields_are_refused_but_free_ones() {
        const RULE: Rule = Rule::Object(&[required("schema", Rule::Free)]);
        let expected = json!({"type": "object", "required": ["schema"], "additionalProperties": false,
            "properties": {"schema": {"type": "object"}}});
        assert_eq!(schema(&RULE, Unknown::Refused), expected);
    }
}
