//! The content of a message: a text, or parts of several kinds.

use std::borrow::Cow;

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeOwned, Error, SeqAccess, value::SeqAccessDeserializer},
};

use crate::shape::{self, Shape};

/// The content of a message: one text, or parts.
///
/// `P` is the kind of part that the message's role allows. Texts and vectors of parts convert into it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "ContentOf{P}"))]
#[serde(untagged)]
pub enum Content<P> {
    /// A text, which may be empty.
    Text(String),
    /// Parts, in their order; OpenAI wants at least one.
    Parts(Vec<P>),
}

/// A content part that may hold text.
pub trait Part {
    /// Returns the text of a text part, `None` for any other kind.
    fn as_text(&self) -> Option<&str>;
}

impl<P: Part> Content<P> {
    /// Returns the text, that of all text parts in a row.
    ///
    /// It is borrowed unless several parts have to be joined.
    pub fn text(&self) -> Cow<'_, str> {
        let parts = match self {
            Self::Text(text) => return Cow::Borrowed(text),
            Self::Parts(parts) => parts,
        };
        let mut texts = parts.iter().filter_map(Part::as_text);
        let Some(first) = texts.next() else { return Cow::Borrowed("") };
        // Adding to a borrowed, non-empty text copies it; a lone one stays borrowed.
        texts.fold(Cow::Borrowed(first), |joined, text| joined + text)
    }
}

impl<P> Content<P> {
    /// Says whether it is an empty text or has no parts.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::Parts(parts) => parts.is_empty(),
        }
    }
}

impl<P> From<&str> for Content<P> {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl<P> From<String> for Content<P> {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl<P> From<Vec<P>> for Content<P> {
    fn from(parts: Vec<P>) -> Self {
        Self::Parts(parts)
    }
}

impl<P, const N: usize> From<[P; N]> for Content<P> {
    fn from(parts: [P; N]) -> Self {
        Self::Parts(parts.into())
    }
}

impl<P: DeserializeOwned> Shape for Content<P> {
    const EXPECTING: &'static str = "a string or an array of parts";

    fn from_text<E: Error>(text: Cow<'_, str>) -> Result<Self, E> {
        Ok(Self::Text(text.into_owned()))
    }

    fn from_seq<'de, A: SeqAccess<'de>>(seq: A) -> Result<Self, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(seq)).map(Self::Parts)
    }
}

impl<'de, P: DeserializeOwned> Deserialize<'de> for Content<P> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        shape::read(deserializer)
    }
}
