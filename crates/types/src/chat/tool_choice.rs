//! Which tools the model may or must call.

use std::borrow::Cow;

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error, MapAccess},
};
use serde_json::Value;

use crate::{
    Extra,
    open_enum::open_enum,
    shape::{self, Shape},
    tagged::{tagged, variant},
};

/// Which tools the model may or must call.
///
/// A mode or an object on the wire.
///
/// The default is `none` without tools and `auto` with some.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum ToolChoice {
    /// This function must be called.
    Function(FunctionChoice),
    /// This custom tool must be called.
    Custom(CustomChoice),
    /// Only some of the tools may be called.
    AllowedTools(AllowedToolsChoice),
    /// `none`, `auto` or `required`.
    #[serde(untagged)]
    Mode(ToolChoiceMode),
    /// A kind that this version does not know: the whole object.
    #[serde(untagged)]
    Other(Value),
}

impl ToolChoice {
    /// Demands a call of the function with this name.
    pub fn function(name: impl Into<String>) -> Self {
        Self::Function(FunctionChoice::new(name))
    }

    /// Demands a call of the custom tool with this name.
    pub fn custom(name: impl Into<String>) -> Self {
        Self::Custom(CustomChoice::new(name))
    }

    /// Allows some of the tools.
    ///
    /// ```
    /// use antiphon_types::chat::{AllowedTool, AllowedToolsMode, ToolChoice};
    ///
    /// let choice = ToolChoice::allowed_tools(AllowedToolsMode::Auto, [AllowedTool::function("weather")]);
    /// assert_eq!(
    ///     serde_json::to_string(&choice)?,
    ///     concat!(
    ///         r#"{"type":"allowed_tools","allowed_tools":{"mode":"auto","#,
    ///         r#""tools":[{"type":"function","function":{"name":"weather"}}]}}"#,
    ///     ),
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn allowed_tools(mode: AllowedToolsMode, tools: impl IntoIterator<Item = AllowedTool>) -> Self {
        let allowed_tools = AllowedTools { mode, tools: tools.into_iter().collect(), extra: Extra::new() };
        Self::AllowedTools(AllowedToolsChoice { allowed_tools, extra: Extra::new() })
    }

    /// Returns the name of the one tool that must be called.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Function(choice) => Some(&choice.function.name),
            Self::Custom(choice) => Some(&choice.custom.name),
            Self::AllowedTools(_) | Self::Mode(_) | Self::Other(_) => None,
        }
    }

    /// Says whether a tool must be called.
    ///
    /// So it is with `required`, also of some tools, and with one by its name.
    pub fn forces_call(&self) -> bool {
        match self {
            Self::Function(_) | Self::Custom(_) => true,
            Self::AllowedTools(choice) => choice.allowed_tools.mode == AllowedToolsMode::Required,
            Self::Mode(mode) => *mode == ToolChoiceMode::Required,
            Self::Other(_) => false,
        }
    }
}

impl From<ToolChoiceMode> for ToolChoice {
    fn from(mode: ToolChoiceMode) -> Self {
        Self::Mode(mode)
    }
}

impl Shape for ToolChoice {
    const EXPECTING: &'static str = "a string or an object with a `type`";

    fn from_text<E: Error>(text: Cow<'_, str>) -> Result<Self, E> {
        ToolChoiceMode::from_text(text).map(Self::Mode)
    }

    fn from_map<'de, A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        variant!(map, "type" {
            "function" => Function(FunctionChoice),
            "custom" => Custom(CustomChoice),
            "allowed_tools" => AllowedTools(AllowedToolsChoice)
        } else Other)
    }
}

impl<'de> Deserialize<'de> for ToolChoice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        shape::read(deserializer)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for ToolChoice {
    fn schema_name() -> Cow<'static, str> {
        "ToolChoice".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let mode = generator.subschema_for::<ToolChoiceMode>();
        let object = crate::json_schema::tagged_schema!(generator, "type" {
            "function" => Function(FunctionChoice),
            "custom" => Custom(CustomChoice),
            "allowed_tools" => AllowedTools(AllowedToolsChoice)
        } else Other);
        schemars::json_schema!({"anyOf": [mode, object]})
    }
}

open_enum! {
    /// Whether tools may or must be called.
    ToolChoiceMode {
        /// No tool is called.
        None = "none",
        /// The model decides.
        Auto = "auto",
        /// At least one tool is called.
        Required = "required",
    }
}

/// A function, by its name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct FunctionChoice {
    /// The function, by its name.
    pub function: ToolName,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl FunctionChoice {
    /// Chooses the function with this name.
    pub fn new(name: impl Into<String>) -> Self {
        Self { function: ToolName::new(name), extra: Extra::new() }
    }
}

/// A custom tool, by its name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct CustomChoice {
    /// The tool, by its name.
    pub custom: ToolName,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl CustomChoice {
    /// Chooses the custom tool with this name.
    pub fn new(name: impl Into<String>) -> Self {
        Self { custom: ToolName::new(name), extra: Extra::new() }
    }
}

/// The name of a tool.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ToolName {
    /// The name.
    pub name: String,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl ToolName {
    /// Makes a name.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), extra: Extra::new() }
    }
}

/// The choice of some of the request's tools.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct AllowedToolsChoice {
    /// Which tools, and whether one must be called.
    pub allowed_tools: AllowedTools,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Some of the request's tools.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct AllowedTools {
    /// Whether one of them must be called.
    pub mode: AllowedToolsMode,
    /// The tools.
    pub tools: Vec<AllowedTool>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl AllowedTools {
    /// Returns the tools' names, `None` for a tool of an unknown kind.
    pub fn names(&self) -> impl Iterator<Item = Option<&str>> {
        self.tools.iter().map(AllowedTool::name)
    }
}

/// One of the request's tools, by its name.
///
/// Its `type` says which kind.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum AllowedTool {
    /// A function.
    Function(FunctionChoice),
    /// A custom tool.
    Custom(CustomChoice),
    /// A kind that this version does not know: the whole object.
    #[serde(untagged)]
    Other(Value),
}

tagged!(AllowedTool: "type" { "function" => Function(FunctionChoice), "custom" => Custom(CustomChoice) } else Other);

impl AllowedTool {
    /// Allows the function with this name.
    pub fn function(name: impl Into<String>) -> Self {
        Self::Function(FunctionChoice::new(name))
    }

    /// Allows the custom tool with this name.
    pub fn custom(name: impl Into<String>) -> Self {
        Self::Custom(CustomChoice::new(name))
    }

    /// Returns the name of the tool.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Function(tool) => Some(&tool.function.name),
            Self::Custom(tool) => Some(&tool.custom.name),
            Self::Other(_) => None,
        }
    }
}

open_enum! {
    /// Whether one of the allowed tools must be called.
    AllowedToolsMode {
        /// The model decides.
        Auto = "auto",
        /// At least one is called.
        Required = "required",
    }
}
