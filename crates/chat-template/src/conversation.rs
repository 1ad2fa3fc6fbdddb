//! The messages of a request, as a template takes them.

use std::collections::HashMap;

use antiphon_backend::chat::{self, AssistantMessage, Content, FunctionCall, Message, ToolCall, UserPart};
use serde_json::{Map, Value, json};

use crate::TemplateError;
use crate::abilities::{Abilities, Arguments, Ids, System};
use crate::format::Format;
use crate::instructions;
use crate::offer::Offer;

/// The messages of a request, in the shape that the template knows.
pub(crate) fn messages(
    request: &chat::Request,
    abilities: Abilities,
    format: Format,
    offer: &Offer<'_>,
) -> Result<Vec<Value>, TemplateError> {
    let mut conversation = Conversation { abilities, format, calls: Calls::default(), written: Vec::new() };
    let told = (format == Format::Plain).then(|| instructions::told(offer)).flatten();
    let mut messages = request.messages.iter().enumerate().peekable();
    // What the model is told of tools stands behind what the program's author tells it.
    if let Some(told) = told {
        let own =
            messages.next_if(|(_, message)| matches!(message, Message::System(_) | Message::Developer(_)));
        let text = own.map(|(_, message)| format!("{}\n\n{told}", message.text())).unwrap_or(told);
        conversation.say("system", &text, Map::new());
    }
    for (index, message) in messages {
        conversation.add(index, message)?;
    }
    Ok(conversation.finish())
}

/// A conversation as far as it is written.
struct Conversation {
    abilities: Abilities,
    format: Format,
    calls: Calls,
    written: Vec<Turn>,
}

/// A message to be: its role, its text, and what else it has.
struct Turn {
    role: &'static str,
    text: String,
    more: Map<String, Value>,
    /// Whether it stands for another role, and joins the next of its own.
    is_stand_in: bool,
}

impl Conversation {
    fn add(&mut self, index: usize, message: &Message) -> Result<(), TemplateError> {
        let text = message.text();
        match message {
            Message::Developer(message) => {
                let role = if self.abilities.developer { "developer" } else { "system" };
                self.say(role, &text, named(message.name.as_deref(), &message.extra));
            }
            Message::System(message) => {
                self.say("system", &text, named(message.name.as_deref(), &message.extra));
            }
            Message::User(message) => {
                check_text(index, &message.content)?;
                self.say("user", &text, named(message.name.as_deref(), &message.extra));
            }
            Message::Assistant(message) => self.answer(message, &text),
            Message::Tool(message) => {
                let name = self.calls.names.get(&message.tool_call_id).cloned();
                self.result(&text, name.as_deref(), Some(&message.tool_call_id));
            }
            Message::Function(message) => self.result(&text, Some(&message.name), None),
            _ => return Err(TemplateError::NotText(format!("messages[{index}].role"))),
        }
        Ok(())
    }

    fn say(&mut self, role: &'static str, text: &str, more: Map<String, Value>) {
        let is_first = self.written.is_empty();
        let is_taken = match self.abilities.system {
            System::Anywhere => true,
            System::First => is_first,
            System::Nowhere => false,
        };
        match role {
            "system" if is_taken => self.push("system", text.to_owned(), more),
            "system" => match self.written.last_mut() {
                Some(last) if last.role == "system" => append(&mut last.text, text),
                _ => self.stand_in(text),
            },
            _ => self.push(role, text.to_owned(), more),
        }
    }

    fn push(&mut self, role: &'static str, mut text: String, more: Map<String, Value>) {
        if let Some(last) = self.written.pop_if(|last| last.is_stand_in && last.role == role) {
            text = format!("{}\n\n{text}", last.text);
        }
        self.written.push(Turn { role, text, more, is_stand_in: false });
    }

    /// Lets the user say what has no role of its own in this template.
    fn stand_in(&mut self, text: &str) {
        match self.written.last_mut() {
            Some(last) if last.is_stand_in => append(&mut last.text, text),
            _ => {
                let text = text.to_owned();
                self.written.push(Turn { role: "user", text, more: Map::new(), is_stand_in: true });
            }
        }
    }

