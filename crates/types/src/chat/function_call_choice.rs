//! Which function the model may or must call (deprecated).

use std::borrow::Cow;

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error, MapAccess, value::MapAccessDeserializer},
};

use super::ToolName;
use crate::{
    open_enum::open_enum,
    shape::{self, Shape},
};

/// Which function the model may or must call (deprecated: [`ToolChoice`](super::ToolChoice)).
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(untagged)]
#[non_exhaustive]
pub enum FunctionCallChoice {
    /// `none` or `auto`.
    Mode(FunctionCallMode),
    /// This function must be called.
    Function(ToolName),
}

impl FunctionCallChoice {
    /// Demands a call of the function with this name.
    pub fn function(name: impl Into<String>) -> Self {
        Self::Function(ToolName::new(name))
    }

    /// Returns the name of the one function that must be called.
    pub fn name(&self) -> Option<&str> {
        if let Self::Function(function) = self { Some(&function.name) } else { None }
    }
}

impl Shape for FunctionCallChoice {
    const EXPECTING: &'static str = "a string or an object with a `name`";

    fn from_text<E: Error>(text: Cow<'_, str>) -> Result<Self, E> {
        FunctionCallMode::from_text(text).map(Self::Mode)
    }

    fn from_map<'de, A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        ToolName::deserialize(MapAccessDeserializer::new(map)).map(Self::Function)
    }
}

impl<'de> Deserialize<'de> for FunctionCallChoice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        shape::read(deserializer)
    }
}

open_enum! {
    /// Whether a function may be called (deprecated).
    FunctionCallMode {
        /// No function is called.
        None = "none",
        /// The model decides.
        Auto = "auto",
    }
}
