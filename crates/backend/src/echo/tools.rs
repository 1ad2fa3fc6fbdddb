//! Which tools are called, and with what.

#[cfg(test)]
mod tests;

use antiphon_types::chat::{
    self, AllowedToolsMode, Custom, CustomFormat, Function, FunctionCallChoice, FunctionCallMode,
    GrammarSyntax, Message, Tool, ToolChoice, ToolChoiceMode,
};
use antiphon_types::json;

use super::answer::Call;
use super::instance::{Root, instance};
use crate::{BackendError, ErrorKind, ToolKind};

/// The calls that a chat is answered with; none where it is answered in text.
///
/// Called are the tools that the last message of the user names, and where it names none although one must be called,
/// the first. Once a result follows that message, there is nothing more to call.
pub(super) fn calls(request: &chat::Request) -> Result<Vec<Call>, BackendError> {
    let message = request.messages.iter().rfind(|message| {
        !matches!(message, Message::System(_) | Message::Developer(_) | Message::Assistant(_))
    });
    if matches!(message, Some(Message::Tool(_) | Message::Function(_))) {
        return Ok(Vec::new());
    }
    let message = message.map(Message::text).unwrap_or_default();
    let choice = Choice::of(request);
    let mut called = match choice.need {
        Need::This => choice.offered.clone(),
        Need::None | Need::One => choice.named(&message),
    };
    if called.is_empty() && choice.need == Need::One {
        called.extend(choice.offered.first());
    }
    if called.is_empty() && choice.need != Need::None {
        let message = "The tool that must be called is not among the tools.";
        return Err(BackendError::new(ErrorKind::InvalidRequest, message).with_param("tool_choice"));
    }
    if !choice.parallel {
        called.truncate(1);
    }
    called.iter().map(|offered| offered.call(&message)).collect()
}

/// What may be called, and what must be.
struct Choice<'r> {
    offered: Vec<Offered<'r>>,
    need: Need,
    /// Whether several can be called at once.
    parallel: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Need {
    None,
    /// One of them at least.
    One,
    /// The one that is left.
    This,
}

/// A tool, with its place in the request.
#[derive(Clone, Copy)]
struct Offered<'r> {
    list: &'static str,
    index: usize,
    tool: Kind<'r>,
}

#[derive(Clone, Copy)]
enum Kind<'r> {
    Function(&'r Function),
    Custom(&'r Custom),
}

impl<'r> Choice<'r> {
    fn of(request: &'r chat::Request) -> Self {
        match &request.tools {
            Some(tools) => Self::of_tools(tools, request),
            None => Self::of_functions(
                request.functions.as_deref().unwrap_or_default(),
                request.function_call.as_ref(),
            ),
        }
    }

    fn of_tools(tools: &'r [Tool], request: &'r chat::Request) -> Self {
        let kinds = tools.iter().map(|tool| match tool {
            Tool::Function(tool) => Some(Kind::Function(&tool.function)),
            Tool::Custom(tool) => Some(Kind::Custom(&tool.custom)),
            _ => None,
        });
        let offered =
            kinds.enumerate().filter_map(|(index, tool)| Some(Offered { list: "tools", index, tool: tool? }));
        let parallel = request.parallel_tool_calls != Some(false);
        let mut choice = Self { offered: offered.collect(), need: Need::None, parallel };
        match &request.tool_choice {
            Some(ToolChoice::Mode(ToolChoiceMode::None)) => choice.offered.clear(),
            Some(ToolChoice::Mode(ToolChoiceMode::Required)) => choice.need = Need::One,
            Some(ToolChoice::Function(one)) => choice.demand(&one.function.name, ToolKind::Function),
            Some(ToolChoice::Custom(one)) => choice.demand(&one.custom.name, ToolKind::Custom),
            Some(ToolChoice::AllowedTools(some)) => {
                let allowed: Vec<_> = some.allowed_tools.names().flatten().collect();
                choice.offered.retain(|offered| allowed.contains(&offered.name()));
                if some.allowed_tools.mode == AllowedToolsMode::Required {
                    choice.need = Need::One;
                }
            }
            _ => {}
        }
        choice
    }

    /// The same for functions of the deprecated kind, of which one is called at a time.
    fn of_functions(functions: &'r [Function], chosen: Option<&FunctionCallChoice>) -> Self {
        let offered = functions.iter().enumerate();
        let offered = offered.map(|(index, function)| Offered {
            list: "functions",
            index,
            tool: Kind::Function(function),
        });
        let mut choice = Self { offered: offered.collect(), need: Need::None, parallel: false };
        match chosen {
            Some(FunctionCallChoice::Mode(FunctionCallMode::None)) => choice.offered.clear(),
            Some(FunctionCallChoice::Function(one)) => choice.demand(&one.name, ToolKind::Function),
            _ => {}
        }
        choice
    }

    /// Leaves one tool, which must be called.
    fn demand(&mut self, name: &str, kind: ToolKind) {
        self.offered.retain(|offered| offered.name() == name && offered.kind() == kind);
        self.offered.truncate(1);
        self.need = Need::This;
    }

    /// The tools whose names are words of a message.
    fn named(&self, message: &str) -> Vec<Offered<'r>> {
        let mut is_named = vec![false; self.offered.len()];
        for word in
            message.split(|character: char| !(character.is_alphanumeric() || "_-".contains(character)))
        {
            if let Some(place) = self.offered.iter().position(|offered| offered.name() == word) {
                is_named[place] = true;
            }
        }
        self.offered
            .iter()
            .zip(is_named)
            .filter(|(_, is_named)| *is_named)
            .map(|(offered, _)| *offered)
            .collect()
    }
}

