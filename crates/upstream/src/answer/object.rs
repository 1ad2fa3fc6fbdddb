//! Reads an object field by field, and keeps the fields that it does not know.

use std::fmt;
use std::marker::PhantomData;

use antiphon_types::{Extra, Value};
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// A JSON object of which some fields are known.
pub(super) trait Object: Default {
    /// The name of a field: one that is known, or any other.
    type Field: for<'de> Deserialize<'de>;

    /// Reads the value of a field.
    fn read<'de, A: MapAccess<'de>>(&mut self, field: Self::Field, map: &mut A) -> Result<(), A::Error>;
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
        while let Some(field) = map.next_key()? {
            object.read(field, &mut map)?;
        }
        Ok(object)
    }
}

/// Fields that are not known. Most objects have none, and are smaller for it.
#[derive(Debug, Default)]
pub(crate) struct Others(Option<Box<Extra>>);

impl Others {
    /// Reads the value of a field, and keeps it unless it is null.
    pub(super) fn read<'de, A: MapAccess<'de>>(&mut self, name: String, map: &mut A) -> Result<(), A::Error> {
        let value: Value = map.next_value()?;
        if !value.is_null() {
            self.0.get_or_insert_default().insert(name, value);
        }
        Ok(())
    }

    pub(crate) fn insert(&mut self, name: &str, value: Value) {
        self.0.get_or_insert_default().insert(name.to_owned(), value);
    }

    /// All of them, where there are any.
    pub(crate) fn take(&mut self) -> Option<Extra> {
        self.0.take().map(|fields| *fields)
    }
}
