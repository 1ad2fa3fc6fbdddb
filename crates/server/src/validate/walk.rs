//! Holds a tree against its rules.

use std::borrow::Cow;
use std::collections::HashSet;

use super::fault::{Cause, Fault, Length, QUOTED, quoted};
use super::read::MOST_VALUES;
use super::rule::{Field, Key, NAME_LENGTH, NAME_PATTERN, Rule, TOKEN_PATTERN, one_of};
use crate::json::Node;
use crate::models::LONGEST_NAME;

/// What becomes of a field that no rule names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unknown {
    /// It is kept and handed on.
    Accepted,
    /// It is a fault, as it is for OpenAI itself.
    Refused,
}

/// Holds `node` against `rule`.
///
/// # Errors
/// The first fault; `param` is empty where the value itself is of the wrong type.
pub(crate) fn check(node: &Node<'_>, rule: &Rule, unknown: Unknown) -> Result<(), Fault> {
    match (rule, node) {
        (Rule::Boolean, Node::Boolean(_)) => Ok(()),
        (Rule::Integer { min, max }, Node::Unsigned(_) | Node::Signed(_)) => integer(node, *min, *max),
        (Rule::Decimal { min, max }, Node::Unsigned(_) | Node::Signed(_) | Node::Decimal(_)) => {
            decimal(node, *min, *max)
        }
        (Rule::String { min, max }, Node::String(text)) => string(text, *min, *max),
        (Rule::Name, Node::String(text)) => name(text),
        (Rule::Model, Node::String(text)) => model(text),
        (Rule::Choice(supported), Node::String(text)) => choice(text, supported.iter().copied()),
        (Rule::Array { min, max, items }, Node::Array(nodes)) => {
            array(nodes.len(), *min, *max)?;
            nodes.iter().enumerate().try_for_each(|(index, node)| {
                check(node, items, unknown).map_err(|fault| fault.within(&format!("[{index}]")))
            })
        }
        (Rule::Free, Node::Object(_)) => free(node),
        (Rule::Object(fields), Node::Object(entries)) => object(entries, fields, unknown, None),
        (Rule::Map { keys, key, value }, Node::Object(entries)) => map(entries, *keys, key, value, unknown),
        (Rule::Tagged { tag, variants }, Node::Object(entries)) => {
            tagged(node, entries, tag, variants, unknown)
        }
        (Rule::OneOf(rules), _) => {
            let exact = rules.iter().find(|rule| takes_first(rule, node));
            match exact.or_else(|| rules.iter().find(|rule| takes(rule, node))) {
                Some(rule) => check(node, rule, unknown).map_err(|fault| of_any_item(fault, rules, node)),
                None => Err(wrong_type(rule, node)),
            }
        }
        _ => Err(wrong_type(rule, node)),
    }
}

/// Whether a value has the JSON type of `rule`.
fn takes(rule: &Rule, node: &Node<'_>) -> bool {
    match rule {
        Rule::Boolean => matches!(node, Node::Boolean(_)),
        Rule::Integer { .. } => matches!(node, Node::Unsigned(_) | Node::Signed(_)),
        Rule::Decimal { .. } => matches!(node, Node::Unsigned(_) | Node::Signed(_) | Node::Decimal(_)),
        Rule::String { .. } | Rule::Name | Rule::Model | Rule::Choice(_) => matches!(node, Node::String(_)),
        Rule::Array { .. } => matches!(node, Node::Array(_)),
        Rule::Free | Rule::Object(_) | Rule::Map { .. } | Rule::Tagged { .. } => {
            matches!(node, Node::Object(_))
        }
        Rule::OneOf(rules) => rules.iter().any(|rule| takes(rule, node)),
    }
}

/// Whether a value has the JSON type of `rule`, and the first item of an array that of the items.
fn takes_first(rule: &Rule, node: &Node<'_>) -> bool {
    match (rule, node) {
        (Rule::Array { items, .. }, Node::Array(nodes)) => {
            nodes.first().is_none_or(|first| takes_first(items, first))
        }
        _ => takes(rule, node),
    }
}

