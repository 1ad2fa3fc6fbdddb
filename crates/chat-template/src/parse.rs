//! Reads the calls of tools out of a model's text, as it comes.

mod held;
mod scan;
mod states;
#[cfg(test)]
mod tests;

use antiphon_backend::Event;
use antiphon_backend::chat::{self, TokenLogprob};

use self::held::Held;
use self::states::{Call, State};
use crate::format::Format;
use crate::offer::Offer;

/// Reads the calls of tools out of the text of one choice.
///
/// Text outside of calls becomes [`Event::Text`], a call an [`Event::ToolCall`] with its name and then its arguments,
/// in fragments just as they were written. Text is held as long as it may begin a call. White space before a call goes
/// where nothing stands before it but white space or another call. What is no call after all is text; a call that is
/// never ended is given out as far as it came.
///
/// ```
/// use antiphon_backend::Event;
/// use antiphon_chat_template::{Format, Parser};
///
/// let mut parser = Parser::new(Format::Hermes, ["weather"]);
/// let mut events = Vec::new();
/// for piece in ["It ra", "ins? <tool", "_call>{\"name\": \"weather\", \"argu", "ments\": {\"city\": ", "\"Oslo\"}}</tool_call>"] {
///     parser.push(piece, None, &mut events);
/// }
/// parser.finish(&mut events);
/// assert_eq!(events, [
///     Event::text("It ra"),
///     Event::text("ins? "),
///     Event::tool_call(0, None, "weather"),
///     Event::arguments(0, "{\"city\": "),
///     Event::arguments(0, "\"Oslo\"}"),
/// ]);
/// ```
#[derive(Debug)]
pub struct Parser {
    format: Format,
    /// The tools that were offered.
    names: Vec<String>,
    held: Held,
    state: State,
    calls: u32,
}

impl Parser {
    /// Reads a format, where the tools of these names were offered.
    ///
    /// Where none was, all is text. A call whose tool was not is a call all the same, but in [`Format::Llama3`]: that
    /// has no mark, and other JSON may look like it.
    pub fn new<N: Into<String>>(format: Format, names: impl IntoIterator<Item = N>) -> Self {
        let names: Vec<_> = names.into_iter().map(Into::into).collect();
        let state = if names.is_empty() { State::Plain } else { State::Gap };
        Self { format, names, held: Held::default(), state, calls: 0 }
    }

    /// Reads the answer to a request.
    ///
    /// The tools are those that its `tool_choice` allows.
    pub fn for_request(format: Format, request: &chat::Request) -> Self {
        // A tool of another kind is refused where the request is rendered.
        let offer = Offer::of(request).unwrap_or_default();
        Self::new(format, offer.functions.iter().map(|function| function.name.as_str()))
    }

    /// Takes a piece of the text, and its tokens where they matter.
    ///
    /// They do where their log probabilities were asked for. The tokens go out with the text that they end in; those
    /// of calls go, as the API has no place for them.
    pub fn push(&mut self, text: &str, logprobs: Option<Vec<TokenLogprob>>, events: &mut impl Extend<Event>) {
        self.held.push(text, logprobs);
        while self.step(events) {}
        self.held.tidy();
    }

    /// Gives out what is held: no more text comes.
    pub fn finish(&mut self, events: &mut impl Extend<Event>) {
        let rest = self.held.text().len();
        match self.state {
            State::Gap if self.calls > 0 => self.held.swallow(rest),
            State::Behind(_) | State::Close => self.held.swallow(rest),
            _ => self.held.emit(rest, events),
        }
        self.held.tidy();
        self.state = State::Plain;
    }

    /// How many calls have begun.
    pub fn calls(&self) -> u32 {
        self.calls
    }

    fn begin_call(&mut self, name: impl Into<String>, events: &mut impl Extend<Event>) {
        events.extend([Event::tool_call(self.calls, None, name)]);
        self.calls += 1;
    }

    fn argue(&mut self, text: &str, events: &mut impl Extend<Event>) {
        events.extend([Event::arguments(self.calls - 1, text)]);
    }

    /// A call whose arguments came before its name, or never.
    fn whole_call(&mut self, call: &Call, name: &str, events: &mut impl Extend<Event>) {
        let arguments = call.arguments.clone().map_or("", |range| &self.held.text()[range]);
        let arguments = match serde_json::from_str::<String>(arguments) {
            // Some models write the JSON text of their arguments as a string.
            Ok(text) => text,
            Err(_) if matches!(arguments, "" | "null") => "{}".to_owned(),
            Err(_) => arguments.to_owned(),
        };
        self.begin_call(name, events);
        self.argue(&arguments, events);
    }
}
