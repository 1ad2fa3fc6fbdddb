//! The ways in which models write their calls of tools.

/// How a model writes its calls of tools.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// `<tool_call>\n{"name": …, "arguments": {…}}\n</tool_call>`: Hermes, Qwen.
    Hermes,
    /// `{"name": …, "parameters": {…}}` at the start: Llama 3.
    ///
    /// Or anywhere, behind `<|python_tag|>`. Several are separated by `;`.
    Llama3,
    /// `[TOOL_CALLS] [{"name": …, "arguments": {…}}]`: Mistral.
    Mistral,
    /// `[TOOL_CALLS]name[ARGS]{…}`: later models of Mistral.
    MistralArguments,
    /// As [`Hermes`](Self::Hermes), told to the model in a system message.
    ///
    /// For models whose template knows no tools, or has a format that is not among these.
    Plain,
}

impl Format {
    /// The format of a past call, as a template has written it.
    pub(crate) fn of_call(written: &str) -> Option<Self> {
        if written.contains("[TOOL_CALLS]") {
            return Some(if written.contains("[ARGS]") { Self::MistralArguments } else { Self::Mistral });
        }
        if let Some((_, call)) = written.split_once("<tool_call>") {
            return call.trim_start().starts_with("{\"name\"").then_some(Self::Hermes);
        }
        let (_, call) = written.split_once("{\"name\"")?;
        call.contains("\"parameters\"").then_some(Self::Llama3)
    }

    /// What stands before the first call.
    pub fn begin(self) -> &'static str {
        match self {
            Self::Hermes | Self::Plain => "<tool_call>\n",
            Self::Llama3 => "",
            Self::Mistral => "[TOOL_CALLS] [",
            Self::MistralArguments => "[TOOL_CALLS]",
        }
    }

    /// What stands between two calls.
    pub fn between(self) -> &'static str {
        match self {
            Self::Hermes | Self::Plain => "\n</tool_call>\n<tool_call>\n",
            Self::Llama3 => "; ",
            Self::Mistral => ", ",
            Self::MistralArguments => "[TOOL_CALLS]",
        }
    }

    /// What stands behind the last call.
    pub fn end(self) -> &'static str {
        match self {
            Self::Hermes | Self::Plain => "\n</tool_call>",
            Self::Mistral => "]",
            Self::Llama3 | Self::MistralArguments => "",
        }
    }

    /// The text by which a call is known within the answer.
    pub(crate) fn opener(self) -> &'static str {
        match self {
            Self::Hermes | Self::Plain => "<tool_call>",
            Self::Llama3 => "<|python_tag|>",
            Self::Mistral | Self::MistralArguments => "[TOOL_CALLS]",
        }
    }

    /// The key of a call's arguments.
    pub(crate) fn arguments_key(self) -> &'static str {
        if self == Self::Llama3 { "parameters" } else { "arguments" }
    }
}
