//! Reads a body into the request of an endpoint.

use serde::Deserialize;

use super::rule::Rule;
use super::walk::{Unknown, check};
use crate::error::ApiError;
use crate::json;

/// Values of a request, at all depths. Long conversations with many tools have some ten thousand.
///
/// Each may become a map of its own, of some hundred bytes, in as many copies as there are choices.
pub(crate) const MOST_VALUES: usize = 65_536;

/// Reads a body that keeps the rules of an endpoint.
///
/// # Errors
/// 400 with OpenAI's `param` and `code` for the first fault.
pub(crate) fn read<'a, R: Deserialize<'a>>(
    body: &'a [u8],
    rules: &Rule,
    unknown: Unknown,
) -> Result<R, ApiError> {
    let document = json::parse(body)?;
    check(&document.root, rules, unknown)?;
    if document.values > MOST_VALUES {
        return Err(ApiError::too_many_values(MOST_VALUES));
    }
    // What the rules let pass has the form of the type; a gap between the two is still the caller's to read.
    R::deserialize(document.root).map_err(|error| ApiError::invalid(error.to_string()))
}
