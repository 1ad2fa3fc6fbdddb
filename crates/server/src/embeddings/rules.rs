//! The table of a request for embeddings: every field of the API with its type, range and enum.
//!
//! Follows <https://platform.openai.com/docs/api-reference/embeddings/create>. To add a field of the API: name it here and
//! in `antiphon_types::embeddings::Request`.

use crate::validate::{Rule, fields, optional, required};

/// The whole request.
pub(crate) const REQUEST: Rule = Rule::Object(&[
    fields::MODEL,
    required("input", INPUT),
    optional("encoding_format", Rule::Choice(&["float", "base64"])),
    optional("dimensions", Rule::Integer { min: 1, max: MOST_DIMENSIONS }),
    fields::USER,
]);

/// Many more than any model makes; few enough for 2,048 vectors to fit into memory.
const MOST_DIMENSIONS: i64 = 65_536;

/// An empty text has nothing to embed.
const INPUT: Rule = Rule::OneOf(&[
    TEXT,
    Rule::Array { min: 1, max: fields::MOST_TEXTS, items: &TEXT },
    fields::TOKENS,
    Rule::Array { min: 1, max: fields::MOST_TEXTS, items: &fields::TOKENS },
]);
const TEXT: Rule = Rule::String { min: 1, max: usize::MAX };
