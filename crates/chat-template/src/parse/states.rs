//! What a parser of calls waits for, and how it goes on.

use std::ops::Range;

use antiphon_backend::Event;

use super::Parser;
use super::scan::{Nesting, Scan, Seen};
use crate::format::Format;

/// The most white space that belongs to the call behind it.
const MOST_SPACE: usize = 256;
/// The longest name and id of a call that are read.
const MOST_NAME: usize = 256;

/// How far a parser has come.
#[derive(Debug)]
pub(super) enum State {
    /// At the start or behind a call, with nothing but white space.
    Gap,
    /// In text that holds no calls.
    Plain,
    /// In text.
    Text,
    /// Behind the opener, of this length, of what may be a call.
    Opened(usize),
    /// In the object that a call may be.
    Object(Call),
    /// In the arguments of a call; in its object, or bare.
    Arguments { nesting: Nesting, in_object: bool },
    /// Behind the arguments, in the object of a call.
    Behind(Scan),
    /// Behind the object of a call.
    Close,
}

/// An object that may be a call.
#[derive(Debug)]
pub(super) struct Call {
    /// The length of what opened it.
    opener: usize,
    scan: Scan,
    name: Option<String>,
    pub(super) arguments: Option<Range<usize>>,
}

impl Call {
    fn new(opener: usize, at: usize) -> Self {
        Self { opener, scan: Scan::new(at), name: None, arguments: None }
    }
}

/// What stands behind an opener.
enum Prelude {
    Unknown,
    Object(usize),
    Named { name: String, arguments: usize },
    NoCall,
}

impl Parser {
    /// Decides about what is held; false where more must come first.
    pub(super) fn step(&mut self, events: &mut impl Extend<Event>) -> bool {
        if self.held.text().is_empty() {
            return false;
        }
        match std::mem::replace(&mut self.state, State::Text) {
            State::Gap => self.step_gap(),
            State::Plain => {
                self.held.emit(self.held.text().len(), events);
                self.wait(State::Plain)
            }
            State::Text => self.step_text(events),
            State::Opened(opener) => self.step_opened(opener, events),
            State::Object(call) => self.step_object(call, events),
            State::Arguments { nesting, in_object } => self.step_arguments(nesting, in_object, events),
            State::Behind(scan) => self.step_behind(scan),
            State::Close => self.step_close(),
        }
    }

    fn wait(&mut self, state: State) -> bool {
        self.state = state;
        false
    }

    fn go_on(&mut self, state: State) -> bool {
        self.state = state;
        true
    }

    fn step_gap(&mut self) -> bool {
        let held = self.held.text();
        let is_separator = |mark: char| mark.is_whitespace() || (mark == ';' && self.separates());
        let rest = held.trim_start_matches(is_separator);
        let space = held.len() - rest.len();
        let opener = self.format.opener();
        if space > MOST_SPACE {
            return self.go_on(State::Text);
        }
        // Held with the white space, which is text if this is no call.
        if rest.starts_with(opener) {
            return self.go_on(State::Opened(space + opener.len()));
        }
        if self.format == Format::Llama3 && rest.starts_with('{') {
            return self.go_on(State::Opened(space));
        }
        if opener.starts_with(rest) { self.wait(State::Gap) } else { self.go_on(State::Text) }
    }

    /// Whether calls are separated by `;`.
    fn separates(&self) -> bool {
        self.format == Format::Llama3 && self.calls > 0
    }

    fn step_text(&mut self, events: &mut impl Extend<Event>) -> bool {
        let held = self.held.text();
        let opener = self.format.opener();
        if let Some(place) = held.find(opener) {
            self.held.emit(place, events);
            return self.go_on(State::Opened(opener.len()));
        }
        let sure = held.len() - pending(held, opener);
        self.held.emit(sure, events);
        self.wait(State::Text)
    }

    /// Takes an opener as text, and looks on behind it.
    fn no_call(&mut self, opener: usize, events: &mut impl Extend<Event>) -> bool {
        self.held.emit(opener, events);
        self.go_on(State::Text)
    }

    fn step_opened(&mut self, opener: usize, events: &mut impl Extend<Event>) -> bool {
        match self.prelude(opener) {
            Prelude::Unknown => self.wait(State::Opened(opener)),
            Prelude::NoCall => self.no_call(opener, events),
            Prelude::Object(at) => self.go_on(State::Object(Call::new(opener, at))),
            Prelude::Named { name, arguments } => {
                self.begin_call(name, events);
                self.held.swallow(arguments);
                self.go_on(State::Arguments { nesting: Nesting::default(), in_object: false })
            }
        }
    }

    fn prelude(&self, opener: usize) -> Prelude {
        let held = self.held.text();
        let rest = held[opener..].trim_start();
        let at = held.len() - rest.len();
        let is_list = self.format.opener() == "[TOOL_CALLS]";
        match rest.chars().next() {
            _ if at - opener > MOST_SPACE => Prelude::NoCall,
            None => Prelude::Unknown,
            Some('{') => Prelude::Object(at),
            Some('[') if is_list => Prelude::Object(at + 1),
            Some(_) if is_list => named(rest, at),
            Some(_) => Prelude::NoCall,
        }
    }

