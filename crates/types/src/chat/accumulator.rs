//! Puts the chunks of a stream together to the whole answer.

mod finish;
mod join;

use std::{error::Error, fmt};

use super::{Chunk, Completion};
use crate::Object;

/// Puts a stream's [`Chunk`]s together to the [`Completion`].
///
/// Texts are joined as they come, choices and tool calls by their `index`, in whatever order. A call with a name and
/// another id than the call at its index is a further one: some servers send index 0 for all. Of what a chunk repeats,
/// the id, creation time, model, role and names are those that come first, all else is what comes last; what never
/// comes is empty. Unknown fields of deltas are joined too: texts and arrays end to end, objects field by field.
/// `audio` and `annotations` are read from them.
///
/// ```
/// use antiphon_types::chat::{Accumulator, Chunk, ChunkChoice, Delta, FinishReason};
///
/// let mut accumulator = Accumulator::new();
/// for choice in [
///     ChunkChoice::new(0, Delta::start()),
///     ChunkChoice::new(0, Delta::content("This is ")),
///     ChunkChoice::new(0, Delta::content("a test.")),
///     ChunkChoice::finish(0, FinishReason::Stop),
/// ] {
///     accumulator.push(Chunk::new("chatcmpl-1", 1_763_769_600, "echo").choice(choice));
/// }
/// assert_eq!(accumulator.finish()?.text(), "This is a test.");
/// # Ok::<(), antiphon_types::chat::Unfinished>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Accumulator {
    /// All chunks as one, sorted by index.
    whole: Chunk,
}

impl Accumulator {
    /// Makes an answer to which nothing has come yet.
    pub fn new() -> Self {
        Self { whole: Chunk::new("", 0, "") }
    }

    /// Adds a chunk.
    pub fn push(&mut self, chunk: Chunk) {
        join::chunk(&mut self.whole, chunk);
    }

    /// Returns all that came so far as one chunk.
    ///
    /// Also where the stream broke. Its choices, and their tool calls, stand in the order of their indices.
    pub fn so_far(&self) -> &Chunk {
        &self.whole
    }

    /// Ends the answer; its choices stand in the order of their indices.
    ///
    /// # Errors
    /// Fails where the stream ended too early: no choice came, or one did not finish. A choice of which nothing came
    /// is not missed.
    pub fn finish(self) -> Result<Completion, Unfinished> {
        let mut chunk = self.whole;
        if chunk.choices.is_empty() {
            return Err(Unfinished::NoChoice);
        }
        let metadata = finish::take(&mut chunk.extra, "metadata");
        Ok(Completion {
            id: chunk.id,
            object: Object::ChatCompletion,
            created: chunk.created,
            model: chunk.model,
            choices: chunk.choices.into_iter().map(finish::choice).collect::<Result<_, _>>()?,
            usage: chunk.usage.flatten(),
            service_tier: chunk.service_tier,
            system_fingerprint: chunk.system_fingerprint,
            metadata,
            moderation: chunk.moderation,
            extra: chunk.extra,
        })
    }
}

impl Default for Accumulator {
    fn default() -> Self {
        Self::new()
    }
}

/// Why a stream is not a whole answer: it ended too early.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Unfinished {
    /// No choice came at all.
    NoChoice,
    /// The choice of this index has no finish reason.
    Choice(u32),
}

impl fmt::Display for Unfinished {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoChoice => formatter.write_str("the stream ended before any choice"),
            Self::Choice(index) => write!(formatter, "the stream ended before choice {index} finished"),
        }
    }
}

impl Error for Unfinished {}
