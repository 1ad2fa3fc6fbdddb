//! Holds the list of backends against their kinds.

use serde_json::{Map, Value};

use super::check::{Shape, gap, join};
use super::error::Fault;
use crate::kinds::Kinds;

const NOT_A_LIST: &str = "must be a list of one backend or more, each a `[[backends]]` table";

/// Checks each backend against its kind, and fills in the kind's defaults.
pub(super) fn check(backends: Value, shape: &Shape<'_>, kinds: &Kinds) -> Result<Value, Fault> {
    let backends = match shape.typed(backends, &Value::Null, "backends") {
        Value::Array(backends) if !backends.is_empty() => backends,
        _ => return Err(Fault::new("backends", NOT_A_LIST)),
    };
    let gap = gap(&backends, "backends");
    // What is wrong with the backend behind the gap says more.
    let there = backends.into_iter().enumerate().filter(|(_, backend)| !backend.is_null());
    let checked =
        there.map(|(index, backend)| check_one(backend, &format!("backends[{index}]"), shape, kinds));
    let checked = checked.collect::<Result<Value, Fault>>()?;
    gap.map_or(Ok(checked), Err)
}

fn check_one(backend: Value, path: &str, shape: &Shape<'_>, kinds: &Kinds) -> Result<Value, Fault> {
    let Value::Object(backend) = backend else { return Err(Fault::new(path, "must be a table")) };
    let mut defaults = defaults(&backend, &join(path, "kind"), kinds)?;
    let checked = shape.table(backend, &defaults, path)?;
    // In the order of the defaults, which is the one that a configuration is printed in.
    defaults.extend(checked);
    defaults.retain(|_, value| !value.is_null());
    Ok(Value::Object(defaults))
}

/// The defaults of a backend's kind, `kind` itself among them.
fn defaults(backend: &Map<String, Value>, key: &str, kinds: &Kinds) -> Result<Map<String, Value>, Fault> {
    let kind = match backend.get("kind") {
        Some(Value::String(kind)) => kind,
        Some(_) => return Err(Fault::new(key, "must be a string")),
        None => return Err(Fault::new(key, "is missing")),
    };
    let mut defaults = kinds.defaults(kind).map_err(|reason| Fault::new(key, reason))?;
    defaults.insert("kind".to_owned(), Value::String(kind.clone()));
    Ok(defaults)
}