impl Offered<'_> {
    fn name(&self) -> &str {
        match self.tool {
            Kind::Function(function) => &function.name,
            Kind::Custom(custom) => &custom.name,
        }
    }

    fn kind(&self) -> ToolKind {
        match self.tool {
            Kind::Function(_) => ToolKind::Function,
            Kind::Custom(_) => ToolKind::Custom,
        }
    }

    /// Calls the tool with a message.
    fn call(&self, message: &str) -> Result<Call, BackendError> {
        let arguments = match self.tool {
            Kind::Function(function) => self.arguments(function, message)?,
            Kind::Custom(custom) => self.input(custom, message)?,
        };
        Ok(Call { kind: self.kind(), name: self.name().to_owned(), arguments })
    }

    /// The smallest arguments of a function that say the message.
    fn arguments(&self, function: &Function, message: &str) -> Result<String, BackendError> {
        let Some(schema) = &function.parameters else { return Ok("{}".to_owned()) };
        let instance = instance(schema, message, Root::Object).map_err(|reason| {
            let path = if self.list == "tools" { "function.parameters" } else { "parameters" };
            let of = format!("function '{}'", function.name);
            self.at(reason.error(&of, "invalid_function_parameters"), path)
        })?;
        Ok(instance.to_string())
    }

    /// The input of a custom tool: the message, or the smallest of a grammar.
    fn input(&self, custom: &Custom, message: &str) -> Result<String, BackendError> {
        let grammar = match &custom.format {
            None | Some(CustomFormat::Text(_)) => return Ok(message.to_owned()),
            Some(CustomFormat::Grammar(format)) => &format.grammar,
            Some(_) => {
                let message = "This model knows no such format of a custom tool.".to_owned();
                return Err(self.refused(ErrorKind::Unsupported, message, "custom.format.type"));
            }
        };
        if grammar.syntax != GrammarSyntax::Regex {
            let message =
                format!("This model writes texts of a regex and not of a {} grammar.", grammar.syntax);
            return Err(self.refused(ErrorKind::Unsupported, message, "custom.format.grammar.syntax"));
        }
        let schema = json!({"type": "string", "pattern": format!("^(?:{})$", grammar.definition)});
        match instance(&schema, message, Root::Any) {
            Ok(text) => Ok(text.as_str().unwrap_or_default().to_owned()),
            Err(reason) => {
                let (kind, word) = reason.kind();
                let message = format!("{word} grammar for tool '{}': {reason}.", custom.name);
                Err(self.refused(kind, message, "custom.format.grammar.definition"))
            }
        }
    }

    fn refused(&self, kind: ErrorKind, message: String, path: &str) -> BackendError {
        self.at(BackendError::new(kind, message), path)
    }

    fn at(&self, error: BackendError, path: &str) -> BackendError {
        let Self { list, index, .. } = self;
        error.with_param(format!("{list}[{index}].{path}"))
    }
}
