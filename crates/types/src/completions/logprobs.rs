//! How likely the tokens of an answer were.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Extra, chat::TokenLogprob, lenient};

/// How likely the tokens of a choice or a piece were.
///
/// Each list has an item for each token.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Logprobs {
    /// The texts of the tokens.
    #[serde(default, deserialize_with = "lenient::null_as_default")]
    pub tokens: Vec<String>,
    /// The natural logarithms of their probabilities, finite.
    ///
    /// Null for the first token of an echoed prompt.
    #[serde(default, deserialize_with = "lenient::null_as_default")]
    pub token_logprobs: Vec<Option<f64>>,
    /// The likeliest tokens at each place, with their logprobs.
    ///
    /// Null where `token_logprobs` is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top_logprobs: Option<Vec<Option<BTreeMap<String, f64>>>>,
    /// Where the tokens begin, in characters; the text of the prompt counts.
    #[serde(default, deserialize_with = "lenient::null_as_default")]
    pub text_offset: Vec<u64>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Logprobs {
    /// Adds a token of chat that begins at this place.
    ///
    /// The likeliest tokens at its place are told where there are any.
    pub fn push(&mut self, token: TokenLogprob, text_offset: u64) {
        let top: BTreeMap<_, _> =
            token.top_logprobs.into_iter().map(|top| (top.token, top.logprob)).collect();
        if self.top_logprobs.is_some() || !top.is_empty() {
            let tops = self.top_logprobs.get_or_insert_default();
            tops.resize(self.tokens.len(), None);
            tops.push(Some(top).filter(|top| !top.is_empty()));
        }
        self.tokens.push(token.token);
        self.token_logprobs.push(Some(token.logprob));
        self.text_offset.push(text_offset);
    }
}