/// A fault of the type of an array's first item names all types that it may have.
fn of_any_item(mut fault: Fault, rules: &[Rule], node: &Node<'_>) -> Fault {
    let is_of_item = fault.param == "[0]" && matches!(node, Node::Array(_));
    if let Cause::WrongType { expected, .. } = &mut fault.cause
        && is_of_item
    {
        let items = rules.iter().filter_map(|rule| match rule {
            Rule::Array { items, .. } => Some(*items),
            _ => None,
        });
        *expected = one_of(items);
    }
    fault
}

fn wrong_type(rule: &Rule, node: &Node<'_>) -> Fault {
    Fault::new("", Cause::WrongType { expected: rule.expected(), found: node.kind() })
}

fn integer(node: &Node<'_>, min: i64, max: i64) -> Result<(), Fault> {
    let value = match node {
        Node::Unsigned(value) => i128::from(*value),
        Node::Signed(value) => i128::from(*value),
        _ => return Ok(()),
    };
    if value < i128::from(min) {
        return Err(Fault::new("", Cause::IntegerBelow { min, found: value.to_string() }));
    }
    if value > i128::from(max) {
        return Err(Fault::new("", Cause::IntegerAbove { max, found: value.to_string() }));
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "bounds are small; a number beyond 2^53 is out of any")]
fn decimal(node: &Node<'_>, min: f64, max: f64) -> Result<(), Fault> {
    let found = match node {
        Node::Unsigned(value) => *value as f64,
        Node::Signed(value) => *value as f64,
        Node::Decimal(value) => *value,
        _ => return Ok(()),
    };
    if found < min {
        return Err(Fault::new("", Cause::DecimalBelow { min, found }));
    }
    if found > max {
        return Err(Fault::new("", Cause::DecimalAbove { max, found }));
    }
    Ok(())
}

fn string(text: &str, min: usize, max: usize) -> Result<(), Fault> {
    if text.len() < min {
        return Err(Fault::new(
            "",
            Cause::Length { fault: Length::StringTooShort, limit: min, found: text.len() },
        ));
    }
    // A text has at most as many characters as bytes: most are never counted.
    if text.len() > max {
        let found = text.chars().count();
        if found > max {
            return Err(Fault::new("", Cause::Length { fault: Length::StringTooLong, limit: max, found }));
        }
    }
    Ok(())
}

fn name(text: &str) -> Result<(), Fault> {
    string(text, 1, NAME_LENGTH)?;
    if text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-') {
        return Ok(());
    }
    Err(Fault::new("", Cause::Pattern { pattern: NAME_PATTERN }))
}

fn model(text: &str) -> Result<(), Fault> {
    string(text, 1, LONGEST_NAME)?;
    if text.contains(char::is_control) {
        return Err(Fault::new("", Cause::Pattern { pattern: "^[^\\p{Cc}]+$" }));
    }
    Ok(())
}

fn choice(text: &str, mut supported: impl Iterator<Item = &'static str> + Clone) -> Result<(), Fault> {
    let all = supported.clone();
    if supported.any(|value| value == text) {
        return Ok(());
    }
    Err(Fault::new("", Cause::NotSupported { found: text.to_owned(), supported: all.collect() }))
}

fn array(found: usize, min: usize, max: usize) -> Result<(), Fault> {
    if found < min {
        return Err(Fault::new("", Cause::EmptyArray));
    }
    if found > max {
        return Err(Fault::new("", Cause::Length { fault: Length::ArrayTooLong, limit: max, found }));
    }
    Ok(())
}

type Entries<'a> = [(Cow<'a, str>, Node<'a>)];

/// A key that an object has twice, wherever the object stands.
///
/// Objects wider than a whole request may be are passed over: they are refused for that.
fn twice(entries: &Entries<'_>) -> Option<Fault> {
    let repeated = match entries.len() {
        0..=16 => entries.iter().enumerate().find(|(at, (key, _))| {
            let earlier = &entries[..*at];
            earlier.iter().any(|(other, _)| other == key)
        }),
        17..=MOST_VALUES => {
            let mut seen = HashSet::with_capacity(entries.len());
            entries.iter().enumerate().find(|(_, (key, _))| !seen.insert(key.as_ref()))
        }
        _ => None,
    };
    repeated.map(|(_, (key, _))| Fault::new(quoted(key, QUOTED), Cause::Twice))
}

