//! From events to chunks: the role once, dense tool-call indexes, the finish, the usage.
//!
//! Pure: events go in, typed chunks come out, and no HTTP is near.

use antiphon_backend::{Event, Place, ToolCallStart, ToolKind};
use antiphon_types::chat::{
    Chunk, ChunkChoice, Delta, FinishReason, FunctionCallDelta, Logprobs, ToolCallDelta,
};
use antiphon_types::{Extra, Usage};

use super::calls::Calls;
use super::extra::{add_to_chunk, add_to_delta};
use crate::extra::Waiting;
use crate::identifier;
use crate::stream::{Encode, Options, padding};

/// Encodes one answer.
///
/// One chunk is kept and changed from event to event, so that its id, model and the rest are built once.
#[derive(Debug)]
pub(super) struct Encoder {
    chunk: Chunk,
    calls: Calls,
    options: Options,
    choices: Vec<Choice>,
    usage: Option<Usage>,
    waiting: Option<Waiting>,
}

/// What has been sent of one choice.
#[derive(Clone, Debug, Default)]
struct Choice {
    opened: bool,
    finished: bool,
    /// The backend's slots, at the index that they have on the wire.
    slots: Vec<Slot>,
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    number: u32,
    kind: ToolKind,
}

impl Encoder {
    /// Encodes into copies of `chunk`, which has the answer's id, time and model.
    pub(super) fn new(mut chunk: Chunk, choices: u32, calls: Calls, options: Options) -> Self {
        chunk.usage = options.usage.then_some(None);
        chunk.choices = vec![ChunkChoice::new(0, Delta::default())];
        let choices = vec![Choice::default(); choices as usize];
        Self { chunk, calls, options, choices, usage: None, waiting: None }
    }
}

impl Encode for Encoder {
    type Chunk = Chunk;

    const TEXT: &'static str = "content";

    fn choices(&self) -> usize {
        self.choices.len()
    }

    fn event(&mut self, event: Event, mut send: impl FnMut(&Chunk)) {
        let Some(index) = event.choice() else {
            match event {
                Event::Usage(usage) => self.usage = Some(*usage),
                Event::Extra { place, fields } => self.waiting.get_or_insert_default().add(place, *fields),
                _ => {}
            }
            return;
        };
        let is_of_call =
            matches!(event, Event::ToolCall { .. } | Event::Extra { place: Place::ToolCall { .. }, .. });
        let start = if is_of_call { Delta::start_without_content } else { Delta::start };
        self.open(index, start, &mut send);
        match event {
            Event::Text { text, logprobs, .. } => {
                let logprobs = logprobs.map(|tokens| Logprobs::content(*tokens));
                self.send_with(logprobs, index, Delta::content(text), &mut send);
            }
            Event::Refusal { text, logprobs, .. } => {
                let logprobs = logprobs.map(|tokens| Logprobs::refusal(*tokens));
                self.send_with(logprobs, index, Delta::refusal(text), &mut send);
            }
            Event::Reasoning { text, .. } => {
                let mut delta = Delta::default();
                // Clients read one name or the other.
                delta.reasoning = Some(text.to_string());
                delta.reasoning_content = Some(text.into_string());
                self.send(index, delta, &mut send);
            }
            Event::ToolCall { slot, start, arguments, .. } => {
                self.call(index, slot, start, arguments.into_string(), &mut send);
            }
            Event::Finish { reason, .. } => self.finish(index, reason, &mut send),
            Event::Extra { place: Place::ToolCall { slot, .. }, fields } => {
                self.fields_of_call(index, slot, *fields, &mut send);
            }
            Event::Extra { place, fields } => self.waiting.get_or_insert_default().add(place, *fields),
            _ => {}
        }
    }

    /// Sends the usage, where it is wanted.
    fn end(&mut self, mut send: impl FnMut(&Chunk)) {
        if let Some(usage) = self.usage.take().filter(|_| self.options.usage) {
            self.chunk.choices.clear();
            self.chunk.usage = Some(Some(usage));
            self.emit(&mut send);
        }
    }

    fn keep_alive(&mut self, mut send: impl FnMut(&Chunk)) {
        let going_on = self.choices.iter().zip(0..).find(|(choice, _)| !choice.finished);
        let Some((_, index)) = going_on else { return };
        self.open(index, Delta::start, &mut send);
        self.send(index, Delta::default(), &mut send);
    }

    fn empty_text(&mut self, index: u32) -> Option<&Chunk> {
        if self.options.obfuscation {
            return None;
        }
        self.chunk.choices[0] = ChunkChoice::new(index, Delta::content(""));
        Some(&self.chunk)
    }
}

impl Encoder {
    /// Sends the role of a choice, and of those before it: clients expect indexes to appear in ascending order.
    fn open(&mut self, index: u32, start: fn() -> Delta, send: &mut impl FnMut(&Chunk)) {
        if self.choices.get(index as usize).is_none_or(|choice| choice.opened) {
            return;
        }
        for earlier in 0..=index {
            let choice = &mut self.choices[earlier as usize];
            if std::mem::replace(&mut choice.opened, true) {
                continue;
            }
            let delta = if earlier == index { start() } else { Delta::start() };
            self.send(earlier, delta, send);
        }
    }

