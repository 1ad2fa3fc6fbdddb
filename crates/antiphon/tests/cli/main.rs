//! Tests of the `antiphon` binary as a process: its flags, its output, its exit codes and its end.

#![expect(clippy::unwrap_used, reason = "what fails in a helper fails its test")]

mod exit_codes;
mod llama;
mod output;
mod process;
mod serving;
