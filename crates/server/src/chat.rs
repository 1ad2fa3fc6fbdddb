//! `/v1/chat/completions`.

mod accept;
mod calls;
mod collect;
mod encode;
mod extra;
mod handler;
mod rules;
mod validate;

pub(crate) use handler::{create, list};
pub(crate) use rules::REQUEST;
