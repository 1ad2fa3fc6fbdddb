//! From TOML to the values of a layer, with a note of each that they have no form for.

use std::collections::BTreeMap;

use serde_json::{Map, Number, Value};
use toml::de::{DeInteger, DeTable, DeValue, Error};

use super::check::join;

/// What is found at a key that no setting takes: a date, or a number out of all bounds. The value there is its text.
pub(super) type Foreign = BTreeMap<String, String>;

/// Reads a document.
pub(super) fn document(text: &str) -> Result<(Map<String, Value>, Foreign), Error> {
    let mut foreign = Foreign::new();
    let root = table(DeTable::parse(text)?.get_ref(), "", &mut foreign);
    Ok((root, foreign))
}

/// Reads one value; none where the text is no TOML, or what no setting takes.
pub(super) fn one(text: &str) -> Option<Value> {
    let mut foreign = Foreign::new();
    let value = value(DeValue::parse(text).ok()?.get_ref(), "", &mut foreign);
    foreign.is_empty().then_some(value)
}

fn table(table: &DeTable<'_>, path: &str, foreign: &mut Foreign) -> Map<String, Value> {
    let entries = table.iter().map(|(name, item)| {
        let name = name.get_ref().to_string();
        let item = value(item.get_ref(), &join(path, &name), foreign);
        (name, item)
    });
    entries.collect()
}

fn value(value: &DeValue<'_>, key: &str, foreign: &mut Foreign) -> Value {
    let (found, text) = match value {
        DeValue::String(text) => return text.as_ref().into(),
        DeValue::Boolean(value) => return (*value).into(),
        DeValue::Table(inner) => return table(inner, key, foreign).into(),
        DeValue::Array(items) => {
            let items = items.iter().enumerate();
            return items
                .map(|(at, item)| self::value(item.get_ref(), &format!("{key}[{at}]"), foreign))
                .collect();
        }
        DeValue::Integer(number) => match integer(number) {
            Some(number) => return number.into(),
            None => ("an integer of more than 64 bits".to_owned(), number.to_string()),
        },
        DeValue::Float(number) => match number.as_str().parse().ok().and_then(Number::from_f64) {
            Some(number) => return number.into(),
            None => (format!("`{}`", number.as_str()), number.as_str().to_owned()),
        },
        DeValue::Datetime(time) if time.date.is_none() => ("a time".to_owned(), time.to_string()),
        DeValue::Datetime(date) => ("a date".to_owned(), date.to_string()),
    };
    foreign.insert(key.to_owned(), found);
    text.into()
}

fn integer(number: &DeInteger<'_>) -> Option<Number> {
    let (text, radix) = (number.as_str(), number.radix());
    let signed = i64::from_str_radix(text, radix).map(Number::from);
    signed.or_else(|_| u64::from_str_radix(text, radix).map(Number::from)).ok()
}
