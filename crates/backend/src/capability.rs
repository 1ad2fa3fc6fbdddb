//! What a model can do, as data.

use std::fmt;

/// One thing that a model can do.
///
/// Where silence would lie (a schema, a forced tool, an image to a text model) the server refuses a request
/// that needs a capability which the model has not. The `Native…` are done by [`generate`](crate::generate) and
/// [`complete`](crate::complete) for a model that does not declare them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Capability {
    /// Answers chats: every model that [`ModelInfo::new`](crate::ModelInfo::new) makes.
    Chat,
    /// Completes prompts, by [`Backend::complete`](crate::Backend::complete).
    Completions,
    /// Embeds texts, by [`Backend::embed`](crate::Backend::embed).
    Embeddings,
    /// Calls the request's tools and honours `tool_choice`.
    Tools,
    /// Honours `response_format: json_object`.
    JsonObject,
    /// Honours `response_format: json_schema`.
    JsonSchema,
    /// Gives the log probabilities of its tokens.
    Logprobs,
    /// Reads images in messages.
    Vision,
    /// Hears audio in messages.
    AudioInput,
    /// Answers in audio.
    AudioOutput,
    /// Reads files in messages.
    Files,
    /// Honours `web_search_options`.
    WebSearch,
    /// Honours `moderation`.
    Moderation,
    /// Yields all `n` choices in one stream.
    NativeChoices,
    /// Ends at the request's stop sequences and never yields one.
    NativeStop,
    /// Ends at the request's token limit.
    NativeLimit,
    /// Gives the prompt of a completion back before its text, where `echo` asks for it.
    ///
    /// Without it the prompt is put there for the model, if it is a text and no log probabilities are asked for.
    NativeEcho,
    /// Answers a request without messages.
    EmptyMessages,
    /// Honours the `suffix` of a completion.
    Suffix,
    /// Reads prompts and inputs that are given as tokens.
    TokenInput,
    /// Honours the `dimensions` of an embedding.
    Dimensions,
    /// Writes its reasoning into its text, between `<think>` and `</think>`.
    ///
    /// It is [taken out](crate::adapt::think) of there.
    ThinkTags,
    /// As [`ThinkTags`](Self::ThinkTags), where the prompt has opened the first tag already.
    ThinkBegun,
    /// Completes prompts by chats: each prompt is asked as the message of a user.
    ///
    /// Prompts are then texts without a suffix, and echoed without log probabilities, whatever else it declares.
    CompletionsByChat,
}

impl Capability {
    /// Every capability, in the order of declaration.
    pub const ALL: [Self; 24] = [
        Self::Chat,
        Self::Completions,
        Self::Embeddings,
        Self::Tools,
        Self::JsonObject,
        Self::JsonSchema,
        Self::Logprobs,
        Self::Vision,
        Self::AudioInput,
        Self::AudioOutput,
        Self::Files,
        Self::WebSearch,
        Self::Moderation,
        Self::NativeChoices,
        Self::NativeStop,
        Self::NativeLimit,
        Self::NativeEcho,
        Self::EmptyMessages,
        Self::Suffix,
        Self::TokenInput,
        Self::Dimensions,
        Self::ThinkTags,
        Self::ThinkBegun,
        Self::CompletionsByChat,
    ];

    fn bit(self) -> u32 {
        1 << self as u32
    }
}

/// A set of [`Capability`], empty by default.
///
/// ```
/// use antiphon_backend::{Capabilities, Capability};
///
/// let able = Capabilities::of([Capability::Tools, Capability::JsonSchema]);
/// assert!(able.has(Capability::Tools) && !able.has(Capability::Vision));
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Capabilities(u32);

impl Capabilities {
    /// The set of these.
    pub fn of(capabilities: impl IntoIterator<Item = Capability>) -> Self {
        capabilities.into_iter().fold(Self::default(), Self::with)
    }

    /// The set and this one.
    #[must_use]
    pub fn with(self, capability: Capability) -> Self {
        Self(self.0 | capability.bit())
    }

    /// The set but for this one.
    #[must_use]
    pub fn without(self, capability: Capability) -> Self {
        Self(self.0 & !capability.bit())
    }

    /// Whether the set has this one.
    pub fn has(self, capability: Capability) -> bool {
        self.0 & capability.bit() != 0
    }
}

impl fmt::Debug for Capabilities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(Capability::ALL.into_iter().filter(|one| self.has(*one))).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_capability_has_a_bit_of_its_own() {
        for (place, one) in Capability::ALL.into_iter().enumerate() {
            assert_eq!(one as usize, place);
            assert_eq!(
                Capability::ALL.map(|other| Capabilities::of([one]).has(other)),
                Capability::ALL.map(|other| other == one)
            );
        }
    }

    #[test]
    fn set_prints_its_members() {
        let set = Capabilities::of([Capability::NativeStop, Capability::Tools]);
        assert_eq!(format!("{set:?}"), "{Tools, NativeStop}");
    }
}
