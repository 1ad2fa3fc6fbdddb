//! How prompts are cached.

use serde::{Deserialize, Serialize};

use crate::{Extra, open_enum::open_enum};

/// How the prompt is cached.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct PromptCacheOptions {
    /// Who says where cached prefixes end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<PromptCacheMode>,
    /// How long prefixes are kept, such as `30m`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ttl: Option<String>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// The end of a prefix of the prompt that shall be cached.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct PromptCacheBreakpoint {
    /// `explicit`.
    pub mode: PromptCacheMode,
    /// How long the prefix is kept, such as `30m`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ttl: Option<String>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl PromptCacheBreakpoint {
    /// Makes an explicit breakpoint.
    pub fn explicit() -> Self {
        Self { mode: PromptCacheMode::Explicit, ttl: None, extra: Extra::new() }
    }
}

open_enum! {
    /// Who says where cached prefixes end.
    PromptCacheMode {
        /// The server.
        Implicit = "implicit",
        /// The breakpoints in the request.
        Explicit = "explicit",
    }
}

open_enum! {
    /// How long a prompt is cached (deprecated).
    PromptCacheRetention {
        /// As long as there is memory.
        InMemory = "in_memory",
        /// A day.
        Day = "24h",
    }
}
