//! What is asked: a chat or the completion of a prompt.

use std::sync::Arc;

use antiphon_backend::{TextInputItem, chat, completions};
use serde_json::Value;

use crate::sampling::Settings;

/// A request for text.
pub(crate) enum Question {
    Chat(Arc<chat::Request>),
    Completion(Box<completions::Request>),
}

/// A field of a request that cannot be honoured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unusable {
    pub(crate) param: &'static str,
    pub(crate) reason: String,
}

impl Question {
    pub(crate) fn choices(&self) -> u32 {
        match self {
            Self::Chat(request) => request.choices(),
            Self::Completion(request) => request.choices(),
        }
    }

    pub(crate) fn stops(&self) -> &[String] {
        match self {
            Self::Chat(request) => request.stops(),
            Self::Completion(request) => request.stops(),
        }
    }

    /// The token limit that it asks for.
    pub(crate) fn limit(&self) -> Option<u64> {
        match self {
            Self::Chat(request) => request.token_limit(),
            Self::Completion(request) => request.max_tokens,
        }
    }

    pub(crate) fn seed(&self) -> Option<u64> {
        let seed = match self {
            Self::Chat(request) => request.seed,
            Self::Completion(request) => request.seed,
        };
        seed.map(i64::cast_unsigned)
    }

    /// How many of the likeliest tokens it wants to know beside each; `None`: no probabilities.
    pub(crate) fn top_logprobs(&self) -> Option<usize> {
        let top = match self {
            Self::Chat(request) if request.logprobs == Some(true) => Some(request.top_logprobs.unwrap_or(0)),
            Self::Chat(_) => None,
            Self::Completion(request) => request.logprobs,
        };
        top.map(|top| top as usize)
    }

    /// Whether it offers tools.
    pub(crate) fn offers_tools(&self) -> bool {
        match self {
            Self::Chat(request) => offers_tools(request),
            Self::Completion(_) => false,
        }
    }

    /// What the prompt is called in the request.
    pub(crate) fn prompt_param(&self) -> &'static str {
        match self {
            Self::Chat(_) => "messages",
            Self::Completion(_) => "prompt",
        }
    }

    /// The prompt of a completion; of a chat, none.
    pub(crate) fn prompt(&self) -> Option<TextInputItem<'_>> {
        match self {
            Self::Chat(_) => None,
            Self::Completion(request) => {
                let first = request.prompt.as_ref().and_then(|prompt| prompt.iter().next());
                Some(first.unwrap_or(TextInputItem::Text("")))
            }
        }
    }

    /// How tokens are to be chosen, by the request and else by the defaults, of `vocabulary` tokens.
    pub(crate) fn settings(&self, defaults: &Settings, vocabulary: u32) -> Result<Settings, Unusable> {
        let (temperature, top_p, frequency, presence, bias, extra) = match self {
            Self::Chat(request) => (
                request.temperature,
                request.top_p,
                request.frequency_penalty,
                request.presence_penalty,
                &request.logit_bias,
                &request.extra,
            ),
            Self::Completion(request) => (
                request.temperature,
                request.top_p,
                request.frequency_penalty,
                request.presence_penalty,
                &request.logit_bias,
                &request.extra,
            ),
        };
        let or = |value: Option<f64>, default: f32| value.map_or(default, narrow);
        let bias = bias.iter().flatten().map(|(token, bias)| {
            let known = token.parse().ok().filter(|token| *token < vocabulary);
            let reason = || format!("{token} is no token of this model, whose tokens are below {vocabulary}");
            known
                .map(|token| (token, narrow(*bias)))
                .ok_or_else(|| Unusable { param: "logit_bias", reason: reason() })
        });
        Ok(Settings {
            temperature: or(temperature, defaults.temperature),
            top_p: or(top_p, defaults.top_p),
            top_k: top_k(extra.get("top_k"))?.unwrap_or(defaults.top_k),
            min_p: min_p(extra.get("min_p"))?.unwrap_or(defaults.min_p),
            frequency_penalty: or(frequency, 0.0),
            presence_penalty: or(presence, 0.0),
            bias: bias.collect::<Result<_, _>>()?,
        })
    }
}

/// Whether a chat offers tools, by `tools` or by the older `functions`.
pub(crate) fn offers_tools(request: &chat::Request) -> bool {
    let has_tools = request.tools.as_ref().is_some_and(|tools| !tools.is_empty());
    has_tools || request.functions.as_ref().is_some_and(|functions| !functions.is_empty())
}

#[expect(clippy::cast_possible_truncation, reason = "a float of four bytes is all that the logits are")]
fn narrow(value: f64) -> f32 {
    value as f32
}

fn top_k(value: Option<&Value>) -> Result<Option<usize>, Unusable> {
    match value {
        None | Some(Value::Null) => Ok(None),
        // As other servers read it: all.
        Some(value) if value.as_i64() == Some(-1) => Ok(Some(0)),
        Some(value) => match value.as_u64().and_then(|value| usize::try_from(value).ok()) {
            Some(value) => Ok(Some(value)),
            None => Err(Unusable { param: "top_k", reason: "must be an integer from -1 on".to_owned() }),
        },
    }
}

fn min_p(value: Option<&Value>) -> Result<Option<f32>, Unusable> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(value) => match value.as_f64().filter(|value| (0.0..=1.0).contains(value)) {
            Some(value) => Ok(Some(narrow(value))),
            None => Err(Unusable { param: "min_p", reason: "must be a number from 0 to 1".to_owned() }),
        },
    }
}
