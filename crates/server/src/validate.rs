//! Checks a body against a table of rules, before anything is built from it.
//!
//! Every bound, enum and required field of the API stands once, in an endpoint's table. The first fault is reported as
//! OpenAI reports it: what is missing, then what is unknown, then the fields in the table's order.
//! The same table is said to clients as a JSON Schema.

mod fault;
pub(crate) mod fields;
mod read;
mod rule;
mod schema;
#[cfg(test)]
pub(crate) mod testing;
mod walk;

pub(crate) use fault::{Cause, Fault, Length, QUOTED, quoted};
pub(crate) use read::{Counted, MOST_VALUES, read};
pub(crate) use rule::{Field, Key, Rule, optional, required};
pub(crate) use schema::schema;
pub(crate) use walk::Unknown;