    fn step_object(&mut self, mut call: Call, events: &mut impl Extend<Event>) -> bool {
        loop {
            let may_be_call = match call.scan.next(self.held.text()) {
                Seen::Nothing => return self.wait(State::Object(call)),
                Seen::End(end) => return self.end_object(&call, end, events),
                Seen::Value { key, start } => {
                    if let Some(name) = self.named_before(&mut call, &key, start) {
                        self.begin_call(name, events);
                        self.held.swallow(start);
                        let nesting = Nesting::default();
                        return self.go_on(State::Arguments { nesting, in_object: true });
                    }
                    !self.is_foreign(&call, &self.held.text()[key])
                }
                Seen::Member { key, value } => self.keep(&mut call, key, value),
                Seen::Fault => false,
            };
            if !may_be_call {
                return self.no_call(call.opener, events);
            }
        }
    }

    /// The name of the call, if its arguments begin here.
    fn named_before(&self, call: &mut Call, key: &Range<usize>, start: usize) -> Option<String> {
        let held = self.held.text();
        let begins = is_arguments(&held[key.clone()]) && held[start..].starts_with('{');
        if begins { call.name.take() } else { None }
    }

    /// Keeps what makes a call; false where the object is none.
    fn keep(&self, call: &mut Call, key: Range<usize>, value: Range<usize>) -> bool {
        let held = self.held.text();
        let key = &held[key];
        if is_arguments(key) {
            call.arguments = Some(value);
        } else if key == "\"name\"" {
            call.name = serde_json::from_str(&held[value]).ok();
            return call.name.as_ref().is_some_and(|name| self.is_callable(name));
        }
        true
    }

    fn end_object(&mut self, call: &Call, end: usize, events: &mut impl Extend<Event>) -> bool {
        let Some(name) = &call.name else { return self.no_call(call.opener, events) };
        self.whole_call(call, name, events);
        self.held.swallow(end);
        self.go_on(State::Close)
    }

    /// Whether an object with this key is no call.
    fn is_foreign(&self, call: &Call, key: &str) -> bool {
        let is_known = is_arguments(key) || matches!(key, "\"name\"" | "\"type\"");
        self.format == Format::Llama3 && call.name.is_none() && !is_known
    }

    fn is_callable(&self, name: &str) -> bool {
        !name.is_empty()
            && (self.format != Format::Llama3 || self.names.iter().any(|offered| offered == name))
    }

    fn step_arguments(
        &mut self,
        mut nesting: Nesting,
        in_object: bool,
        events: &mut impl Extend<Event>,
    ) -> bool {
        let held = self.held.text();
        let end = held.bytes().position(|byte| nesting.ends_with(byte));
        let length = end.map_or(held.len(), |last| last + 1);
        let fragment = held[..length].to_owned();
        self.argue(&fragment, events);
        self.held.swallow(length);
        match end {
            None => self.wait(State::Arguments { nesting, in_object }),
            Some(_) if in_object => self.go_on(State::Behind(Scan::behind_value(0))),
            Some(_) => self.go_on(State::Gap),
        }
    }

    fn step_behind(&mut self, mut scan: Scan) -> bool {
        loop {
            match scan.next(self.held.text()) {
                Seen::Nothing => return self.wait(State::Behind(scan)),
                Seen::Value { .. } | Seen::Member { .. } => {}
                Seen::End(end) => {
                    self.held.swallow(end);
                    return self.go_on(State::Close);
                }
                // Models forget a bracket: the call is whole without it.
                Seen::Fault => return self.go_on(State::Close),
            }
        }
    }

    fn step_close(&mut self) -> bool {
        let held = self.held.text();
        let rest = held.trim_start();
        let space = held.len() - rest.len();
        if space > MOST_SPACE {
            return self.go_on(State::Gap);
        }
        let closers: &[&str] = match self.format {
            Format::Hermes | Format::Plain => &["</tool_call>"],
            Format::Mistral | Format::MistralArguments => &[",", "]"],
            Format::Llama3 => &[],
        };
        if let Some(closer) = closers.iter().find(|closer| rest.starts_with(**closer)) {
            let is_comma = *closer == ",";
            self.held.swallow(space + closer.len());
            return self.go_on(if is_comma { State::Opened(0) } else { State::Gap });
        }
        let may_close = closers.iter().any(|closer| closer.starts_with(rest));
        if may_close { self.wait(State::Close) } else { self.go_on(State::Gap) }
    }
}

fn is_arguments(key: &str) -> bool {
    matches!(key, "\"arguments\"" | "\"parameters\"")
}

/// How many of the last bytes may begin the opener.
fn pending(text: &str, opener: &str) -> usize {
    (1..opener.len()).rev().find(|length| text.ends_with(&opener[..*length])).unwrap_or(0)
}

/// Reads `name[ARGS]{`, or `name[CALL_ID]id[ARGS]{`, or `name{`, which stands at this place.
fn named(rest: &str, at: usize) -> Prelude {
    let is_name = |mark: char| mark.is_ascii_alphanumeric() || matches!(mark, '_' | '-' | '.');
    let behind = rest.trim_start_matches(is_name);
    let name = &rest[..rest.len() - behind.len()];
    if name.is_empty() || name.len() > MOST_NAME {
        return Prelude::NoCall;
    }
    let arguments = match behind.strip_prefix("[CALL_ID]") {
        Some(id) => id.trim_start_matches(is_name),
        None => behind,
    };
    let bare = arguments.strip_prefix("[ARGS]").unwrap_or(arguments).trim_start();
    let head = rest.len() - bare.len();
    let is_open = bare.is_empty() || "[ARGS]".starts_with(arguments) || "[CALL_ID]".starts_with(behind);
    match bare.starts_with('{') {
        _ if head > 2 * MOST_NAME => Prelude::NoCall,
        true => Prelude::Named { name: name.to_owned(), arguments: at + head },
        false if is_open => Prelude::Unknown,
        false => Prelude::NoCall,
    }
}
