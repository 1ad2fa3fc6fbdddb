//! The moderation that a request asks for.

use serde::{Deserialize, Serialize};

use crate::{Extra, open_enum::open_enum};

/// What a moderation model does with the prompt and the answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ModerationOptions {
    /// The moderation model.
    pub model: String,
    /// What is done with its findings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<ModerationPolicy>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl ModerationOptions {
    /// Asks for moderation by this model.
    pub fn new(model: impl Into<String>) -> Self {
        Self { model: model.into(), policy: None, extra: Extra::new() }
    }
}

/// What is done with findings in the prompt and in the answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ModerationPolicy {
    /// For the prompt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input: Option<ModerationConfig>,
    /// For the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<ModerationConfig>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What is done with findings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ModerationConfig {
    /// Whether they are told or refused.
    pub mode: ModerationMode,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl ModerationConfig {
    /// Makes a configuration of this mode.
    pub fn new(mode: ModerationMode) -> Self {
        Self { mode, extra: Extra::new() }
    }
}

open_enum! {
    /// Whether findings are told or refused.
    ModerationMode {
        /// They are told.
        Score = "score",
        /// They are refused.
        Block = "block",
    }
}
