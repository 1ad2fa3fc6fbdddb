//! Writes objects: what is required, in the order of the schema.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::conjunction::Conjunction;
use super::document::Document;
use super::effort::matching;
use super::pattern;
use super::writer::{Dead, Writer};

/// How many properties are made up to reach a minimum.
const MOST_MADE_UP: u64 = 1_000;

/// Writes an object that these schemas allow.
pub(super) fn write<'s>(writer: &mut Writer<'_, 's>, all: &Conjunction<'s>) -> Result<Value, Dead> {
    let (document, names) = (writer.document(), required(all));
    let required: HashSet<_> = names.iter().copied().collect();
    let mut written = Map::new();
    for name in all.each("properties").filter_map(Value::as_object).flat_map(Map::keys) {
        writer.spend(of_names(document, name))?;
        if written.contains_key(name) {
            continue;
        }
        if required.contains(&**name) {
            written.insert(name.clone(), writer.part(name, &of_property(document, all, name))?);
        } else if writer.wants_more() {
            let part = writer.optional_part(name, &of_property(document, all, name))?;
            written.extend(part.map(|value| (name.clone(), value)));
        }
    }
    for name in names {
        writer.spend(of_names(document, name))?;
        if !written.contains_key(name) {
            written.insert(name.to_owned(), writer.part(name, &of_property(document, all, name))?);
        }
    }
    fill_up(writer, all, &mut written)?;
    if writer.wants_more() && all.each("additionalProperties").any(Value::is_object) {
        let part = writer.optional_part("message", &of_property(document, all, "message"))?;
        written.extend(part.map(|value| ("message".to_owned(), value)));
    }
    Ok(Value::Object(written))
}

/// The steps of holding a name against the patterns of names.
fn of_names(document: &Document<'_>, name: &str) -> usize {
    1 + document.patterns() * matching(name)
}

/// Adds properties until there are enough: those of the schema, then such that are made up.
fn fill_up<'s>(
    writer: &mut Writer<'_, 's>,
    all: &Conjunction<'s>,
    written: &mut Map<String, Value>,
) -> Result<(), Dead> {
    let (document, least) = (writer.document(), all.at_least("minProperties"));
    if written.len() as u64 >= least {
        return Ok(());
    }
    if least > MOST_MADE_UP {
        return Err(writer.dead());
    }
    let declared = all.each("properties").filter_map(Value::as_object).flat_map(Map::keys).cloned();
    let names =
        all.each("propertyNames").filter_map(|names| pattern::smallest(names.get("pattern")?.as_str()?, 0));
    let made_up = (0..least).map(|number| format!("property{number}"));
    for name in declared.chain(names).chain(made_up) {
        if written.len() as u64 >= least {
            break;
        }
        let schemas = of_property(document, all, &name);
        if written.contains_key(&name) || schemas.contains(&&Value::Bool(false)) {
            continue;
        }
        written.insert(name.clone(), writer.part(&name, &schemas)?);
    }
    Ok(())
}

/// The names that have to be there, in their order; behind them those that they bring with them.
fn required<'s>(all: &Conjunction<'s>) -> Vec<&'s str> {
    let lists = ["dependentRequired", "dependencies"].into_iter().flat_map(|keyword| all.each(keyword));
    let dependent: Vec<_> = lists.filter_map(Value::as_object).collect();
    let mut names: Vec<_> = all.each("required").flat_map(texts).collect();
    let mut known: HashSet<_> = names.iter().copied().collect();
    let mut next = 0;
    while let Some(name) = names.get(next) {
        let more = dependent.iter().filter_map(|dependent| dependent.get(*name)).flat_map(texts);
        let more: Vec<_> = more.filter(|name| known.insert(name)).collect();
        names.extend(more);
        next += 1;
    }
    names
}

fn texts(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str)
}

/// The schemas that hold for a property.
fn of_property<'s>(document: &Document<'s>, all: &Conjunction<'s>, name: &str) -> Vec<&'s Value> {
    let mut schemas = Vec::new();
    for schema in all.schemas() {
        let before = schemas.len();
        schemas.extend(schema.get("properties").and_then(|properties| properties.get(name)));
        let by_pattern = schema.get("patternProperties").and_then(Value::as_object).into_iter().flatten();
        schemas.extend(
            by_pattern.filter(|(pattern, _)| document.matches(pattern, name)).map(|(_, schema)| schema),
        );
        if schemas.len() == before {
            schemas.extend(schema.get("additionalProperties"));
        }
    }
    if schemas.is_empty() {
        schemas.extend(all.each("unevaluatedProperties"));
    }
    schemas
}
