//! From a body to a request that keeps every rule of the API that holds for all models.

use antiphon_types::completions::Request;

use super::rules;
use crate::error::ApiError;
use crate::validate::{Counted, Fault, Unknown, read};

/// Reads and checks a body, and notes the model that it names, whatever else is wrong with it.
///
/// # Errors
/// 400 with OpenAI's `param` and `code` for the first fault.
pub(super) fn parse(body: &[u8], unknown: Unknown, note: impl FnOnce(&str)) -> Result<Request, ApiError> {
    let request = read(body, &rules::REQUEST, Counted::AllButTokens("prompt"), unknown, note)?;
    between_fields(&request)?;
    Ok(request)
}

/// The rules that one field alone cannot break.
fn between_fields(request: &Request) -> Result<(), Fault> {
    if request.stream_options.is_some() && !request.is_streaming() {
        return Err(Fault::only_with("stream_options", "stream"));
    }
    best_of(request)
}

/// The best of several are some of them, and known only when all are there.
fn best_of(request: &Request) -> Result<(), Fault> {
    let (n, Some(best_of)) = (request.choices(), request.best_of) else { return Ok(()) };
    if best_of < n {
        let message = format!(
            "You requested that the server return more choices than it will generate (HINT: you must set 'n' (currently \
             {n}) to be at most 'best_of' (currently {best_of}), or omit either parameter if you don't specifically want \
             to use them.)"
        );
        return Err(Fault::rule("best_of", message));
    }
    if best_of > n && request.is_streaming() {
        let message = format!(
            "The best {n} of {best_of} choices cannot be streamed: 'best_of' may not be greater than 'n' when 'stream' is \
             enabled."
        );
        return Err(Fault::rule("best_of", message));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
