//! What a template knows, found out by rendering small conversations.

use serde_json::{Map, Value, json};

use crate::TemplateError;
use crate::format::Format;

/// Words that no template has of its own.
const NEEDLE: &str = "qvzneedle";
const FUNCTION: &str = "qvzfunction";
const RESULT: &str = "qvzresult";

/// What a template takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Abilities {
    pub(crate) system: System,
    /// Whether it has a role of the developer, apart from the system's.
    pub(crate) developer: bool,
    /// Whether it wants content as a list of parts.
    pub(crate) parts: bool,
    pub(crate) arguments: Arguments,
    pub(crate) ids: Ids,
    /// Whether one message may have several calls.
    pub(crate) several_calls: bool,
}

/// Where a template takes a system message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum System {
    Anywhere,
    First,
    Nowhere,
}

/// Which ids of calls a template takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ids {
    Any,
    /// Those of nine letters or digits.
    Nine,
}

/// In what shape a template takes the arguments of a past call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arguments {
    /// Their JSON text, just as the model wrote it.
    Text,
    Object,
}

impl Abilities {
    /// Finds out what a template takes, and how it writes calls.
    ///
    /// `render` renders it with these variables.
    pub(crate) fn probe(
        source: &str,
        render: impl Fn(Map<String, Value>) -> Result<String, TemplateError>,
    ) -> (Self, Format) {
        let user = || said(&[("user", NEEDLE)]);
        let mut probe = Probe { render, parts: false };
        if !probe.shows(user(), Value::Null, NEEDLE) {
            probe.parts = true;
            // One that shows nothing either way gets texts.
            probe.parts = probe.shows(user(), Value::Null, NEEDLE);
        }
        let offered = probe.shows(user(), tools(), FUNCTION);
        let call = probe.call().filter(|_| offered);
        let (arguments, ids, format) = call.unwrap_or((Arguments::Text, Ids::Any, Format::Plain));
        let abilities = Self {
            system: probe.system(),
            developer: source.contains("developer"),
            parts: probe.parts,
            arguments,
            ids,
            several_calls: probe.render(past_calls(arguments, ids, 2), Value::Null).is_some(),
        };
        (abilities, format)
    }
}

/// A template to be tried, and whether it wants parts.
struct Probe<R> {
    render: R,
    parts: bool,
}

impl<R: Fn(Map<String, Value>) -> Result<String, TemplateError>> Probe<R> {
    fn render(&self, messages: Value, tools: Value) -> Option<String> {
        let mut variables = Map::new();
        let messages = if self.parts { in_parts(messages) } else { messages };
        variables.insert("messages".to_owned(), messages);
        variables.insert("tools".to_owned(), tools);
        (self.render)(variables).ok()
    }

    fn shows(&self, messages: Value, tools: Value, needle: &str) -> bool {
        self.render(messages, tools).is_some_and(|text| text.contains(needle))
    }

    fn system(&self) -> System {
        let first = said(&[("system", NEEDLE), ("user", "a")]);
        let later = said(&[("user", "a"), ("assistant", "b"), ("system", NEEDLE), ("user", "c")]);
        match [first, later].map(|messages| self.shows(messages, Value::Null, NEEDLE)) {
            [true, true] => System::Anywhere,
            [true, false] => System::First,
            [false, _] => System::Nowhere,
        }
    }

    /// The shape of a past call that it takes, and the format.
    fn call(&self) -> Option<(Arguments, Ids, Format)> {
        calls().into_iter().find_map(|(arguments, ids)| {
            let written = self.render(past_calls(arguments, ids, 1), Value::Null)?;
            let is_whole = [FUNCTION, "\"qvzkey\"", RESULT].iter().all(|needle| written.contains(needle));
            Format::of_call(&written).filter(|_| is_whole).map(|format| (arguments, ids, format))
        })
    }
}

/// The shapes of a past call to try, the best first.
fn calls() -> [(Arguments, Ids); 4] {
    let shapes = [Arguments::Text, Arguments::Object];
    [(shapes[0], Ids::Any), (shapes[1], Ids::Any), (shapes[0], Ids::Nine), (shapes[1], Ids::Nine)]
}

fn said(messages: &[(&str, &str)]) -> Value {
    messages.iter().map(|(role, content)| json!({"role": role, "content": content})).collect()
}

fn in_parts(mut messages: Value) -> Value {
    for message in messages.as_array_mut().into_iter().flatten() {
        let content = message["content"].take();
        message["content"] = json!([{"type": "text", "text": content}]);
    }
    messages
}

/// A question, an answer that calls so many times, and the results.
fn past_calls(arguments: Arguments, ids: Ids, count: usize) -> Value {
    let id = |index: usize| match ids {
        Ids::Any => format!("call_{index}"),
        Ids::Nine => format!("{index:09}"),
    };
    let arguments = match arguments {
        Arguments::Text => json!(r#"{"qvzkey": "a"}"#),
        Arguments::Object => json!({"qvzkey": "a"}),
    };
    let function = json!({"name": FUNCTION, "arguments": arguments});
    let call = |index| json!({"id": id(index), "type": "function", "function": function});
    let result =
        |index| json!({"role": "tool", "tool_call_id": id(index), "name": FUNCTION, "content": RESULT});
    let calls: Vec<_> = (0..count).map(call).collect();
    let asked = json!({"role": "user", "content": "a"});
    let called = json!({"role": "assistant", "content": "", "tool_calls": calls});
    [asked, called].into_iter().chain((0..count).map(result)).collect()
}

fn tools() -> Value {
    let parameters =
        json!({"type": "object", "properties": {"qvzkey": {"type": "string", "description": "a"}}});
    json!([{"type": "function", "function": {"name": FUNCTION, "description": "a", "parameters": parameters}}])
}
