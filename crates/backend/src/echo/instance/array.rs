//! Writes arrays: as many items as are required.

use serde_json::{Map, Value};

use super::conjunction::{Conjunction, list};
use super::writer::{Dead, Writer};

/// How many items are written to reach a minimum.
const MOST_ITEMS: u64 = 10_000;

/// Writes an array that these schemas allow.
pub(super) fn write<'s>(writer: &mut Writer<'_, 's>, all: &Conjunction<'s>) -> Result<Value, Dead> {
    let contained = all.schemas().filter(|schema| schema.contains_key("contains")).map(most_contained).max();
    let contained = contained.unwrap_or(0);
    let length = all.at_least("minItems").max(contained);
    if length > MOST_ITEMS {
        return Err(writer.dead());
    }
    let differ = all.each("uniqueItems").any(|unique| *unique == Value::Bool(true));
    let mut items = Vec::new();
    for position in 0..length {
        let mut schemas = of_item(all, position);
        if position < contained {
            schemas.extend(all.each("contains"));
        }
        let name = position.to_string();
        let item =
            if differ { writer.variant(position, &name, &schemas)? } else { writer.part(&name, &schemas)? };
        items.push(item);
    }
    if items.is_empty() && writer.wants_more() && all.at_most("maxItems") > 0 {
        items.extend(writer.optional_part("0", &of_item(all, 0))?);
    }
    Ok(Value::Array(items))
}

/// How many items a schema with `contains` asks for.
fn most_contained(schema: &Map<String, Value>) -> u64 {
    schema.get("minContains").and_then(Value::as_u64).unwrap_or(1)
}

/// The schemas that hold for an item.
fn of_item<'s>(all: &Conjunction<'s>, position: u64) -> Vec<&'s Value> {
    let position = usize::try_from(position).unwrap_or(usize::MAX);
    let of_schema = |schema: &'s Map<String, Value>| {
        // Before 2020-12 the list stood in `items`, and the rest in `additionalItems`.
        let (first, rest) = match schema.get("items") {
            Some(Value::Array(first)) => (first.as_slice(), schema.get("additionalItems")),
            items => (list(schema, "prefixItems"), items),
        };
        first.get(position).or(rest)
    };
    all.schemas().filter_map(of_schema).collect()
}
