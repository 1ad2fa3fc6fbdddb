//! The events of one echo, without the pauses between them.

use std::vec;

use antiphon_types::Usage;
use antiphon_types::chat::FinishReason;

use super::allowance::Allowance;
use super::answer::{Answer, Call};
use super::pieces::Pieces;
use super::{StreamBy, Tokenizer};
use crate::{Event, ToolKind};

/// How an answer is streamed.
#[derive(Clone, Debug)]
pub(super) struct Manner {
    pub(super) tokenizer: Tokenizer,
    pub(super) stream_by: StreamBy,
    /// How many of the likeliest tokens are told at each place; `None`: no log probabilities.
    pub(super) top_logprobs: Option<u32>,
    /// The most tokens of the answer.
    pub(super) limit: Option<u64>,
    /// The texts that end it.
    pub(super) stops: Vec<String>,
    pub(super) prompt_tokens: u64,
}

/// Yields an answer piece by piece, the finish, and the usage.
pub(super) struct Events {
    part: Part,
    later: vec::IntoIter<Part>,
    finish: FinishReason,
    usage: Usage,
    next: Next,
}

/// The text, or one call.
struct Part {
    /// The number of the call, and what opens it until that is sent.
    call: Option<(u32, Option<Event>)>,
    pieces: Pieces,
}

/// What comes after the parts.
enum Next {
    Finish,
    Usage,
    Nothing,
}

impl Events {
    /// The answer as far as the limit and the stops allow.
    pub(super) fn new(answer: Answer, manner: &Manner) -> Self {
        let mut allowance = Allowance::new(manner.tokenizer, manner.limit);
        let (mut parts, mut finish) = match answer {
            Answer::Text(mut text) => {
                allowance.cut(&mut text);
                allowance.stop(&mut text, &manner.stops);
                (vec![Part { call: None, pieces: manner.pieces(text) }], FinishReason::Stop)
            }
            Answer::Calls(calls) => {
                let parts =
                    (0..).zip(calls).map_while(|(slot, call)| Part::call(slot, call, &mut allowance, manner));
                (parts.collect(), FinishReason::ToolCalls)
            }
        };
        if allowance.is_cut() {
            finish = FinishReason::Length;
        }
        let usage = Usage::new(manner.prompt_tokens, allowance.spent());
        let part = if parts.is_empty() { Part::nothing() } else { parts.remove(0) };
        Self { part, later: parts.into_iter(), finish, usage, next: Next::Finish }
    }

    /// With a prompt before the answer, which is a text.
    pub(super) fn after(mut self, prompt: Pieces) -> Self {
        let text = std::mem::replace(&mut self.part, Part { call: None, pieces: prompt });
        self.later = vec![text].into_iter();
        self
    }

    fn content(&mut self) -> Option<Event> {
        loop {
            let content = self.part.next();
            if content.is_some() {
                return content;
            }
            self.part = self.later.next()?;
        }
    }
}

impl Iterator for Events {
    type Item = Event;

    fn next(&mut self) -> Option<Event> {
        let content = self.content();
        if content.is_some() {
            return content;
        }
        let (event, next) = match self.next {
            Next::Finish => (Event::finish(self.finish.clone()), Next::Usage),
            Next::Usage => (Event::usage(std::mem::take(&mut self.usage)), Next::Nothing),
            Next::Nothing => return None,
        };
        self.next = next;
        Some(event)
    }
}

impl Manner {
    /// The pieces of a text of the answer.
    fn pieces(&self, text: String) -> Pieces {
        match (self.top_logprobs, self.stream_by) {
            (Some(top), _) => Pieces::tokens_with_logprobs(text, self.tokenizer, top),
            (None, StreamBy::Words) => Pieces::words(text),
            (None, StreamBy::Tokens) => Pieces::tokens(text, self.tokenizer),
        }
    }
}

impl Part {
    /// A call; none where there are no tokens for its name.
    fn call(slot: u32, mut call: Call, allowance: &mut Allowance, manner: &Manner) -> Option<Self> {
        if !allowance.allows(&call.name) {
            return None;
        }
        allowance.cut(&mut call.arguments);
        let start = match call.kind {
            ToolKind::Function => Event::tool_call(slot, None, call.name),
            ToolKind::Custom => Event::custom_tool_call(slot, None, call.name),
        };
        let pieces = Pieces::arguments(call.arguments, manner.tokenizer);
        Some(Self { call: Some((slot, Some(start))), pieces })
    }

    fn nothing() -> Self {
        Self { call: None, pieces: Pieces::words(String::new()) }
    }

    #[inline]
    fn next(&mut self) -> Option<Event> {
        let Some((slot, start)) = &mut self.call else { return self.pieces.next() };
        start.take().or_else(|| match self.pieces.next()? {
            Event::Text { text, .. } => Some(Event::arguments(*slot, text)),
            piece => Some(piece),
        })
    }
}
