//! Scans a body into a tree.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::Node;

/// Why a body is not read; says where, and quotes nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ParseError {
    /// The text is no JSON from here on.
    Syntax {
        /// Counted from 1.
        line: usize,
        /// In bytes, counted from 1; 0 where the fault is the line itself.
        column: usize,
    },
    /// It holds more than [`SCANNED`].
    TooManyValues,
}

/// A document and its size.
#[derive(Debug, PartialEq)]
pub(crate) struct Document<'a> {
    pub(crate) root: Node<'a>,
    /// How many values it holds, at all depths.
    pub(crate) values: usize,
}

/// Values after which scanning stops, whatever they are. A tree of as many takes 170 MB for a moment, at the most.
///
/// Many more than a request may hold: the rules get to name the array or the map that is too large.
const SCANNED: usize = 1_100_000;

/// Arrays and objects within each other, at the most. What reads a tree calls itself for each of them.
const DEEPEST: usize = 128;

/// Scans one JSON document, at most [`DEEPEST`], with nothing behind it.
///
/// # Errors
/// Where the text is not JSON (RFC 8259) or not UTF-8, nests deeper, holds a number outside of what an `f64` can, or holds
/// more than [`SCANNED`].
pub(crate) fn parse(body: &[u8]) -> Result<Document<'_>, ParseError> {
    let values = Cell::new(0);
    let mut text = serde_json::Deserializer::from_slice(body);
    // The tree counts for itself.
    text.disable_recursion_limit();
    let root = Tree { values: &values, depth: 0 }.deserialize(&mut text);
    match root.and_then(|root| text.end().map(|()| root)) {
        Ok(root) => Ok(Document { root, values: values.get() }),
        Err(_) if values.get() > SCANNED => Err(ParseError::TooManyValues),
        Err(error) => Err(ParseError::Syntax { line: error.line(), column: error.column() }),
    }
}

/// Builds the tree, and counts its values and its depth.
#[derive(Clone, Copy)]
struct Tree<'c> {
    values: &'c Cell<usize>,
    /// Arrays and objects around the value.
    depth: usize,
}

impl Tree<'_> {
    /// What builds the values within this one.
    fn inner<E: Error>(self) -> Result<Self, E> {
        if self.depth == DEEPEST {
            return Err(E::custom("too deep"));
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Tree<'_> {
    type Value = Node<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        self.values.set(self.values.get() + 1);
        if self.values.get() > SCANNED {
            return Err(D::Error::custom("too many values"));
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tree<'_> {
    type Value = Node<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Node::Boolean(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Node::Unsigned(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Node::Signed(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Node::Decimal(value))
    }

    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Node::String(Cow::Borrowed(value)))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Node::String(Cow::Owned(value.to_owned())))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Self::Value, E> {
        Ok(Node::String(Cow::Owned(value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let inner = self.inner()?;
        let mut nodes = Vec::new();
        while let Some(node) = items.next_element_seed(inner)? {
            nodes.push(node);
        }
        Ok(Node::Array(nodes))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let inner = self.inner()?;
        let mut nodes = Vec::new();
        while let Some(Key(key)) = entries.next_key()? {
            nodes.push((key, entries.next_value_seed(inner)?));
        }
        Ok(Node::Object(nodes))
    }
}

/// A key, borrowed where it holds no escapes (`Cow`'s own `Deserialize` always copies).
struct Key<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(KeyVisitor)
    }
}

struct KeyVisitor;

impl<'de> Visitor<'de> for KeyVisitor {
    type Value = Key<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a key")
    }

    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Key(Cow::Borrowed(value)))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Key(Cow::Owned(value.to_owned())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, expected: &Result<Node<'_>, (usize, usize)>) {
        let found = parse(body.as_bytes()).map(|document| document.root).map_err(|error| match error {
            ParseError::Syntax { line, column } => (line, column),
            ParseError::TooManyValues => (0, 0),
        });
        assert_eq!(&found, expected, "{body}");
    }

    #[test]
    fn values_are_kept_as_they_stand() {
        check("null", &Ok(Node::Null));
        check("-1", &Ok(Node::Signed(-1)));
        check("18446744073709551615", &Ok(Node::Unsigned(u64::MAX)));
        check("18446744073709551616", &Ok(Node::Decimal(18_446_744_073_709_551_616.0)));
        check(r#""a\nb""#, &Ok(Node::String("a\nb".into())));
        check(
            r#"{"a": [true], "a": 1.5}"#,
            &Ok(Node::Object(vec![
                ("a".into(), Node::Array(vec![Node::Boolean(true)])),
                ("a".into(), Node::Decimal(1.5)),
            ])),
        );
    }

    #[test]
    fn plain_strings_are_borrowed() {
        let document = parse(br#"{"key": "value"}"#).expect("valid JSON");
        let Node::Object(entries) = document.root else { panic!("an object") };
        assert!(matches!(entries[0], (Cow::Borrowed("key"), Node::String(Cow::Borrowed("value")))));
    }

    #[test]
    fn what_is_no_json_says_where() {
        check("", &Err((1, 0)));
        check("{\n  \"a\": }", &Err((2, 8)));
        check("{} {}", &Err((1, 4)));
        check("NaN", &Err((1, 1)));
        check("1e999", &Err((1, 5)));
        check("\u{feff}{}", &Err((1, 1)));
        check(r#""\ud800""#, &Err((1, 8)));
    }

    #[test]
    fn depth_has_an_end() {
        let arrays = |depth| "[".repeat(depth) + &"]".repeat(depth);
        let objects = |depth| "{\"a\":".repeat(depth) + "1" + &"}".repeat(depth);
        assert!(parse(arrays(128).as_bytes()).is_ok());
        assert!(parse(objects(128).as_bytes()).is_ok());
        assert!(parse(arrays(129).as_bytes()).is_err());
        assert!(parse(objects(129).as_bytes()).is_err());
        assert!(parse("[".repeat(100_000).as_bytes()).is_err());
    }

    #[test]
    fn values_are_counted_and_have_an_end() {
        assert_eq!(parse(br#"{"a": [1, {"b": null}], "c": ""}"#).map(|document| document.values), Ok(6));
        let many = |count: usize| format!("[{}1]", "1,".repeat(count - 2));
        assert!(parse(many(SCANNED).as_bytes()).is_ok());
        assert_eq!(parse(many(SCANNED + 1).as_bytes()).err(), Some(ParseError::TooManyValues));
    }

    #[test]
    fn invalid_utf_8_is_refused() {
        assert!(parse(b"\"\xff\"").is_err());
    }
}
