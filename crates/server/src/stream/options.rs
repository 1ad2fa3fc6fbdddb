//! What the caller of a stream wants to see in it beside the answer.

use antiphon_types::chat::StreamOptions;

use crate::api::Api;
use crate::identifier;

/// What the caller wants to see in the chunks beside the answer.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Options {
    /// A chunk of its own with the usage, before the end; all others say `"usage": null`.
    pub(crate) usage: bool,
    /// Random text in every chunk, which hides the length of its content from who sees only sizes.
    pub(crate) obfuscation: bool,
}

impl Options {
    /// What a request asks for, and what the configuration says where it does not.
    pub(crate) fn of(asked: Option<&StreamOptions>, api: &Api) -> Self {
        Self {
            usage: asked.and_then(|options| options.include_usage).unwrap_or(false),
            obfuscation: asked
                .and_then(|options| options.include_obfuscation)
                .unwrap_or_else(|| api.obfuscation()),
        }
    }
}

/// Random letters that fill a text of `length` bytes up to a multiple of 16.
pub(crate) fn padding(length: usize) -> String {
    identifier::with_letters("", 16 - length % 16)
}
