//! What a real model answers, and the contract.
//!
//! Run them with `eval "$(tests/models/install)"` and `cargo test -p antiphon-llama --features native`. Without the model each says
//! so, and tests nothing.
#![cfg(feature = "native")]

mod bounds;
mod choices;
mod contract;
mod embeddings;
mod engine;
mod json;
mod model;
mod text;
mod tools;