    fn call(
        &mut self,
        index: u32,
        slot: u32,
        start: Option<Box<ToolCallStart>>,
        fragment: String,
        send: &mut impl FnMut(&Chunk),
    ) {
        let calls = self.calls;
        let slots = &mut self.choices[index as usize].slots;
        let known = slots.iter().zip(0..).find(|(known, _)| known.number == slot);
        let (kind, position) = match (known, start) {
            (Some((known, position)), _) => (known.kind, position),
            (None, Some(start)) => {
                let position = u32::try_from(slots.len()).unwrap_or(u32::MAX);
                slots.push(Slot { number: slot, kind: start.kind });
                let kind = start.kind;
                let fields = self.waiting.as_mut().map(|waiting| waiting.call(index, slot));
                if let Some(delta) = opening(calls, position, *start, fields.unwrap_or_default()) {
                    self.send(index, delta, send);
                }
                (kind, position)
            }
            // A call without a start is a breach of contract, which the adapters have turned into an error.
            (None, None) => return,
        };
        if let Some(delta) = continuing(calls, position, kind, fragment) {
            self.send(index, delta, send);
        }
    }

    /// Sends fields of a call that has begun; those of one that has not wait for its start.
    fn fields_of_call(&mut self, choice: u32, slot: u32, fields: Extra, send: &mut impl FnMut(&Chunk)) {
        let slots = &self.choices[choice as usize].slots;
        let Some((_, position)) = slots.iter().zip(0..).find(|(known, _)| known.number == slot) else {
            return self.waiting.get_or_insert_default().add(Place::ToolCall { choice, slot }, fields);
        };
        let mut delta = ToolCallDelta::new(position);
        add_to_delta(&mut delta, fields);
        // The old form has no place for them.
        if self.calls == Calls::Tools && !delta.extra.is_empty() {
            self.send(choice, Delta::tool_call(delta), send);
        }
    }

    fn finish(&mut self, index: u32, reason: FinishReason, send: &mut impl FnMut(&Chunk)) {
        let choice = &mut self.choices[index as usize];
        choice.finished = true;
        let called = !choice.slots.is_empty();
        self.chunk.choices[0] = ChunkChoice::finish(index, self.calls.finish_reason(reason, called));
        self.emit(send);
    }

    fn send(&mut self, index: u32, delta: Delta, send: &mut impl FnMut(&Chunk)) {
        self.chunk.choices[0] = ChunkChoice::new(index, delta);
        self.emit(send);
    }

    fn send_with(
        &mut self,
        logprobs: Option<Logprobs>,
        index: u32,
        delta: Delta,
        send: &mut impl FnMut(&Chunk),
    ) {
        let mut choice = ChunkChoice::new(index, delta);
        choice.logprobs = logprobs;
        self.chunk.choices[0] = choice;
        self.emit(send);
    }

    /// Sends the chunk as it stands.
    fn emit(&mut self, send: &mut impl FnMut(&Chunk)) {
        if let Some(waiting) = &mut self.waiting {
            add_to_chunk(&mut self.chunk, waiting);
        }
        if self.options.obfuscation {
            let length = self.chunk.choices.first().map_or(0, |choice| length(&choice.delta));
            self.chunk.obfuscation = Some(padding(length));
        }
        send(&self.chunk);
        self.chunk.extra.clear();
        self.chunk.moderation = None;
    }
}

/// The bytes of what a delta says, which obfuscation fills up.
fn length(delta: &Delta) -> usize {
    let call = delta.tool_calls.iter().flatten().next();
    let function = call.and_then(|call| call.function.as_ref()).or(delta.function_call.as_ref());
    let arguments = function.and_then(|function| function.arguments.as_ref());
    let input = call.and_then(|call| call.custom.as_ref()?.input.as_ref());
    let texts = [
        delta.content.as_ref(),
        delta.refusal.as_ref(),
        delta.reasoning.as_ref(),
        delta.reasoning_content.as_ref(),
    ];
    texts.into_iter().chain([arguments, input]).flatten().map(String::len).sum()
}

/// The first fragment of a call, which alone has its id and name; the old form has no place for a second call.
fn opening(calls: Calls, position: u32, start: ToolCallStart, fields: Extra) -> Option<Delta> {
    if calls == Calls::Function {
        return (position == 0).then(|| Delta::function_call(FunctionCallDelta::start(start.name)));
    }
    let id = start.id.unwrap_or_else(identifier::tool_call);
    let mut delta = match start.kind {
        ToolKind::Function => ToolCallDelta::function(position, id, start.name),
        ToolKind::Custom => ToolCallDelta::custom(position, id, start.name),
    };
    add_to_delta(&mut delta, fields);
    Some(Delta::tool_call(delta))
}

/// A later fragment of a call; an empty one says nothing.
fn continuing(calls: Calls, position: u32, kind: ToolKind, fragment: String) -> Option<Delta> {
    if fragment.is_empty() {
        return None;
    }
    match (calls, kind) {
        (Calls::Function, _) => {
            (position == 0).then(|| Delta::function_call(FunctionCallDelta::arguments(fragment)))
        }
        (Calls::Tools, ToolKind::Function) => {
            Some(Delta::tool_call(ToolCallDelta::arguments(position, fragment)))
        }
        (Calls::Tools, ToolKind::Custom) => Some(Delta::tool_call(ToolCallDelta::input(position, fragment))),
    }
}

#[cfg(test)]
mod tests;
