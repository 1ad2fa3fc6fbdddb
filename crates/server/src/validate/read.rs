//! Reads a body into the request of an endpoint.

use serde::Deserialize;

use super::rule::Rule;
use super::walk::{Unknown, check};
use crate::error::ApiError;
use crate::json::{self, Node};

/// Values of a request, at all depths. Long conversations with many tools have some ten thousand.
///
/// Each may become a map of its own, of some hundred bytes, in as many copies as there are choices.
pub(crate) const MOST_VALUES: usize = 65_536;

/// Which values of a request count against [`MOST_VALUES`].
#[derive(Clone, Copy, Debug)]
pub(crate) enum Counted {
    All,
    /// All but the integers of this field, which are tokens: four bytes each, and never too many for a body.
    AllButTokens(&'static str),
}

impl Counted {
    /// How many values of the tree do not count.
    fn free(self, root: &Node<'_>) -> usize {
        match self {
            Self::All => 0,
            Self::AllButTokens(field) => root.get(field).map_or(0, Node::integers),
        }
    }
}

/// Reads a body that keeps the rules of an endpoint, and notes the model that it names, whatever else is wrong with it.
///
/// # Errors
/// 400 with OpenAI's `param` and `code` for the first fault.
pub(crate) fn read<'a, R: Deserialize<'a>>(
    body: &'a [u8],
    rules: &Rule,
    counted: Counted,
    unknown: Unknown,
    note: impl FnOnce(&str),
) -> Result<R, ApiError> {
    let document = json::parse(body)?;
    if let Some(Node::String(model)) = document.root.get("model") {
        note(model);
    }
    check(&document.root, rules, unknown)?;
    if document.values - counted.free(&document.root) > MOST_VALUES {
        return Err(ApiError::too_many_values(MOST_VALUES));
    }
    // What the rules let pass has the form of the type; a gap between the two is still the caller's to read.
    R::deserialize(document.root).map_err(|error| ApiError::invalid(error.to_string()))
}
