//! Validates answers against OpenAI's own schemas.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};
use std::{env, fs};

use jsonschema::Validator;
use serde_json::{Map, Value, json};

use crate::skip::skipped;

/// The environment variable with the path of the schema bundle.
const VARIABLE: &str = "ANTIPHON_WIRE_SCHEMAS";

/// The schema bundle, with the places mended where OpenAI's recorded answers differ from it.
#[derive(Debug)]
pub struct Schemas {
    definitions: Value,
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

impl Schemas {
    /// The bundle that `ANTIPHON_WIRE_SCHEMAS` names; says `skipped` once where it is not set.
    pub fn get() -> Option<&'static Self> {
        static SCHEMAS: OnceLock<Option<Schemas>> = OnceLock::new();
        SCHEMAS.get_or_init(Self::load).as_ref()
    }

    /// Asserts that a value is valid by the definition of this name.
    pub fn check(&self, definition: &str, value: &Value) {
        let validator = self.validator(definition);
        let faults: Vec<String> =
            validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(faults.is_empty(), "not a valid {definition}: {faults:#?}\n{value:#}");
    }

    fn load() -> Option<Self> {
        let Some(path) = env::var_os(VARIABLE).map(PathBuf::from) else {
            skipped(&format!("{VARIABLE} is not set"));
            return None;
        };
        let text = fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("{VARIABLE} names {}: {error}", path.display()));
        let mut bundle: Value = serde_json::from_str(&text).expect("the schema bundle is JSON");
        let patches = bundle["x-reality-patches"].take();
        let mut definitions = bundle["$defs"].take();
        for patch in patches.as_array().expect("a list of patches") {
            apply(patch, &mut definitions);
        }
        Some(Self { definitions, validators: Mutex::default() })
    }

    fn validator(&self, definition: &str) -> Arc<Validator> {
        let mut validators = self.validators.lock().expect("no validation panics while it holds the lock");
        let validator = validators.entry(definition.to_owned()).or_insert_with(|| {
            let schema = json!({
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "$ref": format!("#/$defs/{definition}"),
                "$defs": self.definitions,
            });
            Arc::new(jsonschema::validator_for(&schema).expect("a valid schema"))
        });
        Arc::clone(validator)
    }
}

/// Applies one patch of the bundle: `replace` a value, or `remove_required` a name.
fn apply(patch: &Value, definitions: &mut Value) {
    let steps = patch["path"].as_array().expect("a path");
    let target = steps.iter().fold(definitions, |node, step| match step {
        Value::Number(index) => {
            let index = index.as_u64().and_then(|index| usize::try_from(index).ok()).expect("an index");
            &mut node[index]
        }
        step => {
            let object: &mut Map<String, Value> = node.as_object_mut().expect("an object on the path");
            object.entry(step.as_str().expect("a key")).or_insert(Value::Null)
        }
    });
    match patch["op"].as_str() {
        Some("replace") => *target = patch["value"].clone(),
        Some("remove_required") => {
            let required = target["required"].as_array_mut().expect("a list of required names");
            required.retain(|name| *name != patch["value"]);
        }
        other => panic!("unknown patch {other:?}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::apply;

    #[test]
    fn patches_change_what_they_name() {
        let mut definitions = json!({"A": {"allOf": [{}, {"required": ["x", "y"]}], "properties": {}}});
        apply(&json!({"op": "remove_required", "path": ["A", "allOf", 1], "value": "x"}), &mut definitions);
        apply(&json!({"op": "replace", "path": ["A", "properties", "z"], "value": true}), &mut definitions);
        assert_eq!(
            definitions,
            json!({"A": {"allOf": [{}, {"required": ["y"]}], "properties": {"z": true}}})
        );
    }
}
