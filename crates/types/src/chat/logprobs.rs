//! How likely the tokens of an answer were.

use serde::{Deserialize, Serialize};

use crate::{Extra, lenient};

/// How likely the tokens of a choice or a chunk were.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "ChatLogprobs"))]
#[non_exhaustive]
pub struct Logprobs {
    /// The tokens of the content.
    ///
    /// Always on the wire, null where there are none.
    pub content: Option<Vec<TokenLogprob>>,
    /// The tokens of the refusal.
    ///
    /// Always on the wire, null where there are none.
    pub refusal: Option<Vec<TokenLogprob>>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Logprobs {
    /// Tells the tokens of the content.
    pub fn content(tokens: impl IntoIterator<Item = TokenLogprob>) -> Self {
        Self { content: Some(tokens.into_iter().collect()), ..Self::default() }
    }

    /// Tells the tokens of the refusal.
    pub fn refusal(tokens: impl IntoIterator<Item = TokenLogprob>) -> Self {
        Self { refusal: Some(tokens.into_iter().collect()), ..Self::default() }
    }
}

/// A token, how likely it was, and its alternatives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct TokenLogprob {
    /// The token's text.
    pub token: String,
    /// The natural logarithm of its probability: finite, at most 0.
    ///
    /// `-9999.0` where it is all but impossible.
    pub logprob: f64,
    /// The token's UTF-8 bytes, perhaps part of a character.
    ///
    /// Always on the wire, null where there are none.
    pub bytes: Option<Vec<u8>>,
    /// The likeliest tokens at this place, as many as were asked for.
    #[serde(default, deserialize_with = "lenient::null_as_default")]
    pub top_logprobs: Vec<TopLogprob>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl TokenLogprob {
    /// Makes a token with its text's bytes and no alternatives.
    pub fn new(token: impl Into<String>, logprob: f64) -> Self {
        let token = token.into();
        let bytes = Some(token.as_bytes().to_vec());
        Self { token, logprob, bytes, top_logprobs: Vec::new(), extra: Extra::new() }
    }
}

/// A token that could have stood at a place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct TopLogprob {
    /// The token's text.
    pub token: String,
    /// The natural logarithm of its probability: finite, at most 0.
    pub logprob: f64,
    /// The token's UTF-8 bytes, perhaps part of a character.
    ///
    /// Always on the wire, null where there are none.
    pub bytes: Option<Vec<u8>>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl TopLogprob {
    /// Makes a token with its logprob and its text's bytes.
    pub fn new(token: impl Into<String>, logprob: f64) -> Self {
        let token = token.into();
        let bytes = Some(token.as_bytes().to_vec());
        Self { token, logprob, bytes, extra: Extra::new() }
    }
}