    fn answer(&mut self, message: &AssistantMessage, text: &str) {
        let mut text = text.to_owned();
        if let Some(refusal) = &message.refusal {
            text.push_str(refusal);
        }
        let mut more = named(message.name.as_deref(), &message.extra);
        if let Some(reasoning) = message.reasoning_content.as_ref().or(message.reasoning.as_ref()) {
            more.insert("reasoning_content".to_owned(), reasoning.as_str().into());
        }
        let calls: Vec<_> = self.calls.read(message);
        if self.format == Format::Plain {
            for call in &calls {
                append(&mut text, &instructions::call(&call.name, &call.arguments));
            }
            return self.push("assistant", text, more);
        }
        let calls: Vec<_> = calls.iter().map(|call| self.calls.object(call, self.abilities)).collect();
        // Each has a message of its own, where the template takes no more.
        let most = if self.abilities.several_calls { calls.len().max(1) } else { 1 };
        let mut groups = calls.chunks(most);
        if let Some(first) = groups.next() {
            more.insert("tool_calls".to_owned(), first.into());
        }
        self.push("assistant", text, more);
        for group in groups {
            let more = Map::from_iter([("tool_calls".to_owned(), group.into())]);
            self.push("assistant", String::new(), more);
        }
    }

    fn result(&mut self, text: &str, name: Option<&str>, id: Option<&str>) {
        if self.format == Format::Plain {
            return self.stand_in(&instructions::result(text));
        }
        let mut more = named(name, &Map::new());
        let id = self.calls.id(id.unwrap_or_default(), self.abilities);
        more.insert("tool_call_id".to_owned(), id.into());
        self.push("tool", text.to_owned(), more);
    }

    fn finish(self) -> Vec<Value> {
        let parts = self.abilities.parts;
        let message = |turn: Turn| {
            let content = if parts { json!([{"type": "text", "text": turn.text}]) } else { turn.text.into() };
            let mut message = Map::new();
            message.insert("role".to_owned(), turn.role.into());
            message.insert("content".to_owned(), content);
            for (name, value) in turn.more {
                message.entry(name).or_insert(value);
            }
            Value::Object(message)
        };
        self.written.into_iter().map(message).collect()
    }
}

/// The calls of a conversation, as far as it is read.
#[derive(Default)]
struct Calls {
    /// The functions that were called, by the ids of the calls.
    names: HashMap<String, String>,
    /// The numbers of the ids, in the order of their appearance.
    numbers: HashMap<String, usize>,
}

/// A past call of a function.
struct Call {
    id: String,
    name: String,
    arguments: String,
}

impl Calls {
    fn read(&mut self, message: &AssistantMessage) -> Vec<Call> {
        let call = |id: &str, function: &FunctionCall| Call {
            id: id.to_owned(),
            name: function.name.clone(),
            arguments: if function.arguments.trim().is_empty() { "{}" } else { &function.arguments }
                .to_owned(),
        };
        let calls = message.tool_calls.iter().flatten().filter_map(|tool_call| match tool_call {
            ToolCall::Function(function) => Some(call(&function.id, &function.function)),
            ToolCall::Custom(custom) => Some(Call {
                id: custom.id.clone(),
                name: custom.custom.name.clone(),
                arguments: json!({"input": custom.custom.input}).to_string(),
            }),
            _ => None,
        });
        let older = message.function_call.iter().map(|function| call("", function));
        let calls: Vec<_> = calls.chain(older).collect();
        self.names.extend(calls.iter().map(|call| (call.id.clone(), call.name.clone())));
        calls
    }

    fn object(&mut self, call: &Call, abilities: Abilities) -> Value {
        let text = || Value::String(call.arguments.clone());
        let arguments = match abilities.arguments {
            Arguments::Text => text(),
            Arguments::Object => serde_json::from_str(&call.arguments).unwrap_or_else(|_| text()),
        };
        let id = self.id(&call.id, abilities);
        json!({"id": id, "type": "function", "function": {"name": call.name, "arguments": arguments}})
    }

    /// The id by which the template shall know a call.
    fn id(&mut self, id: &str, abilities: Abilities) -> String {
        if abilities.ids == Ids::Any {
            return id.to_owned();
        }
        let next = self.numbers.len();
        let number = *self.numbers.entry(id.to_owned()).or_insert(next);
        format!("{number:09}")
    }
}

fn append(text: &mut String, more: &str) {
    if !text.is_empty() {
        text.push_str("\n\n");
    }
    text.push_str(more);
}

fn named(name: Option<&str>, extra: &Map<String, Value>) -> Map<String, Value> {
    let mut more = extra.clone();
    if let Some(name) = name {
        more.insert("name".to_owned(), name.into());
    }
    more
}

/// # Errors
/// [`TemplateError::NotText`] for an image, a recording or a file.
fn check_text(index: usize, content: &Content<UserPart>) -> Result<(), TemplateError> {
    let Content::Parts(parts) = content else { return Ok(()) };
    let other = parts.iter().position(|part| !matches!(part, UserPart::Text(_)));
    match other {
        Some(part) => Err(TemplateError::NotText(format!("messages[{index}].content[{part}].type"))),
        None => Ok(()),
    }
}
