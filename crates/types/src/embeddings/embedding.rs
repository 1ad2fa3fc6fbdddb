//! The vector of one input.

use std::borrow::Cow;

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error, SeqAccess, value::SeqAccessDeserializer},
};

use crate::{
    Extra, Object, base64, lenient, object,
    shape::{self, Shape},
};

/// The vector of one input, as OpenAI's [reference] has it.
///
/// [reference]: https://platform.openai.com/docs/api-reference/embeddings/object
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Embedding {
    /// `embedding`.
    #[serde(default = "Object::embedding", deserialize_with = "object::embedding")]
    pub object: Object,
    /// The number of the input, from 0; absent means 0.
    #[serde(default, deserialize_with = "lenient::null_as_default")]
    pub index: u32,
    /// The vector; OpenAI's have the length 1.
    pub embedding: Vector,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Embedding {
    /// Makes the embedding of the input of this number.
    pub fn new(index: u32, vector: impl Into<Vector>) -> Self {
        Self { object: Object::Embedding, index, embedding: vector.into(), extra: Extra::new() }
    }
}

/// A vector, as it stands on the wire.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Vector {
    /// An array of numbers, which must be finite.
    Floats(Vec<f32>),
    /// The base64 of the numbers, each four bytes, the lowest first.
    Base64(String),
}

impl Vector {
    /// Makes a vector in base64.
    pub fn base64(floats: &[f32]) -> Self {
        let bytes: Vec<u8> = floats.iter().flat_map(|float| float.to_le_bytes()).collect();
        Self::Base64(base64::encode(&bytes))
    }

    /// Returns the numbers, however they stand on the wire.
    ///
    /// `None` where the text is no base64 of floats.
    pub fn to_floats(&self) -> Option<Vec<f32>> {
        let text = match self {
            Self::Floats(floats) => return Some(floats.clone()),
            Self::Base64(text) => text,
        };
        let bytes = base64::decode(text)?;
        let (floats, rest) = bytes.as_chunks();
        rest.is_empty().then(|| floats.iter().copied().map(f32::from_le_bytes).collect())
    }
}

impl From<Vec<f32>> for Vector {
    fn from(floats: Vec<f32>) -> Self {
        Self::Floats(floats)
    }
}

impl Shape for Vector {
    const EXPECTING: &'static str = "an array of numbers or a base64 string";

    fn from_text<E: Error>(text: Cow<'_, str>) -> Result<Self, E> {
        Ok(Self::Base64(text.into_owned()))
    }

    fn from_seq<'de, A: SeqAccess<'de>>(seq: A) -> Result<Self, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(seq)).map(Self::Floats)
    }
}

impl<'de> Deserialize<'de> for Vector {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        shape::read(deserializer)
    }
}
