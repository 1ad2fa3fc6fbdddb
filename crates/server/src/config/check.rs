//! Holds the merged values against the keys and types of the defaults.

use serde_json::{Map, Value};

use super::error::Fault;
use super::layers::Layers;
use super::nearest::did_you_mean;
use super::{backends, models, values};
use crate::kinds::Kinds;

/// Checks every key and type, and fills in each backend's defaults.
pub(super) fn check(
    mut values: Map<String, Value>,
    defaults: &Map<String, Value>,
    layers: &Layers,
    kinds: &Kinds,
) -> Result<Value, Fault> {
    let shape = Shape { defaults, layers };
    let backends = values.shift_remove("backends").unwrap_or_default();
    let models = values.shift_remove("models");
    let mut checked = shape.table(values, defaults, "")?;
    if let Some(models) = models {
        checked.insert("models".to_owned(), models::check(models, &shape)?);
    }
    checked.insert("backends".to_owned(), backends::check(backends, &shape, kinds)?);
    Ok(Value::Object(checked))
}

/// The keys and types that values must have, taken from the defaults.
pub(super) struct Shape<'a> {
    defaults: &'a Map<String, Value>,
    layers: &'a Layers,
}

impl Shape<'_> {
    /// Checks a value against the default in its place, which stands for its type; null stands for any.
    fn value(&self, value: Value, default: &Value, key: &str) -> Result<Value, Fault> {
        match (default, self.typed(value, default, key)) {
            (Value::Null, value) => Ok(value),
            (Value::Object(defaults), Value::Object(table)) => {
                self.table(table, defaults, key).map(Value::Object)
            }
            (Value::Array(defaults), Value::Array(items)) => {
                gap(&items, key).map_or(Ok(()), Err)?;
                let default = defaults.first().unwrap_or(&Value::Null);
                let items = items.into_iter().enumerate();
                items.map(|(index, item)| self.value(item, default, &format!("{key}[{index}]"))).collect()
            }
            (default, value) => {
                let foreign = self.layers.foreign(key);
                if foreign.is_none() && is_of_type(&value, default) {
                    return Ok(value);
                }
                let (expected, found) = (type_name(default), foreign.unwrap_or_else(|| type_name(&value)));
                Err(Fault::new(key, format_args!("must be {expected}, not {found}")))
            }
        }
    }

    /// A variable is text: where no text is expected, it is read as TOML.
    pub(super) fn typed(&self, value: Value, default: &Value, key: &str) -> Value {
        match &value {
            Value::String(text) if !default.is_string() && self.layers.is_variable(key) => {
                values::one(text).unwrap_or(value)
            }
            _ => value,
        }
    }

    /// Checks the keys of a table; one whose default is empty takes any.
    pub(super) fn table(
        &self,
        table: Map<String, Value>,
        defaults: &Map<String, Value>,
        path: &str,
    ) -> Result<Map<String, Value>, Fault> {
        if defaults.is_empty() {
            return Ok(table);
        }
        let mut checked = Map::new();
        for (name, value) in table {
            let key = join(path, &name);
            let default = defaults.get(&name).ok_or_else(|| self.unknown(&key, &name, defaults, path))?;
            checked.insert(name, self.value(value, default, &key)?);
        }
        Ok(checked)
    }

    fn unknown(&self, key: &str, name: &str, siblings: &Map<String, Value>, path: &str) -> Fault {
        let valid: Vec<String> = siblings.keys().map(|sibling| join(path, sibling)).collect();
        let elsewhere: Vec<String> = self.defaults.iter().flat_map(paths).collect();
        let hint = did_you_mean(name, &valid, &elsewhere);
        Fault { key: key.to_owned(), message: format!("unknown key `{key}`{hint}") }
    }
}

/// Refuses a name of the root that would be taken for a path, as in `"server.bind" = …`.
pub(super) fn bare(values: &Map<String, Value>, defaults: &Map<String, Value>) -> Result<(), Fault> {
    let Some(name) = values.keys().find(|name| name.contains(['.', '['])) else { return Ok(()) };
    let last = name.rsplit(['.', '[']).next().unwrap_or(name);
    let sections: Vec<String> = defaults.keys().cloned().collect();
    let keys: Vec<String> = defaults.iter().flat_map(paths).collect();
    let hint = did_you_mean(last, &sections, &keys);
    Err(Fault { key: name.clone(), message: format!("unknown key `\"{name}\"`{hint}") })
}

/// A hole in a list, which variables alone can make, by a number too high.
pub(super) fn gap(items: &[Value], key: &str) -> Option<Fault> {
    let free = items.iter().position(Value::is_null)?;
    let beyond = free + items[free..].iter().position(|item| !item.is_null())?;
    let reason = format_args!("leaves a gap: the next free number is {free}");
    Some(Fault::new(format!("{key}[{beyond}]"), reason))
}

/// The path of a name within a table; the root's is empty.
pub(super) fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// The paths of the keys of one section.
fn paths((section, keys): (&String, &Value)) -> Vec<String> {
    let keys = keys.as_object().into_iter().flat_map(Map::keys);
    keys.map(|key| join(section, key)).collect()
}

fn is_of_type(value: &Value, default: &Value) -> bool {
    match (default, value) {
        (Value::Number(default), Value::Number(value)) => default.is_f64() || !value.is_f64(),
        (Value::String(_), Value::String(_)) | (Value::Bool(_), Value::Bool(_)) => true,
        _ => false,
    }
}

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(number) if number.is_f64() => "a number with a fraction",
        Value::Number(_) => "an integer",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "a table",
    }
}