/// What no rule names is kept as it is, if it gives no key twice.
fn free(node: &Node<'_>) -> Result<(), Fault> {
    match node {
        Node::Object(entries) => {
            twice(entries).map_or(Ok(()), Err)?;
            entries.iter().try_for_each(|(key, node)| free(node).map_err(|fault| fault.within_key(key)))
        }
        Node::Array(nodes) => {
            let mut numbered = nodes.iter().enumerate();
            numbered.try_for_each(|(at, node)| free(node).map_err(|fault| fault.within(&format!("[{at}]"))))
        }
        _ => Ok(()),
    }
}

/// Missing fields come before unknown ones, and those before the faults of values, as with OpenAI.
fn object(entries: &Entries<'_>, fields: &[Field], unknown: Unknown, tag: Option<&str>) -> Result<(), Fault> {
    let mut given: Vec<Option<&Node<'_>>> = vec![None; fields.len()];
    let mut surplus = twice(entries);
    for (key, node) in entries {
        match fields.iter().position(|field| field.name == key) {
            Some(position) => given[position] = Some(node),
            None if unknown == Unknown::Refused && tag != Some(key) => {
                surplus.get_or_insert_with(|| Fault::new(quoted(key, QUOTED), Cause::Unknown));
            }
            None if surplus.is_none() => surplus = free(node).err().map(|fault| fault.within_key(key)),
            None => {}
        }
    }
    let missing = fields.iter().zip(&given).find(|(field, node)| field.required && node.is_none());
    if let Some((field, _)) = missing {
        return Err(Fault::new(field.name, Cause::Missing));
    }
    if let Some(fault) = surplus {
        return Err(fault);
    }
    for (field, node) in fields.iter().zip(given) {
        match node {
            None => {}
            Some(Node::Null) if !field.required => {}
            Some(node) => check(node, &field.rule, unknown).map_err(|fault| fault.within(field.name))?,
        }
    }
    Ok(())
}

fn map(
    entries: &Entries<'_>,
    most: usize,
    key_rule: &Key,
    value: &Rule,
    unknown: Unknown,
) -> Result<(), Fault> {
    if entries.len() > most {
        return Err(Fault::new(
            "",
            Cause::Length { fault: Length::TooManyKeys, limit: most, found: entries.len() },
        ));
    }
    twice(entries).map_or(Ok(()), Err)?;
    for (key, node) in entries {
        match key_rule {
            Key::Text(max) => {
                let found = key.chars().count();
                if found > *max {
                    let cause = Cause::Length { fault: Length::KeyTooLong, limit: *max, found };
                    return Err(Fault::new(quoted(key, QUOTED), cause));
                }
            }
            Key::Token if key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_digit()) => {
                return Err(Fault::new(quoted(key, QUOTED), Cause::Pattern { pattern: TOKEN_PATTERN }));
            }
            Key::Token => {}
        }
        check(node, value, unknown).map_err(|fault| fault.within_key(key))?;
    }
    Ok(())
}

fn tagged(
    node: &Node<'_>,
    entries: &Entries<'_>,
    tag: &'static str,
    variants: &[(&'static str, &'static [Field])],
    unknown: Unknown,
) -> Result<(), Fault> {
    let text = match node.get(tag) {
        Some(Node::String(text)) => text,
        Some(other) => return Err(wrong_type(&Rule::TEXT, other).within(tag)),
        None => return Err(Fault::new(tag, Cause::Missing)),
    };
    match variants.iter().find(|(name, _)| name == text) {
        Some((_, fields)) => object(entries, fields, unknown, Some(tag)),
        None => choice(text, variants.iter().map(|(name, _)| *name)).map_err(|fault| fault.within(tag)),
    }
}
