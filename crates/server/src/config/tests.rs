//! Tests of the layers, of what is refused, and of the files that state the defaults.

mod documents;
mod layers;
mod refusals;

use std::ffi::OsString;

use super::*;
use crate::kinds::Kinds;

/// A file with this text, as `x.toml`.
fn file(text: &str) -> File {
    File::of("x.toml", text)
}

/// Loads a file and variables.
fn load_with(text: &str, variables: &[(&str, &str)]) -> Result<load::Loaded, ConfigError> {
    let variables = variables.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
    load(&file(text), variables, Flags::default(), &Kinds::default())
}

/// The configuration of a file and variables that are valid.
fn loaded(text: &str, variables: &[(&str, &str)]) -> Config {
    load_with(text, variables).unwrap_or_else(|error| panic!("{error}")).config
}
