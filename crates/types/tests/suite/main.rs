//! Tests of the wire format: its shapes, that every value round-trips, and that OpenAI's own schemas accept it.

mod accumulator;
mod answers;
mod completions;
mod coverage;
mod embeddings;
mod errors;
#[cfg(feature = "schemars")]
mod json_schemas;
mod leniency;
mod limits;
mod messages;
mod requests;
mod round_trips;
mod schemas;
mod strategies;
mod streams;
mod support;
mod text_input;
mod tools;
