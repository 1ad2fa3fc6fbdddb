//! The table of a request for completions: every field of the API with its type and range.
//!
//! Follows <https://platform.openai.com/docs/api-reference/completions/create>. To add a field of the API: name it here and
//! in `antiphon_types::completions::Request`.

use crate::validate::{Rule, fields, optional};

/// The whole request. A prompt that is absent or null is an empty one.
pub(crate) const REQUEST: Rule = Rule::Object(&[
    fields::MODEL,
    optional("prompt", PROMPT),
    optional("best_of", Rule::Integer { min: 0, max: 20 }),
    optional("echo", Rule::Boolean),
    fields::FREQUENCY_PENALTY,
    fields::LOGIT_BIAS,
    optional("logprobs", Rule::Integer { min: 0, max: 5 }),
    optional("max_tokens", Rule::Integer { min: 0, max: i64::MAX }),
    fields::N,
    fields::PRESENCE_PENALTY,
    fields::SEED,
    fields::STOP,
    fields::STREAM,
    fields::STREAM_OPTIONS,
    optional("suffix", Rule::TEXT),
    fields::TEMPERATURE,
    fields::TOP_P,
    fields::USER,
]);

const PROMPT: Rule = Rule::OneOf(&[
    Rule::TEXT,
    Rule::Array { min: 1, max: fields::MOST_TEXTS, items: &Rule::TEXT },
    fields::TOKENS,
    Rule::Array { min: 1, max: fields::MOST_TEXTS, items: &fields::TOKENS },
]);
