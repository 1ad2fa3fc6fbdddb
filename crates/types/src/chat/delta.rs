//! What a chunk adds to a choice.

use serde::{Deserialize, Serialize, Serializer, ser::SerializeMap};

use super::{Role, ToolCallKind};
use crate::{Extra, lenient};

/// What a chunk adds to a choice's message.
///
/// On the wire a delta with a role always has `content` and `refusal`, null where there are none, as OpenAI's first
/// chunk of a choice; one without a role has only what it adds.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(
    feature = "schemars",
    derive(schemars::JsonSchema),
    schemars(rename = "ChatDelta", transform = crate::json_schema::nothing_required)
)]
#[non_exhaustive]
pub struct Delta {
    /// Who speaks; only in the first delta of a choice.
    pub role: Option<Role>,
    /// Text to add.
    pub content: Option<String>,
    /// Text to add to the refusal.
    pub refusal: Option<String>,
    /// Text to add to the thoughts, as several servers name them.
    pub reasoning_content: Option<String>,
    /// Text to add to the thoughts, as yet others name them.
    pub reasoning: Option<String>,
    /// What is added to the tool calls, one entry an index.
    pub tool_calls: Option<Vec<ToolCallDelta>>,
    /// What is added to the function call (deprecated).
    pub function_call: Option<FunctionCallDelta>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Delta {
    /// Begins the assistant's message, with an empty text.
    pub fn start() -> Self {
        Self { role: Some(Role::Assistant), content: Some(String::new()), ..Self::default() }
    }

    /// Begins the assistant's message, with a null text, as before tool calls.
    pub fn start_without_content() -> Self {
        Self { role: Some(Role::Assistant), ..Self::default() }
    }

    /// Adds text.
    pub fn content(text: impl Into<String>) -> Self {
        Self { content: Some(text.into()), ..Self::default() }
    }

    /// Adds text to the refusal.
    pub fn refusal(text: impl Into<String>) -> Self {
        Self { refusal: Some(text.into()), ..Self::default() }
    }

    /// Adds text to the thoughts, as several servers name them.
    pub fn reasoning_content(text: impl Into<String>) -> Self {
        Self { reasoning_content: Some(text.into()), ..Self::default() }
    }

    /// Adds text to the thoughts, as yet others name them.
    pub fn reasoning(text: impl Into<String>) -> Self {
        Self { reasoning: Some(text.into()), ..Self::default() }
    }

    /// Adds to one tool call.
    pub fn tool_call(call: ToolCallDelta) -> Self {
        Self { tool_calls: Some(vec![call]), ..Self::default() }
    }

    /// Adds to the function call (deprecated).
    pub fn function_call(call: FunctionCallDelta) -> Self {
        Self { function_call: Some(call), ..Self::default() }
    }
}

impl Serialize for Delta {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(role) = &self.role {
            map.serialize_entry("role", role)?;
            map.serialize_entry("content", &self.content)?;
            map.serialize_entry("refusal", &self.refusal)?;
        } else {
            entry(&mut map, "content", self.content.as_ref())?;
            entry(&mut map, "refusal", self.refusal.as_ref())?;
        }
        entry(&mut map, "reasoning_content", self.reasoning_content.as_ref())?;
        entry(&mut map, "reasoning", self.reasoning.as_ref())?;
        entry(&mut map, "tool_calls", self.tool_calls.as_ref())?;
        entry(&mut map, "function_call", self.function_call.as_ref())?;
        for (name, value) in &self.extra {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// Writes an entry where there is a value.
fn entry<M: SerializeMap, T: Serialize>(map: &mut M, name: &str, value: Option<&T>) -> Result<(), M::Error> {
    value.map_or(Ok(()), |value| map.serialize_entry(name, value))
}

/// What is added to a tool call.
///
/// The first delta of a call has its id, kind and name; later ones have fragments of the arguments alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ToolCallDelta {
    /// The call's number in its choice, from 0 without gaps.
    ///
    /// Absent means 0.
    #[serde(default, deserialize_with = "lenient::null_as_default")]
    pub index: u32,
    /// The call's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The kind of the tool.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<ToolCallKind>,
    /// What is added to the call of a function.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub function: Option<FunctionCallDelta>,
    /// What is added to the call of a custom tool.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom: Option<CustomCallDelta>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl ToolCallDelta {
    /// Makes a delta that adds nothing to the call of this number.
    pub fn new(index: u32) -> Self {
        Self { index, id: None, kind: None, function: None, custom: None, extra: Extra::new() }
    }

    /// Begins the call of a function, with empty arguments.
    pub fn function(index: u32, id: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            id: Some(id.into()),
            kind: Some(ToolCallKind::Function),
            function: Some(FunctionCallDelta::start(name)),
            ..Self::new(index)
        }
    }

    /// Adds a fragment to the arguments of a function's call.
    pub fn arguments(index: u32, fragment: impl Into<String>) -> Self {
        Self { function: Some(FunctionCallDelta::arguments(fragment)), ..Self::new(index) }
    }

    /// Begins the call of a custom tool, with an empty input.
    pub fn custom(index: u32, id: impl Into<String>, name: impl Into<String>) -> Self {
        let custom =
            CustomCallDelta { name: Some(name.into()), input: Some(String::new()), extra: Extra::new() };
        Self {
            id: Some(id.into()),
            kind: Some(ToolCallKind::Custom),
            custom: Some(custom),
            ..Self::new(index)
        }
    }

    /// Adds a fragment to the input of a custom tool's call.
    pub fn input(index: u32, fragment: impl Into<String>) -> Self {
        let custom = CustomCallDelta { input: Some(fragment.into()), ..CustomCallDelta::default() };
        Self { custom: Some(custom), ..Self::new(index) }
    }
}

/// What is added to the call of a function.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct FunctionCallDelta {
    /// The function's name, whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A fragment of the arguments' JSON text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arguments: Option<String>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl FunctionCallDelta {
    /// Begins the call, with empty arguments.
    pub fn start(name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..Self::arguments("") }
    }

    /// Adds a fragment to the arguments.
    pub fn arguments(fragment: impl Into<String>) -> Self {
        Self { arguments: Some(fragment.into()), ..Self::default() }
    }
}

/// What is added to the call of a custom tool.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct CustomCallDelta {
    /// The tool's name, whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A fragment of the input.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input: Option<String>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}
