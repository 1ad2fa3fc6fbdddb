//! Writes objects: what is required, in the order of the schema.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::conjunction::Conjunction;
use super::document::Document;
use super::effort::matching;
use super::writer::{Dead, Writer};
use super::{pattern, string};

/// How many properties are made up to reach a minimum.
const MOST_MADE_UP: u64 = 1_000;

/// Writes an object that these schemas allow.
pub(super) fn write<'s>(writer: &mut Writer<'_, 's>, all: &Conjunction<'s>) -> Result<Value, Dead> {
    let (document, names) = (writer.document(), required(all));
    let required: HashSet<_> = names.iter().copied().collect();
    let (mut written, mut added) = (Map::new(), writer.take_added());
    for name in all.each("properties").filter_map(Value::as_object).flat_map(Map::keys) {
        writer.spend(of_names(document, name))?;
        if written.contains_key(name) {
            continue;
        }
        let is_required = required.contains(&**name);
        let is_added = !is_required && added & 1 == 1;
        added >>= u32::from(!is_required);
        if is_required || is_added {
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
    let all_names = of_all_names(all);
    let made_up = (0..2 * least).flat_map(|number| made_up(document, all, &all_names, number));
    for name in declared.chain(made_up) {
        if written.len() as u64 >= least {
            break;
        }
        writer.spend(of_names(document, &name) + name.len() / 64)?;
        if written.contains_key(&name) || !takes_name(document, &all_names, &name) {
            continue;
        }
        let schemas = of_property(document, all, &name);
        if !schemas.contains(&&Value::Bool(false)) {
            written.insert(name.clone(), writer.part(&name, &schemas)?);
        }
    }
    Ok(())
}

/// Names of a property that nothing declares: such as the patterns ask for, and others for each number.
fn made_up(
    document: &Document<'_>,
    all: &Conjunction<'_>,
    all_names: &Conjunction<'_>,
    number: u64,
) -> Vec<String> {
    let by_pattern = all.each("patternProperties").filter_map(Value::as_object).flat_map(Map::keys);
    let mut names: Vec<_> = by_pattern.filter_map(|pattern| pattern::smallest(pattern, number)).collect();
    let plain = format!("property{number}");
    if all_names.format().is_none() && takes_name(document, all_names, &plain) {
        names.push(plain);
    } else {
        let place = usize::try_from(number).unwrap_or(usize::MAX);
        let listed = all_names.listed().and_then(|names| names.get(place)).and_then(Value::as_str);
        names.extend(listed.map(str::to_owned));
        names.extend(string::candidates(all_names, number));
    }
    names
}

/// Whether a property may have a name, as far as the schema says in place.
fn takes_name(document: &Document<'_>, all_names: &Conjunction<'_>, name: &str) -> bool {
    let characters = name.chars().count() as u64;
    let fits = (all_names.at_least("minLength")..=all_names.at_most("maxLength")).contains(&characters);
    let is_listed = all_names.listed().is_none_or(|names| names.iter().any(|listed| listed == name));
    let mut patterns = all_names.each("pattern").filter_map(Value::as_str);
    fits && is_listed && patterns.all(|pattern| document.matches(pattern, name))
}

/// The schemas that hold for the names of all properties.
fn of_all_names<'s>(all: &Conjunction<'s>) -> Conjunction<'s> {
    let mut all_names = Conjunction::default();
    for schema in all.each("propertyNames").filter_map(Value::as_object) {
        all_names.insert(schema);
    }
    all_names
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
