//! Writes grammars of answers, in the Lark of llguidance.

#[cfg(test)]
mod tests;

use antiphon_chat_template::CallGrammar;
use serde_json::{Value, json};

use super::spaced;
use crate::marks::READ;

/// The tag that ends a model's thoughts.
const THOUGHT_END: &str = "</think>";

/// What follows that tag, before the answer.
const GAP: &str = r"/[ \n]{0,4}/";

/// A grammar that grows: an answer is one of several things.
pub(super) struct Lark<'a> {
    /// The token of a text that no other tokens write.
    control: &'a dyn Fn(&str) -> Option<u32>,
    answers: Vec<String>,
    /// The rule of a call, where one is an answer.
    call: String,
    begin: &'static str,
}

impl<'a> Lark<'a> {
    /// A grammar without an answer yet; `control` has the token of a text that no other tokens write.
    pub(super) fn new(control: &'a dyn Fn(&str) -> Option<u32>) -> Self {
        Self { control, answers: Vec::new(), call: String::new(), begin: "" }
    }

    /// Lets the text begin within thoughts, which end before the answer.
    pub(super) fn thinking(mut self) -> Self {
        self.begin = "thought ";
        self
    }

    /// Lets the answer be JSON.
    pub(super) fn json(mut self, schema: Value) -> Self {
        self.answers.push(json_rule(schema));
        self
    }

    /// Lets the answer be calls of tools.
    pub(super) fn calls(mut self, grammar: &CallGrammar) -> Self {
        let calls = grammar.calls.iter();
        let calls = calls.map(|call| joined([self.text(&call.head), json_rule(call.schema.clone())]));
        self.call = format!("call: {}\n", calls.collect::<Vec<_>>().join("\n    | "));
        let between = self.text(grammar.between);
        let more = if grammar.is_parallel { format!("({between} call)*") } else { String::new() };
        let answer = [self.text(grammar.begin), "call".to_owned(), more, self.text(grammar.end)];
        self.answers.push(joined(answer));
        self
    }

    /// Whether there is anything to keep to.
    pub(super) fn is_empty(&self) -> bool {
        self.answers.is_empty()
    }

    /// The whole grammar.
    pub(super) fn finish(self) -> String {
        let Self { control, answers, call, begin } = self;
        let thought = match (begin, control(THOUGHT_END)) {
            ("", _) => String::new(),
            (_, Some(token)) => format!("thought: /(.|\\n)*/ <[{token}]> {GAP}\n"),
            (_, None) => {
                let end = json!(THOUGHT_END);
                format!("thought: thoughts {GAP}\nthoughts[suffix={end}]: /(.|\\n)*/\n")
            }
        };
        format!("start: {begin}answer\n{thought}answer: {}\n{call}", answers.join("\n    | "))
    }

    /// A text as it stands in a rule; marks in it stand for their tokens.
    fn text(&self, mut text: &str) -> String {
        let mut pieces = Vec::new();
        let mark = |text: &str| {
            let found =
                READ.iter().filter_map(|mark| Some((text.find(mark)?, mark.len(), (self.control)(mark)?)));
            found.min()
        };
        while let Some((place, length, token)) = mark(text) {
            pieces.extend([literal(&text[..place]), format!("<[{token}]>")]);
            text = &text[place + length..];
        }
        pieces.push(literal(text));
        joined(pieces)
    }
}

/// A text that stands for itself; an empty one is no rule.
fn literal(text: &str) -> String {
    if text.is_empty() { String::new() } else { json!(text).to_string() }
}

fn json_rule(schema: Value) -> String {
    format!("%json {}", spaced(schema))
}

/// What comes one after the other, without what is empty.
fn joined(pieces: impl IntoIterator<Item = String>) -> String {
    pieces.into_iter().filter(|piece| !piece.is_empty()).collect::<Vec<_>>().join(" ")
}
