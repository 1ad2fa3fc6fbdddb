//! What moderation found.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Extra, lenient, open_enum::open_enum, tagged::tagged};

/// What moderation found in the prompt and in the answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Moderation {
    /// In the prompt.
    pub input: ModerationOutcome,
    /// In the answer.
    pub output: ModerationOutcome,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Moderation {
    /// Makes it of the outcomes for the prompt and for the answer.
    pub fn new(input: ModerationOutcome, output: ModerationOutcome) -> Self {
        Self { input, output, extra: Extra::new() }
    }
}

/// What moderation found, or why it could not; its `type` says which.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum ModerationOutcome {
    /// What was found.
    #[serde(rename = "moderation_results")]
    Results(ModerationResults),
    /// Why nothing could be found.
    Error(ModerationError),
    /// A kind that this version does not know: the whole object.
    #[serde(untagged)]
    Other(Value),
}

tagged!(ModerationOutcome: "type" {
    "moderation_results" => Results(ModerationResults),
    "error" => Error(ModerationError),
} else Other);

/// What a moderation model found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ModerationResults {
    /// The moderation model.
    pub model: String,
    /// What it found, one result an input.
    pub results: Vec<ModerationResult>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl ModerationResults {
    /// Makes the findings of this model.
    pub fn new(model: impl Into<String>, results: impl IntoIterator<Item = ModerationResult>) -> Self {
        Self { model: model.into(), results: results.into_iter().collect(), extra: Extra::new() }
    }
}

/// Why moderation failed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ModerationError {
    /// Why, for programs.
    pub code: String,
    /// Why, for people.
    pub message: String,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl ModerationError {
    /// Makes an error of this code and message.
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code: code.into(), message: message.into(), extra: Extra::new() }
    }
}

/// What was found in one input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ModerationResult {
    /// `moderation_result`.
    #[serde(rename = "type", default, deserialize_with = "lenient::null_as_default")]
    pub kind: ModerationResultKind,
    /// The moderation model.
    pub model: String,
    /// Whether any category applies.
    pub flagged: bool,
    /// Whether each category applies.
    pub categories: BTreeMap<String, bool>,
    /// How surely each category applies, 0 to 1.
    pub category_scores: BTreeMap<String, f64>,
    /// Which kinds of input each score is of.
    pub category_applied_input_types: BTreeMap<String, Vec<ModerationInput>>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl ModerationResult {
    /// Makes a result in which no category is named yet.
    pub fn new(model: impl Into<String>, flagged: bool) -> Self {
        Self {
            kind: ModerationResultKind::default(),
            model: model.into(),
            flagged,
            categories: BTreeMap::new(),
            category_scores: BTreeMap::new(),
            category_applied_input_types: BTreeMap::new(),
            extra: Extra::new(),
        }
    }
}

open_enum! {
    /// The `type` of a moderation result.
    #[derive(Default)]
    ModerationResultKind {
        #[default]
        ModerationResult = "moderation_result",
    }
}

open_enum! {
    /// The kind of an input that was moderated.
    ModerationInput {
        Text = "text",
        Image = "image",
    }
}
