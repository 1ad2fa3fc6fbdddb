//! What the configuration says of single models: `[[models]]`.

use std::collections::HashSet;

use antiphon_backend::{Capability, ModelInfo};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::check::{Shape, gap};
use super::error::Fault;

/// What its backend does not say of a model: a table of `[[models]]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ModelConfig {
    /// The id of the model, as its backend has it; `*` is the wildcard.
    pub id: String,
    /// Where the model's reasoning stands. Default `apart`.
    pub reasoning: Reasoning,
    /// Asks the prompts of legacy completions as chats, each as the message of a user. Default `false`.
    pub completions_by_chat: bool,
}

/// Where the reasoning of a model stands in what its backend yields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Reasoning {
    /// In events of its own, or nowhere: `apart`.
    #[default]
    Apart,
    /// At the start of the text, between `<think>` and `</think>`: `tags`.
    Tags,
    /// At the start of the text, up to `</think>`, because the prompt ends in `<think>`: `begun`.
    Begun,
}

impl ModelConfig {
    /// The settings of the model with this id.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), ..Self::default() }
    }

    /// The model, as it is with these settings.
    pub(crate) fn apply(&self, model: ModelInfo) -> ModelInfo {
        let model = match self.reasoning {
            Reasoning::Apart => model,
            Reasoning::Tags => model.with(Capability::ThinkTags),
            Reasoning::Begun => model.with(Capability::ThinkBegun),
        };
        if self.completions_by_chat { model.with(Capability::CompletionsByChat) } else { model }
    }
}

/// Checks the keys and types of each table.
pub(super) fn check(models: Value, shape: &Shape<'_>) -> Result<Value, Fault> {
    let Value::Array(models) = shape.typed(models, &Value::Null, "models") else {
        return Err(Fault::new("models", "must be a list of `[[models]]` tables"));
    };
    gap(&models, "models").map_or(Ok(()), Err)?;
    let defaults = match serde_json::to_value(ModelConfig::default()) {
        Ok(Value::Object(defaults)) => defaults,
        _ => Map::new(),
    };
    let mut ids = HashSet::new();
    let checked = models.into_iter().enumerate().map(|(index, model)| {
        let path = format!("models[{index}]");
        let Value::Object(model) = model else { return Err(Fault::new(path, "must be a table")) };
        let model = shape.table(model, &defaults, &path)?;
        match model.get("id").and_then(Value::as_str) {
            None => Err(Fault::new(format!("{path}.id"), "is missing")),
            Some(id) if !ids.insert(id.to_owned()) => {
                Err(Fault::new(format!("{path}.id"), format_args!("there is a table for `{id}` before")))
            }
            Some(_) => Ok(Value::Object(model)),
        }
    });
    checked.collect()
}
