//! Jinja as the templates of models expect it, within bounds.

#[cfg(test)]
mod tests;

use std::io::{self, Write};

use jiff::Timestamp;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Value};
use minijinja::{AutoEscape, Environment, Error, ErrorKind};
use minijinja_contrib::pycompat::unknown_method_callback;

use crate::TemplateError;
use crate::json;

/// Steps that a rendering may take; about a tenth of a second.
const FUEL: u64 = 4_000_000;
/// Bytes that a rendering may write.
const MOST_WRITTEN: usize = 64 << 20;
/// The most that `tojson` indents a level by.
const MOST_INDENT: usize = 16;
const NAME: &str = "chat";

/// A compiled template.
#[derive(Debug)]
pub(crate) struct Jinja(Environment<'static>);

impl Jinja {
    pub(crate) fn new(source: &str) -> Result<Self, TemplateError> {
        let mut environment = Environment::new();
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
        environment.set_syntax(syntax.map_err(|error| TemplateError::Syntax(error.into()))?);
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        environment.set_fuel(Some(FUEL));
        environment.set_unknown_method_callback(unknown_method_callback);
        environment.add_filter("tojson", |value: &Value, indent: Option<usize>, arguments: Kwargs| {
            to_json(value, indent, &arguments)
        });
        environment.add_function("raise_exception", raise);
        environment.add_function("strftime_now", now);
        let source = without_generation(source);
        environment.add_template_owned(NAME, source).map_err(|error| TemplateError::Syntax(error.into()))?;
        Ok(Self(environment))
    }

    pub(crate) fn render(&self, context: Value) -> Result<String, TemplateError> {
        let template = self.0.get_template(NAME).map_err(|error| TemplateError::Failed(error.into()))?;
        let mut written = Bounded(Vec::new());
        template.render_captured_to(context, &mut written).map_err(failure)?;
        Ok(String::from_utf8(written.0).expect("a template writes strings"))
    }
}

fn failure(error: Error) -> TemplateError {
    if matches!(error.kind(), ErrorKind::OutOfFuel | ErrorKind::WriteFailure) {
        return TemplateError::TooMuch;
    }
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    while let Some(cause) = source {
        if let Some(Raised(message)) = cause.downcast_ref() {
            return TemplateError::Refused(message.chars().take(300).collect());
        }
        source = cause.source();
    }
    TemplateError::Failed(error.into())
}

/// What a template said as it gave up.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Raised(String);

fn raise(message: String) -> Result<Value, Error> {
    Err(Error::new(ErrorKind::InvalidOperation, "the template raised").with_source(Raised(message)))
}

fn now(format: &str) -> Result<String, Error> {
    let now = Timestamp::now().to_zoned_datetime(TimeZone::UTC);
    strtime::format(format, &now)
        .map_err(|error| Error::new(ErrorKind::InvalidOperation, "no format of a date").with_source(error))
}

/// As transformers has it: no HTML in mind, keys in their order.
fn to_json(value: &Value, indent: Option<usize>, arguments: &Kwargs) -> Result<String, Error> {
    let indent = match indent {
        Some(indent) => Some(indent),
        None => arguments.get::<Option<usize>>("indent")?,
    };
    let written = match indent {
        Some(indent) => json::indented(value, indent.min(MOST_INDENT)),
        None => json::spaced(value),
    };
    written.map_err(|error| Error::new(ErrorKind::BadSerialization, "no JSON").with_source(error))
}

/// The template without the marks of what a model is trained on.
///
/// Blocks that are always taken stand for them, so that white space is trimmed around them as before.
fn without_generation(source: &str) -> String {
    let mut pieces = source.split("{%");
    let mut kept = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        kept.push_str("{%");
        let (inside, rest) = piece.split_once("%}").unwrap_or((piece, ""));
        let word = inside.trim_matches(|mark: char| mark.is_whitespace() || mark == '-' || mark == '+');
        let block = match word {
            "generation" => "if true",
            "endgeneration" => "endif",
            _ => {
                kept.push_str(piece);
                continue;
            }
        };
        kept.push_str(&inside.replace(word, block));
        kept.push_str("%}");
        kept.push_str(rest);
    }
    kept
}

/// Text of a bounded length.
struct Bounded(Vec<u8>);

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > MOST_WRITTEN {
            return Err(io::ErrorKind::OutOfMemory.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
