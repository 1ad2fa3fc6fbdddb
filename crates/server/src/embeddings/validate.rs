//! From a body to a request that keeps every rule of the API that holds for all models.

use antiphon_types::embeddings::Request;

use super::rules;
use crate::error::ApiError;
use crate::validate::{Counted, Unknown, read};

/// Reads and checks a body, and notes the model that it names, whatever else is wrong with it.
///
/// # Errors
/// 400 with OpenAI's `param` and `code` for the first fault.
pub(super) fn parse(body: &[u8], unknown: Unknown, note: impl FnOnce(&str)) -> Result<Request, ApiError> {
    read(body, &rules::REQUEST, Counted::AllButTokens("input"), unknown, note)
}

#[cfg(test)]
mod tests;
