//! `/v1/completions`.

mod accept;
mod collect;
mod encode;
mod extra;
mod handler;
mod logprobs;
mod rules;
mod validate;

pub(crate) use handler::create;
pub(crate) use rules::REQUEST;
