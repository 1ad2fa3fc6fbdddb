//! The models that a server has.

use serde::{Deserialize, Serialize};

use crate::{Extra, Object, lenient, object};

/// One model, as `GET /models/{id}` answers and OpenAI's [reference] has it.
///
/// [reference]: https://platform.openai.com/docs/api-reference/models/object
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Model {
    /// The name to give as `model` in requests.
    pub id: String,
    /// `model`.
    #[serde(default = "Object::model", deserialize_with = "object::model")]
    pub object: Object,
    /// When the model was made, in Unix seconds.
    ///
    /// 0 where a server does not say.
    #[serde(default, deserialize_with = "lenient::null_as_no_seconds")]
    pub created: u64,
    /// Who owns the model, such as `openai` or `system`.
    ///
    /// Empty where a server does not say.
    #[serde(default, deserialize_with = "lenient::null_as_default")]
    pub owned_by: String,
    /// The day (`YYYY-MM-DD`) from which the model no longer answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shutdown_date: Option<String>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Model {
    /// Makes a model of this name, creation time (Unix seconds) and owner.
    pub fn new(id: impl Into<String>, created: u64, owned_by: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            object: Object::Model,
            created,
            owned_by: owned_by.into(),
            shutdown_date: None,
            extra: Extra::new(),
        }
    }
}

/// All models, as `GET /models` answers; there are no pages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ModelList {
    /// `list`.
    #[serde(default = "Object::list", deserialize_with = "object::list")]
    pub object: Object,
    /// The models, each id once.
    pub data: Vec<Model>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl ModelList {
    /// Makes a list of these models.
    pub fn new(data: impl IntoIterator<Item = Model>) -> Self {
        Self { object: Object::List, data: data.into_iter().collect(), extra: Extra::new() }
    }
}

/// Says that a model is gone, as `DELETE /models/{id}` answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ModelDeleted {
    /// The name of the model.
    pub id: String,
    /// `model`.
    #[serde(default = "Object::model", deserialize_with = "object::model")]
    pub object: Object,
    /// Whether it was deleted.
    pub deleted: bool,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl ModelDeleted {
    /// Says that the model of this name was deleted.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), object: Object::Model, deleted: true, extra: Extra::new() }
    }
}
