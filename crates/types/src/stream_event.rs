//! What the data of one event of a stream is.

use std::fmt;

use serde::{Serialize, de::DeserializeOwned};

use crate::{ErrorBody, error::Failure};

/// One event of a streamed answer: what stands behind `data: `.
///
/// [Parsed](Self::parse) it is read, displayed it is written: `format!("data: {event}\n\n")`.
///
/// `C` is a piece of the answer: see [`chat::StreamEvent`](crate::chat::StreamEvent) and
/// [`completions::StreamEvent`](crate::completions::StreamEvent).
#[derive(Clone, Debug, PartialEq)]
pub enum StreamEvent<C> {
    /// A piece of the answer.
    Chunk(Box<C>),
    /// The stream failed, and what came before is not the whole answer.
    Error(ErrorBody),
    /// The stream is at its end: `[DONE]`.
    Done,
}

impl<C: DeserializeOwned> StreamEvent<C> {
    /// Reads the data of one event, spaces around it or not.
    ///
    /// An `error` makes it an error, also one that a server puts into a chunk, and so does each form that an
    /// [`ErrorResponse`](crate::ErrorResponse) is read of.
    ///
    /// ```
    /// use antiphon_types::chat::StreamEvent;
    ///
    /// assert_eq!(StreamEvent::parse("[DONE]")?, StreamEvent::Done);
    ///
    /// let failed = StreamEvent::parse(r#"{"error": {"message": "The model is gone.", "type": "server_error"}}"#)?;
    /// assert!(matches!(failed, StreamEvent::Error(error) if error.message == "The model is gone."));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// # Errors
    /// Fails where the data is neither `[DONE]` nor the JSON of a chunk or of an error.
    pub fn parse(data: &str) -> Result<Self, serde_json::Error> {
        if data.trim_ascii() == "[DONE]" {
            return Ok(Self::Done);
        }
        // Within a text the quotes would be escaped: few chunks are read twice.
        if data.contains(r#""error""#)
            && let Failure(Some(response)) = serde_json::from_str(data)?
        {
            return Ok(Self::Error(response.error));
        }
        serde_json::from_str(data).map(Self::Chunk)
    }
}

/// Writes the data of the event.
impl<C: Serialize> fmt::Display for StreamEvent<C> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Chunk(chunk) => formatter.write_str(&json(chunk)?),
            Self::Error(error) => write!(formatter, r#"{{"error":{}}}"#, json(error)?),
            Self::Done => formatter.write_str("[DONE]"),
        }
    }
}

fn json<T: Serialize>(value: &T) -> Result<String, fmt::Error> {
    serde_json::to_string(value).map_err(|_| fmt::Error)
}
