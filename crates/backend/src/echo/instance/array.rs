//! Writes arrays: as many items as are required.

use std::collections::HashSet;

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
    let (mut items, mut known, mut added) = (Vec::new(), HashSet::new(), 0);
    for position in 0..length {
        let mut schemas = of_item(all, position);
        if position < contained {
            schemas.extend(all.each("contains"));
        }
        let name = position.to_string();
        if !differ {
            items.push(writer.part(&name, &schemas)?);
            continue;
        }
        let mut item = writer.variant(position, added, &name, &schemas)?;
        // What has nothing else to differ by may have something optional.
        while known.contains(&item) && added <= position {
            added += 1;
            item = writer.variant(position, added, &name, &schemas)?;
        }
        known.insert(item.clone());
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
