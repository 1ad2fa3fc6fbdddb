//! `/v1/embeddings`.

mod accept;
mod collect;
mod handler;
mod rules;
mod validate;

pub(crate) use handler::create;
pub(crate) use rules::REQUEST;
