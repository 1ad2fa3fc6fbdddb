//! The pieces of a grammar that holds a model to calls of tools.

#[cfg(test)]
mod tests;

use antiphon_backend::chat::{self, Function};
use serde_json::{Value, json};

use crate::TemplateError;
use crate::format::Format;
use crate::offer::{Offer, parameters};

/// What an answer that calls tools is made of, for constrained decoding.
///
/// The text is `begin`, then a call, then, where it is [parallel](Self::is_parallel), any number of times `between` and
/// a call, then `end`. A call is one of [`calls`](Self::calls). White space between these is as it is written here.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CallGrammar {
    /// What stands before the first call.
    pub begin: &'static str,
    /// What stands between two calls.
    pub between: &'static str,
    /// What stands behind the last call.
    pub end: &'static str,
    /// The calls that are allowed, one for each tool, at least one.
    pub calls: Vec<CallForm>,
    /// Whether a tool must be called, rather than may.
    pub is_required: bool,
    /// Whether there may be several calls.
    pub is_parallel: bool,
}

/// How a call of one tool is written.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CallForm {
    /// The tool.
    pub name: String,
    /// What stands before the JSON; mostly nothing.
    pub head: String,
    /// The schema of the JSON. Its references are to places within itself.
    pub schema: Value,
}

impl Format {
    /// The grammar of the calls that may answer a request.
    ///
    /// `None` where there are none. The tools are those that `tool_choice` allows, the one that it names, or all.
    ///
    /// # Errors
    /// [`TemplateError::NotFunction`] for a tool of another kind.
    pub fn grammar(self, request: &chat::Request) -> Result<Option<CallGrammar>, TemplateError> {
        let offer = Offer::of(request)?;
        if offer.functions.is_empty() {
            return Ok(None);
        }
        Ok(Some(CallGrammar {
            begin: self.begin(),
            between: self.between(),
            end: self.end(),
            calls: offer.functions.iter().map(|function| self.form(function)).collect(),
            is_required: offer.is_forced,
            is_parallel: request.parallel_tool_calls != Some(false),
        }))
    }

    fn form(self, function: &Function) -> CallForm {
        let name = function.name.clone();
        let mut schema = parameters(function);
        if self == Self::MistralArguments {
            return CallForm { head: format!("{name}[ARGS]"), name, schema };
        }
        let key = self.arguments_key();
        move_references(&mut schema, &format!("#/properties/{key}"));
        let schema = json!({
            "type": "object",
            "properties": {"name": {"const": name}, key: schema},
            "required": ["name", key],
            "additionalProperties": false,
        });
        CallForm { name, head: String::new(), schema }
    }
}

/// Lets the references of a schema point to where it now stands.
fn move_references(schema: &mut Value, root: &str) {
    match schema {
        Value::Object(members) => {
            for (key, value) in members {
                match value {
                    Value::String(reference) if key == "$ref" && reference.starts_with('#') => {
                        reference.replace_range(..1, root);
                    }
                    _ if matches!(key.as_str(), "const" | "enum" | "default" | "examples") => {}
                    _ => move_references(value, root),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| move_references(item, root)),
        _ => {}
    }
}
