//! The schemas of requests and answers, by name.

use antiphon_types::ErrorResponse;
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::operations::Body;
use crate::validate::{Unknown, schema};

/// The schemas that were asked for so far.
pub(super) struct Schemas {
    answers: SchemaGenerator,
    requests: Map<String, Value>,
    unknown: Unknown,
}

/// Adds the schema of a type to others, and returns it or a reference to it.
pub(super) type Typed = fn(&mut SchemaGenerator) -> Schema;

impl Schemas {
    /// No schemas yet; those of requests refuse unknown fields or do not.
    pub(super) fn new(unknown: Unknown) -> Self {
        let settings = SchemaSettings::draft2020_12().for_serialize().with(|settings| {
            settings.definitions_path = "/components/schemas".into();
            settings.meta_schema = None;
        });
        let answers = settings.with_transform(RecursiveTransform(for_readers)).into_generator();
        Self { answers, requests: Map::new(), unknown }
    }

    /// The schema of an answer.
    pub(super) fn answer(&mut self, typed: Typed) -> Value {
        typed(&mut self.answers).to_value()
    }

    /// The schema of every failure.
    pub(super) fn failure(&mut self) -> Value {
        self.answer(SchemaGenerator::subschema_for::<ErrorResponse>)
    }

    /// The schema of an operation's body: its rules, and its type's words for the fields.
    pub(super) fn request(&mut self, operation: &str, body: &Body) -> Value {
        let mut schema = schema(body.rule, self.unknown);
        let typed = (body.typed)(&mut SchemaGenerator::default());
        for (name, field) in schema["properties"].as_object_mut().into_iter().flatten() {
            let description = typed.get("properties").map(|fields| &fields[name]["description"]);
            if let Some(Value::String(description)) = description {
                field["description"] = plain(description).into();
            }
        }
        let (first, rest) = operation.split_at(1);
        let name = format!("{}{rest}Request", first.to_ascii_uppercase());
        let reference = json!({"$ref": format!("#/components/schemas/{name}")});
        self.requests.insert(name, schema);
        reference
    }

    /// All schemas.
    pub(super) fn finish(mut self) -> Map<String, Value> {
        let mut schemas = self.answers.take_definitions(true);
        schemas.append(&mut self.requests);
        schemas
    }
}

/// The schema of a type itself, with references to no others than those below it.
pub(super) fn whole<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    T::json_schema(generator)
}

/// Takes what is for Rust alone out of a description.
fn for_readers(schema: &mut Schema) {
    if let Some(Value::String(description)) = schema.get_mut("description") {
        *description = plain(description);
    }
}

/// The first paragraph of a documentation, with the texts of its links in their places.
fn plain(documentation: &str) -> String {
    let paragraph = documentation.split("\n\n").next().unwrap_or_default().replace('\n', " ");
    let mut plain = String::new();
    for (position, piece) in paragraph.split('`').enumerate() {
        if position > 0 {
            plain.push('`');
        }
        // Between backticks stands code, whose brackets are its own.
        if position % 2 == 1 {
            plain.push_str(piece);
            continue;
        }
        let mut pieces = piece.split(']');
        plain.extend(pieces.next().unwrap_or_default().split('['));
        for after in pieces {
            let target = after.strip_prefix('(').and_then(|target| target.split_once(')'));
            plain.extend(target.map_or(after, |(_, rest)| rest).split('['));
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn descriptions_have_no_links_and_one_paragraph() {
        for (documentation, expected) in [
            (
                "One model, as [reference] has it.\n\n[reference]: https://x",
                "One model, as reference has it.",
            ),
            ("An [`Error`](crate::Error) of\na [kind](x), or [`None`].", "An `Error` of a kind, or `None`."),
            ("As in `messages[0].role`.", "As in `messages[0].role`."),
        ] {
            assert_eq!(plain(documentation), expected);
        }
    }
}
