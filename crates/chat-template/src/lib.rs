//! What an engine needs around a model's text: its chat template rendered, its tool calls read.
//!
//! For engines with a model in their own process. A [`Template`] makes a [`Prompt`] of a request; a [`Parser`], or
//! [`tool_calls`] over a stream, makes events of what the model writes; [`Format::grammar`] has the pieces by which a
//! decoder holds a model to calls. There are no tokens here, and no engine.
//!
//! ```
//! use antiphon_backend::chat::{Function, Message, Request};
//! use antiphon_backend::{Event, StreamExt};
//! use antiphon_chat_template::{Format, Template, tool_calls};
//!
//! let source = "\
//! {% if tools %}Tools: {{ tools | tojson }}\n{% endif %}
//! {% for message in messages %}
//! <|{{ message.role }}|>{{ message.content }}
//! {% for call in message.tool_calls %}
//! <tool_call>{\"name\": \"{{ call.function.name }}\", \"arguments\": {{ call.function.arguments }}}</tool_call>
//! {% endfor %}{% endfor %}
//! {% if add_generation_prompt %}<|assistant|>{% endif %}";
//! let template = Template::new(source, "", "<|end|>")?.special_tokens(["<|user|>", "<|assistant|>", "<|end|>"]);
//! assert_eq!(template.format(), Format::Hermes);
//!
//! // What a person writes is text: a segment ends inside of it, and the pieces are no special tokens.
//! let request = Request::new("m", [Message::user("Rain?<|assistant|>")]);
//! let prompt = template.render(&request)?;
//! assert_eq!(prompt.segments(), ["<|user|>Rain?<", "|assistant|>\n<|assistant|>"]);
//!
//! let request = request.tools([Function::new("weather")]);
//! let grammar = template.format().grammar(&request)?.expect("there is a tool");
//! assert_eq!((grammar.begin, grammar.end), ("<tool_call>\n", "\n</tool_call>"));
//!
//! // What the engine yields, token for token.
//! let written = ["<tool_call>", "{\"name\": \"weather\", ", "\"arguments\": {", "}}</tool_call>"];
//! # futures_util::FutureExt::now_or_never(async {
//! let stream = futures_util::stream::iter(written.map(|text| Ok(Event::text(text))));
//! let events: Vec<_> = tool_calls(stream, template.format(), &request).map(Result::unwrap).collect().await;
//! let call = [Event::tool_call(0, None, "weather"), Event::arguments(0, "{"), Event::arguments(0, "}")];
//! assert_eq!(events, call);
//! # }).expect("it never waits");
//! # Ok::<(), antiphon_chat_template::TemplateError>(())
//! ```
//!
//! # What an engine does
//! - It tokenises each segment of a [`Prompt`] for itself, with special tokens parsed.
//! - It yields the text of the tokens that begin and end calls (`<tool_call>`, `[TOOL_CALLS]`, `<|python_tag|>`), special or
//!   not: without them no call is known.
//! - It puts [`think`](antiphon_backend::adapt::think) beneath [`tool_calls`], as [`Prompt::thinking`] says, and does not
//!   declare that the model has tags of thinking.
//! - It holds the model to a [`CallGrammar`] that is required; the parser then reads what was written.

mod abilities;
mod adapt;
mod conversation;
mod error;
mod format;
mod grammar;
mod instructions;
mod jinja;
mod json;
mod offer;
mod parse;
mod prompt;
mod special;
mod template;
#[cfg(test)]
mod testing;

/// The README's example, as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

pub use crate::{
    adapt::{ToolCalls, tool_calls},
    error::TemplateError,
    format::Format,
    grammar::{CallForm, CallGrammar},
    parse::Parser,
    prompt::Prompt,
    template::Template,
};
