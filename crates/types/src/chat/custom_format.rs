//! What the input of a custom tool may be.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Extra, open_enum::open_enum, tagged::tagged};

/// What the input of a custom tool may be.
///
/// Its `type` says which kind.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum CustomFormat {
    /// Any text.
    Text(FreeTextFormat),
    /// A text of a grammar.
    Grammar(GrammarFormat),
    /// A kind that this version does not know: the whole object.
    #[serde(untagged)]
    Other(Value),
}

tagged!(CustomFormat: "type" { "text" => Text(FreeTextFormat), "grammar" => Grammar(GrammarFormat) } else Other);

impl CustomFormat {
    /// Allows any text.
    pub fn text() -> Self {
        Self::Text(FreeTextFormat::default())
    }

    /// Allows the texts of this grammar.
    pub fn grammar(syntax: GrammarSyntax, definition: impl Into<String>) -> Self {
        Self::Grammar(GrammarFormat::new(Grammar::new(syntax, definition)))
    }
}

/// Any text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct FreeTextFormat {
    /// Fields that this version does not know; OpenAI takes none here.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A text of a grammar.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct GrammarFormat {
    /// The grammar.
    pub grammar: Grammar,
    /// Fields that this version does not know; OpenAI takes none here.
    #[serde(flatten)]
    pub extra: Extra,
}

impl GrammarFormat {
    /// Allows the texts of this grammar.
    pub fn new(grammar: Grammar) -> Self {
        Self { grammar, extra: Extra::new() }
    }
}

/// A grammar and the language it is written in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Grammar {
    /// The grammar's own text.
    pub definition: String,
    /// The language it is written in.
    pub syntax: GrammarSyntax,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Grammar {
    /// Makes a grammar of its own text.
    pub fn new(syntax: GrammarSyntax, definition: impl Into<String>) -> Self {
        Self { definition: definition.into(), syntax, extra: Extra::new() }
    }
}

open_enum! {
    /// The language that a grammar is written in.
    GrammarSyntax {
        Lark = "lark",
        Regex = "regex",
    }
}
