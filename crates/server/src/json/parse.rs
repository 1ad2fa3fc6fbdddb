//! Scans a body into a tree.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::Node;

/// Why a body is no JSON document; says where, and quotes nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SyntaxError {
    /// Counted from 1.
    pub(crate) line: usize,
    /// In bytes, counted from 1; 0 where the fault is the line itself.
    pub(crate) column: usize,
}

/// Scans one JSON document, at most 128 levels deep, with nothing behind it.
///
/// # Errors
/// Where the text is not JSON (RFC 8259) or not UTF-8, nests deeper, or holds a number outside of what an `f64` can.
pub(crate) fn parse(body: &[u8]) -> Result<Node<'_>, SyntaxError> {
    serde_json::from_slice(body).map_err(|error| SyntaxError { line: error.line(), column: error.column() })
}

impl<'de> Deserialize<'de> for Node<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Tree)
    }
}

struct Tree;

impl<'de> Visitor<'de> for Tree {
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
        let mut nodes = Vec::new();
        while let Some(node) = items.next_element()? {
            nodes.push(node);
        }
        Ok(Node::Array(nodes))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut nodes = Vec::new();
        while let Some(Key(key)) = entries.next_key()? {
            nodes.push((key, entries.next_value()?));
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
        assert_eq!(&parse(body.as_bytes()).map_err(|error| (error.line, error.column)), expected, "{body}");
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
        let Ok(Node::Object(entries)) = parse(br#"{"key": "value"}"#) else { panic!("an object") };
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
        let nested = |depth| "[".repeat(depth) + &"]".repeat(depth);
        assert!(parse(nested(127).as_bytes()).is_ok());
        assert!(parse(nested(129).as_bytes()).is_err());
        assert!(parse("[".repeat(100_000).as_bytes()).is_err());
    }

    #[test]
    fn invalid_utf_8_is_refused() {
        assert!(parse(b"\"\xff\"").is_err());
    }
}
