//! Reads a tree into a typed value.

use std::borrow::Cow;

use serde::de::value::{CowStrDeserializer, MapAccessDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, IntoDeserializer, Unexpected, Visitor};
use serde::forward_to_deserialize_any;

use super::Node;

/// The error of the reading: serde's message. What the rules let pass does not lead here.
pub(crate) type Error = serde::de::value::Error;

impl<'de> IntoDeserializer<'de, Error> for Node<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Node<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Null => visitor.visit_unit(),
            Self::Boolean(value) => visitor.visit_bool(value),
            Self::Unsigned(value) => visitor.visit_u64(value),
            Self::Signed(value) => visitor.visit_i64(value),
            Self::Decimal(value) => visitor.visit_f64(value),
            Self::String(Cow::Borrowed(value)) => visitor.visit_borrowed_str(value),
            Self::String(Cow::Owned(value)) => visitor.visit_string(value),
            Self::Array(nodes) => visitor.visit_seq(SeqDeserializer::new(nodes.into_iter())),
            Self::Object(entries) => visitor.visit_map(MapDeserializer::new(
                entries.into_iter().map(|(key, value)| (CowKey(key), value)),
            )),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Null => visitor.visit_none(),
            value => visitor.visit_some(value),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self {
            Self::String(name) => visitor.visit_enum(CowStrDeserializer::new(name)),
            Self::Object(entries) => visitor.visit_enum(MapAccessDeserializer::new(MapDeserializer::new(
                entries.into_iter().map(|(key, value)| (CowKey(key), value)),
            ))),
            other => Err(serde::de::Error::invalid_type(Unexpected::Other(other.kind()), &"a variant")),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
        unit unit_struct seq tuple tuple_struct map struct identifier
    }
}

/// A key that hands on what it borrows.
struct CowKey<'a>(Cow<'a, str>);

impl<'de> IntoDeserializer<'de, Error> for CowKey<'de> {
    type Deserializer = Node<'de>;

    fn into_deserializer(self) -> Node<'de> {
        Node::String(self.0)
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::{Value, json};

    use crate::json::parse;

    #[test]
    fn a_tree_reads_as_the_text_does() {
        for text in [
            "null",
            "true",
            "-3",
            "18446744073709551615",
            "1.25",
            r#""plain""#,
            r#""esc\"aped""#,
            r#"[1, [2], {"three": null}]"#,
            r#"{"a": {"b": ["c", {"d\n": false}]}}"#,
        ] {
            let tree = parse(text.as_bytes()).expect("valid JSON").root;
            let direct: Value = serde_json::from_str(text).expect("valid JSON");
            assert_eq!(Value::deserialize(tree).expect("a value"), direct);
        }
    }

    #[test]
    fn structs_options_and_enums_read() {
        #[derive(Deserialize, PartialEq, Debug)]
        #[serde(rename_all = "lowercase")]
        enum Mode {
            Fast,
            Level(u8),
        }
        #[derive(Deserialize, PartialEq, Debug)]
        struct Subject {
            name: String,
            size: Option<u32>,
            ratio: f64,
            modes: Vec<Mode>,
        }
        let body =
            json!({"name": "x", "size": null, "ratio": 2, "modes": ["fast", {"level": 3}]}).to_string();
        let subject =
            Subject::deserialize(parse(body.as_bytes()).expect("valid JSON").root).expect("a subject");
        assert_eq!(
            subject,
            Subject { name: "x".into(), size: None, ratio: 2.0, modes: vec![Mode::Fast, Mode::Level(3)] }
        );
    }
}
