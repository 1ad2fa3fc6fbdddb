//! The log probabilities of a choice, in the form of chats and in that of legacy completions.

use std::collections::BTreeMap;

use antiphon_types::chat::{TokenLogprob, TopLogprob};
use serde::Deserialize;

/// What stands for the probability of a prompt's first token, which is given none: OpenAI's own figure for "hardly".
const UNKNOWN: f64 = -9_999.0;

/// Either form.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Logprobs {
    content: Option<Vec<TokenLogprob>>,
    refusal: Option<Vec<TokenLogprob>>,
    tokens: Option<Vec<String>>,
    #[serde(rename = "token_logprobs")]
    chances: Option<Vec<Option<f64>>>,
    #[serde(rename = "top_logprobs")]
    tops: Option<Vec<Option<BTreeMap<String, f64>>>>,
}

impl Logprobs {
    /// The tokens of the text.
    pub(crate) fn of_text(&mut self) -> Option<Vec<TokenLogprob>> {
        let legacy = || {
            let tokens = self.tokens.take()?;
            let mut logprobs = self.chances.take().unwrap_or_default().into_iter();
            let mut tops = self.tops.take().unwrap_or_default().into_iter();
            let token = |token| {
                let mut token = TokenLogprob::new(token, logprobs.next().flatten().unwrap_or(UNKNOWN));
                token.top_logprobs = likeliest_first(tops.next().flatten().unwrap_or_default());
                token
            };
            Some(tokens.into_iter().map(token).collect())
        };
        self.content.take().or_else(legacy).filter(|tokens: &Vec<_>| !tokens.is_empty())
    }

    /// The tokens of the refusal.
    pub(crate) fn of_refusal(&mut self) -> Option<Vec<TokenLogprob>> {
        self.refusal.take().filter(|tokens| !tokens.is_empty())
    }
}

fn likeliest_first(top: BTreeMap<String, f64>) -> Vec<TopLogprob> {
    let mut top: Vec<_> = top.into_iter().map(|(token, logprob)| TopLogprob::new(token, logprob)).collect();
    top.sort_by(|one, other| other.logprob.total_cmp(&one.logprob));
    top
}
