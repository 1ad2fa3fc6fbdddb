//! The marks of a vocabulary: tokens that a tokenizer knows by their text, and cuts nothing else out of.

use std::collections::HashMap;

use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::token::LlamaToken;
use llama_cpp_2::token_type::LlamaTokenAttr;

/// Marks that are read as text where they come in an answer: thoughts and calls of tools are known by them.
pub(crate) const READ: [&str; 8] = [
    "<think>",
    "</think>",
    "<tool_call>",
    "</tool_call>",
    "<|python_tag|>",
    "[TOOL_CALLS]",
    "[ARGS]",
    "[CALL_ID]",
];

/// The marks of a model.
#[derive(Debug)]
pub(crate) struct Marks {
    by_text: HashMap<String, Mark>,
    read: Vec<LlamaToken>,
}

/// One mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Mark {
    token: LlamaToken,
    /// Whether no other tokens write its text.
    is_control: bool,
}

impl Marks {
    pub(crate) fn of(model: &LlamaModel) -> Self {
        let vocabulary = model.vocab();
        let marks = (0..model.n_vocab()).map(LlamaToken::new).filter_map(|token| {
            let attributes = vocabulary.attr(token);
            let is_control = attributes.contains(LlamaTokenAttr::Control);
            let is_mark = is_control
                || attributes.contains(LlamaTokenAttr::UserDefined)
                || attributes.contains(LlamaTokenAttr::Unknown);
            let text = is_mark.then(|| String::from_utf8(vocabulary.token_to_piece(token, true, None)).ok());
            Some((text.flatten()?, Mark { token, is_control }))
        });
        let by_text: HashMap<_, _> = marks.collect();
        let read = READ.iter().filter_map(|text| by_text.get(*text)).map(|mark| mark.token).collect();
        Self { by_text, read }
    }

    /// Their texts.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        self.by_text.keys().map(String::as_str)
    }

    /// The token of a text that no other tokens write.
    pub(crate) fn control(&self, text: &str) -> Option<u32> {
        let mark = self.by_text.get(text).filter(|mark| mark.is_control)?;
        u32::try_from(mark.token.0).ok()
    }

    /// Whether a token is read as text where thoughts or calls are looked for.
    pub(crate) fn is_read(&self, token: LlamaToken) -> bool {
        self.read.contains(&token)
    }
}
