//! What the data of one event of a stream is.

use super::Chunk;
use crate::{ErrorBody, Extra, error::read_error};

/// One event of a streamed answer: what stands behind `data: `.
#[derive(Clone, Debug, PartialEq)]
pub enum StreamEvent {
    /// A piece of the answer.
    Chunk(Box<Chunk>),
    /// The stream failed, and what came before is not the whole answer.
    Error(ErrorBody),
    /// The stream is at its end: `[DONE]`.
    Done,
}

impl StreamEvent {
    /// Reads the data of one event, spaces around it or not.
    ///
    /// An `error` makes it an error, also one that a server puts into a chunk.
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
        let no_chunk = match serde_json::from_str::<Chunk>(data) {
            Ok(chunk) => {
                let error = error_in(&chunk.extra).transpose()?;
                return Ok(error.map_or_else(|| Self::Chunk(Box::new(chunk)), Self::Error));
            }
            Err(no_chunk) => no_chunk,
        };
        let object = serde_json::from_str(data).unwrap_or_default();
        error_in(&object).unwrap_or(Err(no_chunk)).map(Self::Error)
    }
}

/// Reads the error that an object tells of.
fn error_in(object: &Extra) -> Option<Result<ErrorBody, serde_json::Error>> {
    let error = object.get("error").filter(|error| !error.is_null())?;
    Some(read_error(error))
}
