//! Checks a body against a table of rules, before anything is built from it.
//!
//! Every bound, enum and required field of the API stands once, in an endpoint's table. The first fault is reported as
//! OpenAI reports it: what is missing, then what is unknown, then the fields in the table's order.

mod fault;
mod rule;
mod walk;

pub(crate) use fault::{Cause, Fault, Length, QUOTED, quoted};
pub(crate) use rule::{Field, Key, Rule, optional, required};
pub(crate) use walk::{Unknown, check};

/// Values of a request, at all depths. Long conversations with many tools have some ten thousand.
///
/// Each may become a map of its own, of some hundred bytes, in as many copies as there are choices.
pub(crate) const MOST_VALUES: usize = 65_536;
