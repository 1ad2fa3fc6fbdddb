//! JSON as Python writes it, which models have read in their training.

use std::io;

use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};

/// Writes a value on one line, spaced.
pub(crate) fn spaced(value: &impl Serialize) -> serde_json::Result<String> {
    write(value, Spaced)
}

/// Writes a value with a line for each member.
///
/// Each level is indented by so many spaces.
pub(crate) fn indented(value: &impl Serialize, indent: usize) -> serde_json::Result<String> {
    write(value, PrettyFormatter::with_indent(" ".repeat(indent).as_bytes()))
}

fn write(value: &impl Serialize, formatter: impl Formatter) -> serde_json::Result<String> {
    let mut bytes = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut bytes, formatter))?;
    Ok(String::from_utf8(bytes).expect("JSON of strings is UTF-8"))
}

/// As `json.dumps` does by default.
struct Spaced;

impl Formatter for Spaced {
    fn begin_array_value<W: io::Write + ?Sized>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_key<W: io::Write + ?Sized>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_value<W: io::Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_is_that_of_python() {
        let value = json!({"b": [1, 2.5, null], "a": {}, "é<": "\"\n"});
        assert_eq!(spaced(&value).unwrap(), r#"{"b": [1, 2.5, null], "a": {}, "é<": "\"\n"}"#);
        let expected =
            "{\n  \"b\": [\n    1,\n    2.5,\n    null\n  ],\n  \"a\": {},\n  \"é<\": \"\\\"\\n\"\n}";
        assert_eq!(indented(&value, 2).unwrap(), expected);
    }
}
