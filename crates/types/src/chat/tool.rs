//! The tools that a model may call.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::CustomFormat;
use crate::{Extra, tagged::tagged};

/// A tool that the model may call; its `type` says which kind.
///
/// ```
/// use antiphon_types::{
///     chat::{Custom, CustomFormat, Function, GrammarSyntax, Message, Request, Tool, ToolChoice},
///     json,
/// };
///
/// let weather = Function::new("weather").description("The weather of a city.").strict().parameters(json!({
///     "type": "object",
///     "properties": {"city": {"type": "string"}},
///     "required": ["city"],
///     "additionalProperties": false,
/// }));
/// let sum = Custom::new("sum").format(CustomFormat::grammar(GrammarSyntax::Regex, r"\d+\+\d+"));
///
/// let request = Request::new("gpt-5.5", [Message::user("What is the weather in Oslo?")])
///     .tools([Tool::from(weather), Tool::from(sum)])
///     .tool_choice(ToolChoice::function("weather"));
/// let names: Vec<_> = request.tools.iter().flatten().filter_map(Tool::name).collect();
/// assert_eq!(names, ["weather", "sum"]);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Tool {
    /// A function whose arguments are JSON.
    Function(FunctionTool),
    /// A tool whose input is a text.
    Custom(CustomTool),
    /// A kind that this version does not know: the whole object.
    #[serde(untagged)]
    Other(Value),
}

tagged!(Tool: "type" { "function" => Function(FunctionTool), "custom" => Custom(CustomTool) } else Other);

impl Tool {
    /// Makes a function tool.
    pub fn function(function: Function) -> Self {
        Self::Function(FunctionTool { function, extra: Extra::new() })
    }

    /// Makes a custom tool.
    pub fn custom(custom: Custom) -> Self {
        Self::Custom(CustomTool { custom, extra: Extra::new() })
    }

    /// Returns the name that the model calls the tool by.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Function(tool) => Some(&tool.function.name),
            Self::Custom(tool) => Some(&tool.custom.name),
            Self::Other(_) => None,
        }
    }
}

impl From<Function> for Tool {
    fn from(function: Function) -> Self {
        Self::function(function)
    }
}

impl From<Custom> for Tool {
    fn from(custom: Custom) -> Self {
        Self::custom(custom)
    }
}

/// A tool that is a function.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct FunctionTool {
    /// The function.
    pub function: Function,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A function that the model may call with arguments in JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Function {
    /// The name: letters, digits, `_` and `-`, at most 64.
    pub name: String,
    /// What the function does, for the model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The JSON Schema of the arguments, an object; absent: there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameters: Option<Value>,
    /// Whether the arguments shall follow the schema exactly; default false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strict: Option<bool>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Function {
    /// Makes a function without arguments.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), description: None, parameters: None, strict: None, extra: Extra::new() }
    }

    /// Says what the function does.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Gives the arguments' JSON Schema, an object.
    #[must_use]
    pub fn parameters(mut self, schema: Value) -> Self {
        self.parameters = Some(schema);
        self
    }

    /// Asks for arguments that follow the schema exactly.
    #[must_use]
    pub fn strict(mut self) -> Self {
        self.strict = Some(true);
        self
    }
}

/// A tool that takes a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct CustomTool {
    /// The tool.
    pub custom: Custom,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A tool that the model may call with a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Custom {
    /// The name.
    pub name: String,
    /// What the tool does, for the model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What the text may be; absent: any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<CustomFormat>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Custom {
    /// Makes a tool that takes any text.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), description: None, format: None, extra: Extra::new() }
    }

    /// Says what the tool does.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Says what the text may be.
    #[must_use]
    pub fn format(mut self, format: CustomFormat) -> Self {
        self.format = Some(format);
        self
    }
}
