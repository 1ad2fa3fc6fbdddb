//! The tools that a request offers to the model.

use antiphon_backend::chat::{
    self, Function, FunctionCallChoice, FunctionCallMode, Tool, ToolChoice, ToolChoiceMode,
};
use serde_json::{Value, json};

use crate::TemplateError;

/// The functions that a request allows to call.
///
/// They stand in its `tools`, or in the older `functions`.
#[derive(Debug, Default)]
pub(crate) struct Offer<'a> {
    pub(crate) functions: Vec<&'a Function>,
    /// Whether one of them must be called.
    pub(crate) is_forced: bool,
}

impl<'a> Offer<'a> {
    /// # Errors
    /// [`TemplateError::NotFunction`] for a tool of another kind.
    pub(crate) fn of(request: &'a chat::Request) -> Result<Self, TemplateError> {
        let mut functions: Vec<_> = request.functions.iter().flatten().collect();
        for (index, tool) in request.tools.iter().flatten().enumerate() {
            let Tool::Function(tool) = tool else {
                return Err(TemplateError::NotFunction(format!("tools[{index}].type")));
            };
            functions.push(&tool.function);
        }
        let mut offer = Self { functions, is_forced: false };
        offer.choose(request);
        Ok(offer)
    }

    fn choose(&mut self, request: &chat::Request) {
        match &request.tool_choice {
            Some(ToolChoice::Mode(ToolChoiceMode::None)) => self.functions.clear(),
            Some(ToolChoice::AllowedTools(choice)) => {
                let names: Vec<_> = choice.allowed_tools.names().flatten().collect();
                self.functions.retain(|function| names.contains(&function.name.as_str()));
            }
            Some(choice) => self.keep(choice.name()),
            None => self.choose_by_function_call(request),
        }
        self.is_forced |= request.tool_choice.as_ref().is_some_and(ToolChoice::forces_call);
    }

    /// As `function_call`, the older `tool_choice`, says.
    fn choose_by_function_call(&mut self, request: &chat::Request) {
        let Some(choice) = &request.function_call else { return };
        match choice.name() {
            Some(name) => {
                self.keep(Some(name));
                self.is_forced = true;
            }
            None => {
                if *choice == FunctionCallChoice::Mode(FunctionCallMode::None) {
                    self.functions.clear();
                }
            }
        }
    }

    fn keep(&mut self, name: Option<&str>) {
        if let Some(name) = name {
            self.functions.retain(|function| function.name == name);
        }
    }

    /// The functions as OpenAI writes tools.
    pub(crate) fn objects(&self) -> Vec<Value> {
        self.functions.iter().map(|function| json!({"type": "function", "function": function})).collect()
    }
}

/// The schema of a function's arguments; without one it has none.
pub(crate) fn parameters(function: &Function) -> Value {
    let none = || json!({"type": "object", "properties": {}, "additionalProperties": false});
    function.parameters.clone().unwrap_or_else(none)
}
