//! The calls of tools that a model makes.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Extra, lenient, open_enum::open_enum, tagged::tagged};

/// A call of a tool; its `type` says which kind.
///
/// Where a server leaves the `type` out, the key `function` or `custom` says it. An id or arguments that are left out
/// are read as empty texts, and arguments that are an object as its JSON text.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum ToolCall {
    /// A call of a function, with arguments in JSON.
    Function(FunctionToolCall),
    /// A call of a custom tool, with a text.
    Custom(CustomToolCall),
    /// A kind that this version does not know: the whole object.
    #[serde(untagged)]
    Other(Value),
}

tagged!(ToolCall: "type" or key {
    "function" => Function(FunctionToolCall),
    "custom" => Custom(CustomToolCall),
} else Other);

impl ToolCall {
    /// Makes a call of a function; `arguments` is JSON text.
    pub fn function(id: impl Into<String>, name: impl Into<String>, arguments: impl Into<String>) -> Self {
        Self::Function(FunctionToolCall::new(id, FunctionCall::new(name, arguments)))
    }

    /// Makes a call of a custom tool.
    pub fn custom(id: impl Into<String>, name: impl Into<String>, input: impl Into<String>) -> Self {
        Self::Custom(CustomToolCall::new(id, CustomCall::new(name, input)))
    }

    /// Returns the id that the call's result names.
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Function(call) => Some(&call.id),
            Self::Custom(call) => Some(&call.id),
            Self::Other(call) => call["id"].as_str(),
        }
    }

    /// Returns the name of the tool.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Function(call) => Some(&call.function.name),
            Self::Custom(call) => Some(&call.custom.name),
            Self::Other(_) => None,
        }
    }
}

/// A call of a function tool.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct FunctionToolCall {
    /// The id that the call's result names, such as `call_abc123`.
    #[serde(default, deserialize_with = "lenient::text_or_json")]
    pub id: String,
    /// Which function, and with what.
    pub function: FunctionCall,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl FunctionToolCall {
    /// Makes a call that its result names by this id.
    pub fn new(id: impl Into<String>, function: FunctionCall) -> Self {
        Self { id: id.into(), function, extra: Extra::new() }
    }
}

/// The name of a function and the arguments it is called with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct FunctionCall {
    /// The name of the function.
    pub name: String,
    /// The arguments as the model wrote them, in JSON.
    ///
    /// The text may be invalid, or break its schema.
    #[serde(default, deserialize_with = "lenient::text_or_json")]
    pub arguments: String,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl FunctionCall {
    /// Makes a call; `arguments` is JSON text.
    pub fn new(name: impl Into<String>, arguments: impl Into<String>) -> Self {
        Self { name: name.into(), arguments: arguments.into(), extra: Extra::new() }
    }
}

/// A call of a custom tool.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct CustomToolCall {
    /// The id that the call's result names, such as `call_abc123`.
    #[serde(default, deserialize_with = "lenient::text_or_json")]
    pub id: String,
    /// Which tool, and with what.
    pub custom: CustomCall,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl CustomToolCall {
    /// Makes a call that its result names by this id.
    pub fn new(id: impl Into<String>, custom: CustomCall) -> Self {
        Self { id: id.into(), custom, extra: Extra::new() }
    }
}

/// The name of a custom tool and its input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct CustomCall {
    /// The name of the tool.
    pub name: String,
    /// The input as the model wrote it.
    #[serde(default, deserialize_with = "lenient::text_or_json")]
    pub input: String,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl CustomCall {
    /// Makes a call with a text.
    pub fn new(name: impl Into<String>, input: impl Into<String>) -> Self {
        Self { name: name.into(), input: input.into(), extra: Extra::new() }
    }
}

open_enum! {
    /// The kind of a tool call.
    ToolCallKind {
        Function = "function",
        Custom = "custom",
    }
}
