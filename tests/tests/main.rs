//! End-to-end tests: Antiphon over real TCP, as its clients meet it.
//!
//! A test named `wire_NN_…` holds one of the numbered facts that real clients depend on.

mod clients;
mod completions;
mod concurrency;
mod disconnects;
mod echo;
mod ecosystem;
mod embeddings;
mod equivalence;
mod errors;
mod examples;
mod failures;
mod framing;
mod inputs;
mod layers;
mod models;
mod openapi;
mod process;
mod properties;
mod readme;
mod reasoning;
mod requests;
mod snapshot;
mod stream_settings;
mod streams;
mod strict_types;
mod text_backend;
mod tools;
mod upstream;
