//! Reads values that are one of several JSON shapes: a text, a number, an array or an object.

use std::{borrow::Cow, fmt, marker::PhantomData};

use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Unexpected, Visitor};

/// A type that accepts one or more JSON shapes, each without buffering.
///
/// A shape that is not overridden is refused with [`EXPECTING`](Self::EXPECTING) in the message.
pub(crate) trait Shape: Sized {
    /// What was expected, such as "a string or an array of parts".
    const EXPECTING: &'static str;

    /// Takes a JSON string.
    fn from_text<E: Error>(text: Cow<'_, str>) -> Result<Self, E> {
        Err(E::invalid_type(Unexpected::Str(&text), &Self::EXPECTING))
    }

    /// Takes a JSON integer that is not negative.
    fn from_unsigned<E: Error>(number: u64) -> Result<Self, E> {
        Err(E::invalid_type(Unexpected::Unsigned(number), &Self::EXPECTING))
    }

    /// Takes a JSON array.
    fn from_seq<'de, A: SeqAccess<'de>>(_seq: A) -> Result<Self, A::Error> {
        Err(A::Error::invalid_type(Unexpected::Seq, &Self::EXPECTING))
    }

    /// Takes a JSON object.
    fn from_map<'de, A: MapAccess<'de>>(_map: A) -> Result<Self, A::Error> {
        Err(A::Error::invalid_type(Unexpected::Map, &Self::EXPECTING))
    }
}

/// Reads whichever of its shapes stands in the input.
pub(crate) fn read<'de, T: Shape, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_any(ShapeVisitor(PhantomData))
}

struct ShapeVisitor<T>(PhantomData<T>);

impl<'de, T: Shape> Visitor<'de> for ShapeVisitor<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(T::EXPECTING)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        T::from_text(Cow::Borrowed(text))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<T, E> {
        T::from_text(Cow::Owned(text))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
        T::from_unsigned(number)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<T, A::Error> {
        T::from_seq(seq)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::from_map(map)
    }
}
