//! The request for a completion.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    Extra, TextInput,
    chat::{Stop, StreamOptions},
    whole,
};

/// The body of `POST /completions`, as OpenAI's [reference] has it.
///
/// Ranges are OpenAI's; the type does not check them. An optional field that is null is as one that is absent.
/// The default has no model and no prompt, and is no valid request: begin with [`Request::new`].
///
/// [reference]: https://platform.openai.com/docs/api-reference/completions/create
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "CompletionRequest"))]
#[non_exhaustive]
pub struct Request {
    /// The model's name.
    pub model: String,
    /// What shall be continued; without one, the beginning of a new document.
    ///
    /// Each of many prompts is answered by `n` choices: those of the first prompt, then those of the next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt: Option<TextInput>,
    /// What shall come after the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suffix: Option<String>,
    /// Whether the answer begins with the prompt; default false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub echo: Option<bool>,
    /// The most tokens a choice may take; default 16.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_tokens: Option<u64>,
    /// How freely tokens are chosen, 0 to 2; default 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// Chooses from this share of the likeliest tokens.
    ///
    /// 0 to 1; default 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top_p: Option<f64>,
    /// How many choices each prompt gets, 1 to 128; default 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n: Option<u32>,
    /// How many choices to make, up to 20; default 1.
    ///
    /// The likeliest `n` are answered. Not with `stream`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub best_of: Option<u32>,
    /// Whether the answer comes as a stream; default false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream: Option<bool>,
    /// What a stream carries beside the answer; only with `stream`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream_options: Option<StreamOptions>,
    /// The texts that end the answer, at most four.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop: Option<Stop>,
    /// Penalises tokens by how often they have appeared, -2 to 2; default 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frequency_penalty: Option<f64>,
    /// Penalises tokens that have appeared at all, -2 to 2; default 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub presence_penalty: Option<f64>,
    /// How much tokens, by their ids, are favoured, -100 to 100.
    ///
    /// Whole values are written as integers.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "whole::map")]
    pub logit_bias: Option<BTreeMap<String, f64>>,
    /// How many alternatives are told for each token, 0 to 5.
    ///
    /// Absent: no logprobs at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logprobs: Option<u32>,
    /// Asks for the same answer to the same request.
    ///
    /// Servers try, and do not promise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<i64>,
    /// Who asks, to find those who break the rules.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Request {
    /// Asks a model to continue a prompt, or each of many.
    pub fn new(model: impl Into<String>, prompt: impl Into<TextInput>) -> Self {
        Self { model: model.into(), prompt: Some(prompt.into()), ..Self::default() }
    }

    /// Says whether the answer shall be streamed.
    pub fn is_streaming(&self) -> bool {
        self.stream == Some(true)
    }

    /// Says whether the answer shall begin with the prompt.
    pub fn echoes(&self) -> bool {
        self.echo == Some(true)
    }

    /// Returns how many choices are asked for each prompt; default 1.
    pub fn choices(&self) -> u32 {
        self.n.unwrap_or(1)
    }

    /// Returns the stop texts, however they stand on the wire.
    pub fn stops(&self) -> &[String] {
        self.stop.as_ref().map_or(&[], Stop::as_slice)
    }

    /// Says whether a stream shall end in a piece with the usage.
    pub fn includes_usage(&self) -> bool {
        self.stream_options.as_ref().and_then(|options| options.include_usage) == Some(true)
    }
}
