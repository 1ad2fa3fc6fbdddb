//! A real model behind the binary, over real TCP.
//!
//! Run them with `eval "$(tests/models/install)"` and `cargo test -p antiphon --features llama`. Without the model each says so,
//! and tests nothing.

#![expect(clippy::unwrap_used, reason = "what fails in a helper fails its test")]

mod answers;
mod clients;
mod hostile;
mod leaving;
mod served;
