//! A rendered conversation, in segments.

use antiphon_backend::adapt::Thinking;

/// A conversation as the model reads it.
///
/// The texts of the segments, joined, are the prompt. An engine tokenises each segment for itself, with special tokens
/// parsed and without the space or the first token that some tokenizers add to a text, and joins the tokens: what the
/// template writes becomes special tokens, and what a person wrote does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prompt {
    segments: Vec<String>,
    thinking: Option<Thinking>,
}

impl Prompt {
    pub(crate) fn new(segments: Vec<String>, thinking: Option<Thinking>) -> Self {
        Self { segments, thinking }
    }

    /// The segments in order, none empty; mostly there is one.
    pub fn segments(&self) -> &[String] {
        &self.segments
    }

    /// The segments, joined.
    ///
    /// To be read, and not to be tokenised: there the borders of the segments matter.
    pub fn text(&self) -> String {
        self.segments.concat()
    }

    /// Where the reasoning of the answer begins.
    ///
    /// For [`adapt::think`](antiphon_backend::adapt::think).
    ///
    /// `Begun` where the prompt ends in `<think>`; `Tagged` where the template knows the tag; `None` where it does not.
    pub fn thinking(&self) -> Option<Thinking> {
        self.thinking
    }
}
