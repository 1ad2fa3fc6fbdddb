//! Reads an object field by field, and keeps the fields that it does not know.

use std::fmt;
use std::marker::PhantomData;

use antiphon_types::{Extra, Value};
use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, MapAccess, Visitor};

/// A JSON object of which some fields are known.
pub(super) trait Object: Default {
    /// The known fields.
    const NAMES: &'static [&'static str];

    /// Reads the value of one of [`NAMES`](Self::NAMES).
    fn read<'de, A: MapAccess<'de>>(&mut self, name: &'static str, map: &mut A) -> Result<(), A::Error>;

    /// Where all others are kept, unless they are null.
    fn extra(&mut self) -> &mut Extra;
}

pub(super) fn read<'de, T: Object, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(ObjectVisitor(PhantomData))
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Object> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let mut object = T::default();
        while let Some(name) = map.next_key_seed(NameOf(T::NAMES))? {
            match name {
                Name::Known(name) => object.read(name, &mut map)?,
                Name::Other(name) => {
                    let value: Value = map.next_value()?;
                    if !value.is_null() {
                        object.extra().insert(name, value);
                    }
                }
            }
        }
        Ok(object)
    }
}

/// The name of a field; a known one is not copied.
enum Name {
    Known(&'static str),
    Other(String),
}

struct NameOf(&'static [&'static str]);

impl<'de> DeserializeSeed<'de> for NameOf {
    type Value = Name;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Name, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for NameOf {
    type Value = Name;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the name of a field")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Name, E> {
        let known = self.0.iter().find(|known| **known == name);
        Ok(known.map_or_else(|| Name::Other(name.to_owned()), |known| Name::Known(known)))
    }
}
