//! Measures how much work it is to validate an instance, before it is done.

use serde_json::{Map, Value};

use super::document::Document;
use super::writer::Dead;

/// How deep schemas may hold within schemas, at one place and at those below it: validation is recursive.
const MOST_DEPTH: usize = 512;

/// The steps of holding a text against a pattern.
pub(super) fn matching(text: &str) -> usize {
    64 + 16 * text.len()
}

/// Walks a schema as a validator does, and takes its steps from what is left.
///
/// References can make a short schema hold for a place a billion times.
pub(super) struct Effort<'a, 's> {
    document: &'a Document<'s>,
    left: &'a mut u32,
}

impl<'a, 's> Effort<'a, 's> {
    pub(super) fn new(document: &'a Document<'s>, left: &'a mut u32) -> Self {
        Self { document, left }
    }

    /// Takes the steps of one validation.
    pub(super) fn spend(&mut self, instance: &Value) -> Result<(), Dead> {
        self.walk(self.document.root(), instance, 0).ok_or(Dead::Spent)
    }

    fn step(&mut self, steps: usize) -> Option<()> {
        *self.left = self.left.checked_sub(u32::try_from(steps).unwrap_or(u32::MAX))?;
        Some(())
    }

    fn walk(&mut self, schema: &'s Value, instance: &Value, depth: usize) -> Option<()> {
        self.step(1)?;
        let Some(schema) = schema.as_object() else { return Some(()) };
        if depth > MOST_DEPTH {
            return None;
        }
        let document = self.document;
        for part in document.references(schema).chain(here(schema)) {
            self.walk(part, instance, depth + 1)?;
        }
        match instance {
            Value::String(text) if schema.contains_key("pattern") => self.step(matching(text)),
            Value::Object(members) => members.iter().try_for_each(|(name, member)| {
                self.step(1 + patterns_of_names(schema) * matching(name))?;
                of_member(schema, name).try_for_each(|part| self.walk(part, member, depth + 1))
            }),
            Value::Array(items) => items.iter().enumerate().try_for_each(|(position, item)| {
                self.step(1)?;
                of_item(schema, position).try_for_each(|part| self.walk(part, item, depth + 1))
            }),
            _ => Some(()),
        }
    }
}

/// How many patterns a schema holds the names of members against.
fn patterns_of_names(schema: &Map<String, Value>) -> usize {
    let by_pattern = schema.get("patternProperties").and_then(Value::as_object).map_or(0, Map::len);
    by_pattern + usize::from(schema.contains_key("propertyNames"))
}

/// The schemas within one that hold for the same place.
fn here(schema: &Map<String, Value>) -> impl Iterator<Item = &Value> {
    let lists = ["allOf", "anyOf", "oneOf"]
        .into_iter()
        .filter_map(|keyword| schema.get(keyword)?.as_array())
        .flatten();
    let single = ["not", "if", "then", "else"].into_iter().filter_map(|keyword| schema.get(keyword));
    let by_name = ["dependentSchemas", "dependencies"]
        .into_iter()
        .filter_map(|keyword| schema.get(keyword)?.as_object());
    lists.chain(single).chain(by_name.flat_map(Map::values))
}

/// The schemas within one that may hold for a member.
fn of_member<'s>(schema: &'s Map<String, Value>, name: &str) -> impl Iterator<Item = &'s Value> {
    let own = schema.get("properties").and_then(|properties| properties.get(name));
    let by_pattern =
        schema.get("patternProperties").and_then(Value::as_object).into_iter().flat_map(Map::values);
    let any = ["additionalProperties", "unevaluatedProperties", "propertyNames"].into_iter();
    own.into_iter().chain(by_pattern).chain(any.filter_map(|keyword| schema.get(keyword)))
}

/// The schemas within one that may hold for an item.
fn of_item(schema: &Map<String, Value>, position: usize) -> impl Iterator<Item = &Value> {
    let lists = ["prefixItems", "items"].into_iter().filter_map(|keyword| schema.get(keyword)?.as_array());
    let any = ["items", "additionalItems", "contains", "unevaluatedItems"].into_iter();
    lists.filter_map(move |list| list.get(position)).chain(any.filter_map(|keyword| schema.get(keyword)))
}
