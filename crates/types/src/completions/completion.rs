//! The answer to a request, or a piece of it.

use serde::{Deserialize, Serialize};

use super::Logprobs;
use crate::{Extra, Object, Usage, chat::FinishReason, lenient, object};

/// One event of a streamed completion.
pub type StreamEvent = crate::StreamEvent<Completion>;

/// An answer, or a piece of one, as OpenAI's [reference] has it.
///
/// All pieces of an answer have the same `id`, `created` and `model`, and their texts are to be joined, each choice's
/// by its `index`. A stream that fails has an [`ErrorResponse`](crate::ErrorResponse) in the place of a piece, and a
/// stream ends in the data `[DONE]`.
///
/// [reference]: https://platform.openai.com/docs/api-reference/completions/object
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Completion {
    /// The answer's id, such as `cmpl-abc123`.
    pub id: String,
    /// `text_completion`, whole or not.
    #[serde(default = "Object::text_completion", deserialize_with = "object::text_completion")]
    pub object: Object,
    /// When the answer was begun, in Unix seconds.
    #[serde(deserialize_with = "lenient::seconds")]
    pub created: u64,
    /// The model that answers.
    ///
    /// It may be named more exactly than in the request.
    pub model: String,
    /// The choices, as many for each prompt as were asked for.
    ///
    /// In a piece, those that go on.
    pub choices: Vec<Choice>,
    /// What the server runs on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system_fingerprint: Option<String>,
    /// How many tokens it took.
    ///
    /// The outer `None`: absent from the wire; the inner one: null. Where a stream was asked to tell it, it is null on
    /// all pieces but an extra last one, which has no choices.
    #[serde(default, deserialize_with = "lenient::present", skip_serializing_if = "Option::is_none")]
    pub usage: Option<Option<Usage>>,
    /// Random text against guessing by size, in a piece.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub obfuscation: Option<String>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Completion {
    /// Makes an answer or a piece without choices.
    ///
    /// `created` is in Unix seconds.
    pub fn new(id: impl Into<String>, created: u64, model: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            object: Object::TextCompletion,
            created,
            model: model.into(),
            choices: Vec::new(),
            system_fingerprint: None,
            usage: None,
            obfuscation: None,
            extra: Extra::new(),
        }
    }

    /// Adds a choice.
    #[must_use]
    pub fn choice(mut self, choice: Choice) -> Self {
        self.choices.push(choice);
        self
    }

    /// Tells how many tokens it took.
    ///
    /// For a whole answer or a stream's last piece.
    #[must_use]
    pub fn usage(mut self, usage: Usage) -> Self {
        self.usage = Some(Some(usage));
        self
    }

    /// Returns the text of choice 0, or what is added to it.
    pub fn text(&self) -> &str {
        let first = self.choices.iter().find(|choice| choice.index == 0);
        first.map(|choice| choice.text.as_str()).unwrap_or_default()
    }
}

/// One of an answer's choices, or what a piece adds to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Choice {
    /// What the model says; absent or null means nothing.
    #[serde(default, deserialize_with = "lenient::null_as_default")]
    pub text: String,
    /// The choice's number, from 0; absent means 0.
    ///
    /// Of many prompts, the choices of the first come first: choice `i` of `n` for prompt `p` is `p * n + i`.
    #[serde(default, deserialize_with = "lenient::null_as_default")]
    pub index: u32,
    /// How likely its tokens were.
    ///
    /// Always on the wire, null where that was not asked for.
    pub logprobs: Option<Logprobs>,
    /// Why it ended; always on the wire, null until it has.
    pub finish_reason: Option<FinishReason>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Choice {
    /// Makes a choice of this text that has not ended.
    pub fn new(index: u32, text: impl Into<String>) -> Self {
        Self { text: text.into(), index, logprobs: None, finish_reason: None, extra: Extra::new() }
    }

    /// Tells how likely the tokens were.
    #[must_use]
    pub fn logprobs(mut self, logprobs: Logprobs) -> Self {
        self.logprobs = Some(logprobs);
        self
    }

    /// Ends it, as every choice of a whole answer is.
    #[must_use]
    pub fn finish_reason(mut self, reason: FinishReason) -> Self {
        self.finish_reason = Some(reason);
        self
    }
}
