//! The smaller options of a request.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Content, TextPart};
use crate::{Extra, open_enum::open_enum, tagged::tagged};

/// What a stream carries beside the answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct StreamOptions {
    /// Whether a last chunk tells the usage; default false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include_usage: Option<bool>,
    /// Whether chunks are padded with random text; OpenAI's default is true.
    ///
    /// Padded, they do not tell their tokens by their sizes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include_obfuscation: Option<bool>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What the answer will mostly be, so that it comes faster.
///
/// Its `type` says which kind.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Prediction {
    /// A text, such as the file that shall be changed.
    Content(PredictedContent),
    /// A kind that this version does not know: the whole object.
    #[serde(untagged)]
    Other(Value),
}

tagged!(Prediction: "type" { "content" => Content(PredictedContent) } else Other);

impl Prediction {
    /// Predicts this text.
    pub fn content(content: impl Into<Content<TextPart>>) -> Self {
        Self::Content(PredictedContent { content: content.into(), extra: Extra::new() })
    }
}

/// The text that the answer will mostly be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct PredictedContent {
    /// The text.
    pub content: Content<TextPart>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

open_enum! {
    /// How much a model thinks before it answers; default `medium`.
    ReasoningEffort {
        None = "none",
        Minimal = "minimal",
        Low = "low",
        Medium = "medium",
        High = "high",
        /// Very high.
        XHigh = "xhigh",
        Max = "max",
    }
}

open_enum! {
    /// How long an answer is; default `medium`.
    Verbosity {
        Low = "low",
        Medium = "medium",
        High = "high",
    }
}

open_enum! {
    /// What an answer is made of; default text alone.
    Modality {
        Text = "text",
        Audio = "audio",
    }
}

open_enum! {
    /// At what speed and price a request is served; default `auto`.
    ServiceTier {
        /// As the project is set; answered as the tier that was used.
        Auto = "auto",
        Default = "default",
        Flex = "flex",
        Scale = "scale",
        Priority = "priority",
        Fast = "fast",
    }
}
