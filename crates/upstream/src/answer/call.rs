//! A call of a tool, or a piece of one.

use serde::de::{IgnoredAny, MapAccess};
use serde::{Deserialize, Deserializer};

use super::Text;
use super::object::{self, Object, Others};

/// A call, or what a chunk adds to it.
#[derive(Debug, Default)]
pub(crate) struct Call {
    /// Which of the calls; none in whole answers, and in the chunks of some servers.
    pub(crate) index: Option<u32>,
    pub(crate) id: Option<Text>,
    pub(crate) function: Option<Function>,
    pub(crate) custom: Option<Custom>,
    /// Fields that no event has.
    pub(crate) others: Others,
}

/// The call of a function.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Function {
    pub(crate) name: Option<Text>,
    pub(crate) arguments: Option<Text>,
}

/// The call of a custom tool.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Custom {
    pub(crate) name: Option<Text>,
    pub(crate) input: Option<Text>,
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
pub(crate) enum CallField {
    Index,
    Id,
    Type,
    Function,
    Custom,
    Other(String),
}

impl Object for Call {
    type Field = CallField;

    fn read<'de, A: MapAccess<'de>>(&mut self, field: CallField, map: &mut A) -> Result<(), A::Error> {
        match field {
            CallField::Index => self.index = map.next_value()?,
            CallField::Id => self.id = map.next_value()?,
            CallField::Type => drop(map.next_value::<IgnoredAny>()?),
            CallField::Function => self.function = map.next_value()?,
            CallField::Custom => self.custom = map.next_value()?,
            CallField::Other(name) => self.others.read(name, map)?,
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Call {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        object::read(deserializer)
    }
}
