//! What an endpoint's encoder does for the body of its streams.

use antiphon_backend::Event;
use serde::Serialize;

/// Makes the chunks of one answer of its events.
///
/// Pure: events go in, typed chunks come out, and no HTTP is near.
pub(crate) trait Encode: Unpin + 'static {
    /// What one event of the stream carries.
    type Chunk: Serialize;

    /// The field of a chunk that holds its text.
    const TEXT: &'static str;

    /// How many choices the answer has.
    fn choices(&self) -> usize;

    /// Sends what an event says.
    fn event(&mut self, event: Event, send: impl FnMut(&Self::Chunk));

    /// Sends what comes last in an answer that has not failed.
    fn end(&mut self, send: impl FnMut(&Self::Chunk));

    /// Sends a chunk that says nothing, for clients that take no comments.
    ///
    /// It is one of the first choice that goes on; where none does, nothing is sent.
    fn keep_alive(&mut self, send: impl FnMut(&Self::Chunk));

    /// The chunk of an empty text, where every chunk of a text differs from it in that text alone.
    ///
    /// `None` where they differ in more: a text that follows is then encoded like any other event.
    fn empty_text(&mut self, choice: u32) -> Option<&Self::Chunk>;
}
