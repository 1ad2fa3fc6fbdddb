//! The smallest JSON that validates against a schema and carries a text.

mod array;
mod choices;
mod conjunction;
mod document;
mod effort;
mod format;
mod number;
mod object;
mod pattern;
mod string;
#[cfg(test)]
mod tests;
mod writer;

use jsonschema::Validator;
use serde_json::Value;

use self::choices::Choices;
use self::document::Document;
use self::effort::Effort;
use self::writer::{Dead, Fill, Writer};
use crate::{BackendError, ErrorKind};

/// How deep an instance may nest.
const MOST_DEPTH: usize = 64;
/// How deep it may nest for the sake of the text.
const MOST_DEPTH_FOR_TEXT: usize = 8;
/// How many instances of one depth are tried.
const ATTEMPTS: usize = 64;
/// How many steps the search for an instance may take, those of validation included.
const STEPS: u32 = 100_000;

/// Why there is no instance of a schema.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoInstance {
    #[error("{0}")]
    Invalid(String),
    #[error("{0}")]
    TooLarge(String),
    #[error("this model found no value for it")]
    NotFound,
}

impl NoInstance {
    /// The error of a request with the schema, which is `of` what this names.
    ///
    /// Only an invalid schema is the request's own fault.
    pub(super) fn error(&self, of: &str, invalid_code: &str) -> BackendError {
        let (kind, word) = self.kind();
        let code = if kind == ErrorKind::InvalidRequest { invalid_code } else { "unsupported_value" };
        BackendError::new(kind, format!("{word} schema for {of}: {self}.")).with_code(code)
    }

    /// Whose fault it is, and the word for it that a message begins with.
    pub(super) fn kind(&self) -> (ErrorKind, &'static str) {
        match self {
            Self::Invalid(_) => (ErrorKind::InvalidRequest, "Invalid"),
            Self::TooLarge(_) | Self::NotFound => (ErrorKind::Unsupported, "Unsupported"),
        }
    }
}

/// What stands at the root of an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Root {
    /// Whatever the schema has there.
    Any,
    /// An object.
    Object,
}

/// The smallest instance of a schema that carries a text, in the order of the schema.
///
/// The text stands in the first string that has no tighter constraint; optional properties and items are added for it
/// where nothing that is required takes it. Where nothing takes it, the smallest instance is without it.
pub(super) fn instance(schema: &Value, text: &str, root: Root) -> Result<Value, NoInstance> {
    let document = Document::read(schema)?;
    let validator = document.validator()?;
    let mut search = Search { document, validator, text, root, left: STEPS };
    let required = search.run(Fill::Required, MOST_DEPTH).ok_or(NoInstance::NotFound)?;
    if required.has_text {
        return Ok(required.value);
    }
    search.left = STEPS;
    let with_text = search.run(Fill::Optional, MOST_DEPTH_FOR_TEXT);
    Ok(with_text.unwrap_or(required).value)
}

struct Search<'s> {
    document: Document<'s>,
    validator: Validator,
    text: &'s str,
    root: Root,
    /// The steps that are left.
    left: u32,
}

struct Found {
    value: Value,
    has_text: bool,
}

impl Search<'_> {
    /// Looks for the shallowest instance; with the text in it, if more is written for its sake.
    fn run(&mut self, fill: Fill, most_depth: usize) -> Option<Found> {
        for depth in 0..=most_depth {
            let (mut choices, mut was_too_deep) = (Choices::default(), false);
            for _ in 0..ATTEMPTS {
                match self.attempt(fill, depth, &mut choices, &mut was_too_deep) {
                    Ok(found) if found.has_text || fill == Fill::Required => return Some(found),
                    Err(Dead::At(path)) if choices.change(&path) => {}
                    Ok(_) | Err(Dead::At(_)) => break,
                    Err(Dead::Spent) => return None,
                }
            }
            if !was_too_deep {
                return None;
            }
        }
        None
    }

    /// Writes an instance by the choices that were made, and validates it.
    fn attempt(
        &mut self,
        fill: Fill,
        depth: usize,
        choices: &mut Choices,
        was_too_deep: &mut bool,
    ) -> Result<Found, Dead> {
        choices.begin();
        let mut writer = Writer::new(&self.document, choices, self.text, fill, depth, &mut self.left);
        let written = writer.root(self.root);
        let has_text = writer.has_text();
        *was_too_deep |= writer.was_too_deep();
        let value = written?;
        Effort::new(&self.document, &mut self.left).spend(&value)?;
        match self.validator.validate(&value) {
            Ok(()) => Ok(Found { value, has_text }),
            Err(error) => Err(Dead::At(error.instance_path().as_str().to_owned())),
        }
    }
}
