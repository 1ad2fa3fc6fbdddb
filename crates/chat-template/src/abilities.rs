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
    /// Whether ids of calls have nine letters and digits.
    pub(crate) short_ids: bool,
}

/// Where a template takes a system message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum System {
    Anywhere,
    First,
    Nowhere,
}

/// In what shape a template takes the arguments of a past call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arguments {
    /// Their JSON text, just as the model wrote it.
    Text,
    Object,
}

type Variables = Map<String, Value>;

impl Abilities {
    pub(crate) fn probe(
        source: &str,
        render: impl Fn(Variables) -> Result<String, TemplateError>,
    ) -> (Self, Format) {
        let shows = |messages: Value, tools: Value, needle: &str| {
            let mut variables = Variables::new();
            variables.insert("messages".to_owned(), messages);
            variables.insert("tools".to_owned(), tools);
            render(variables).ok().filter(|text| text.contains(needle))
        };
        let parts = shows(said(&[("user", NEEDLE)]), Value::Null, NEEDLE).is_none()
            && shows(in_parts(said(&[("user", NEEDLE)])), Value::Null, NEEDLE).is_some();
        let is_shown = |roles: &[(&str, &str)]| {
            let messages = said(roles);
            let messages = if parts { in_parts(messages) } else { messages };
            shows(messages, Value::Null, NEEDLE).is_some()
        };
        let first = is_shown(&[("system", NEEDLE), ("user", "a")]);
        let later = is_shown(&[("user", "a"), ("assistant", "b"), ("system", NEEDLE), ("user", "c")]);
        let system = match (first, later) {
            (true, true) => System::Anywhere,
            (true, false) => System::First,
            (false, _) => System::Nowhere,
        };
        let developer = source.contains("developer");
        let call = calls().into_iter().find_map(|(arguments, short_ids)| {
            let messages = past_call(arguments, short_ids);
            let messages = if parts { in_parts(messages) } else { messages };
            let written = shows(messages, Value::Null, FUNCTION)?;
            let is_whole = written.contains("\"qvzkey\"") && written.contains(RESULT);
            Some((arguments, short_ids, Format::of_call(&written)?)).filter(|_| is_whole)
        });
        let user = said(&[("user", "a")]);
        let offered = shows(if parts { in_parts(user) } else { user }, tools(), FUNCTION).is_some();
        let (arguments, short_ids, format) =
            call.filter(|_| offered).unwrap_or((Arguments::Text, false, Format::Plain));
        (Self { system, developer, parts, arguments, short_ids }, format)
    }
}

/// The shapes of a past call to try: as it was written, if possible.
fn calls() -> [(Arguments, bool); 4] {
    let shapes = [Arguments::Text, Arguments::Object];
    [(shapes[0], false), (shapes[1], false), (shapes[0], true), (shapes[1], true)]
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

fn past_call(arguments: Arguments, short_ids: bool) -> Value {
    let id = if short_ids { "000000000" } else { "call_0" };
    let arguments = match arguments {
        Arguments::Text => json!(r#"{"qvzkey": "a"}"#),
        Arguments::Object => json!({"qvzkey": "a"}),
    };
    let call = json!({"id": id, "type": "function", "function": {"name": FUNCTION, "arguments": arguments}});
    json!([
        {"role": "user", "content": "a"},
        {"role": "assistant", "content": "", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": id, "name": FUNCTION, "content": RESULT},
    ])
}

fn tools() -> Value {
    let parameters =
        json!({"type": "object", "properties": {"qvzkey": {"type": "string", "description": "a"}}});
    json!([{"type": "function", "function": {"name": FUNCTION, "description": "a", "parameters": parameters}}])
}
