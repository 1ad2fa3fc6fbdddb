//! The texts that end an answer.

use std::{borrow::Cow, slice};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error, SeqAccess, value::SeqAccessDeserializer},
};

use crate::shape::{self, Shape};

/// The texts that end an answer; they are not part of it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Stop {
    /// A lone text.
    One(String),
    /// Texts in an array; OpenAI takes one to four.
    Many(Vec<String>),
}

impl Stop {
    /// Returns the texts, however they stand on the wire.
    pub fn as_slice(&self) -> &[String] {
        match self {
            Self::One(text) => slice::from_ref(text),
            Self::Many(texts) => texts,
        }
    }
}

impl From<&str> for Stop {
    fn from(text: &str) -> Self {
        Self::One(text.to_owned())
    }
}

impl From<String> for Stop {
    fn from(text: String) -> Self {
        Self::One(text)
    }
}

impl<S: Into<String>> FromIterator<S> for Stop {
    fn from_iter<I: IntoIterator<Item = S>>(texts: I) -> Self {
        Self::Many(texts.into_iter().map(Into::into).collect())
    }
}

impl Shape for Stop {
    const EXPECTING: &'static str = "a string or an array of strings";

    fn from_text<E: Error>(text: Cow<'_, str>) -> Result<Self, E> {
        Ok(Self::One(text.into_owned()))
    }

    fn from_seq<'de, A: SeqAccess<'de>>(seq: A) -> Result<Self, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(seq)).map(Self::Many)
    }
}

impl<'de> Deserialize<'de> for Stop {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        shape::read(deserializer)
    }
}
