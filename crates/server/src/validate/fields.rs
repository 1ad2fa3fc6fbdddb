//! The fields that the requests of several endpoints have in common.

use super::rule::{Field, Key, Rule, optional, required};

pub(crate) const MODEL: Field = required("model", Rule::Model);
pub(crate) const TEMPERATURE: Field = optional("temperature", Rule::Decimal { min: 0.0, max: 2.0 });
pub(crate) const TOP_P: Field = optional("top_p", Rule::Decimal { min: 0.0, max: 1.0 });
pub(crate) const N: Field = optional("n", Rule::Integer { min: 1, max: 128 });
pub(crate) const STREAM: Field = optional("stream", Rule::Boolean);
pub(crate) const STREAM_OPTIONS: Field = optional(
    "stream_options",
    Rule::Object(&[optional("include_usage", Rule::Boolean), optional("include_obfuscation", Rule::Boolean)]),
);
pub(crate) const STOP: Field =
    optional("stop", Rule::OneOf(&[STOP_TEXT, Rule::Array { min: 0, max: 4, items: &STOP_TEXT }]));
pub(crate) const FREQUENCY_PENALTY: Field = optional("frequency_penalty", PENALTY);
pub(crate) const PRESENCE_PENALTY: Field = optional("presence_penalty", PENALTY);
pub(crate) const LOGIT_BIAS: Field = optional(
    "logit_bias",
    Rule::Map { keys: 1_024, key: Key::Token, value: &Rule::Integer { min: -100, max: 100 } },
);
pub(crate) const SEED: Field = optional("seed", Rule::Integer { min: i64::MIN, max: i64::MAX });
pub(crate) const USER: Field = optional("user", Rule::TEXT);

const PENALTY: Rule = Rule::Decimal { min: -2.0, max: 2.0 };
const STOP_TEXT: Rule = Rule::String { min: 1, max: 1_024 };

/// The tokens of one text, by their ids.
pub(crate) const TOKENS: Rule =
    Rule::Array { min: 1, max: usize::MAX, items: &Rule::Integer { min: 0, max: u32::MAX as i64 } };

/// Prompts or inputs of one request, at the most.
pub(crate) const MOST_TEXTS: usize = 2_048;
