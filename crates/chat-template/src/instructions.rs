//! What a model is told of tools where its template knows none.

use serde_json::{Value, json};

use crate::json;
use crate::offer::Offer;

/// How to call the tools of an offer, if it has any.
pub(crate) fn told(offer: &Offer<'_>) -> Option<String> {
    if offer.functions.is_empty() {
        return None;
    }
    let tools: Vec<_> = offer.functions.iter().map(|function| spaced(&json!(function))).collect();
    let need = if offer.is_forced {
        "Answer with a call of a function."
    } else {
        "Call one where it helps to answer."
    };
    Some(format!(
        "You can call functions. {need} These are there, each with a JSON Schema of its arguments:\n\n{}\n\n\
         To call one, write a JSON object with its name and its arguments between these tags:\n\n\
         <tool_call>\n{{\"name\": \"the name\", \"arguments\": {{}}}}\n</tool_call>\n\n\
         The result comes in the next message, between <tool_response> and </tool_response>.",
        tools.join("\n")
    ))
}

/// A past call.
pub(crate) fn call(name: &str, arguments: &str) -> String {
    format!("<tool_call>\n{{\"name\": {}, \"arguments\": {arguments}}}\n</tool_call>", spaced(&json!(name)))
}

/// The result of a past call.
pub(crate) fn result(text: &str) -> String {
    format!("<tool_response>\n{text}\n</tool_response>")
}

fn spaced(value: &Value) -> String {
    json::spaced(value).expect("a JSON value is written to memory")
}
