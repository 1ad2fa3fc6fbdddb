//! A text of an answer, which is short for the most part and then allocates nothing.

use std::fmt;
use std::ops::Deref;

use antiphon_backend::CompactString;
use antiphon_types::Value;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// A text; of a list of parts, their texts joined; of an object, its JSON.
///
/// Some servers send a content in parts, and the arguments of a call as the object that they are the text of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Text(pub(crate) CompactString);

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Text, E> {
        Ok(Text(text.into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Text, A::Error> {
        let value = Value::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Text(value.to_string().into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Text, A::Error> {
        let mut text = CompactString::default();
        while let Some(part) = parts.next_element::<Value>()? {
            text.push_str(part["text"].as_str().unwrap_or_default());
        }
        Ok(Text(text))
    }
}
