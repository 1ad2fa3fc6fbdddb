//! Collects a stream of events into a whole answer.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use antiphon_types::chat::{FinishReason, Logprobs};
use antiphon_types::{Extra, Usage};
use futures_core::Stream;
use futures_util::StreamExt;

use super::per_choice::PerChoice;
use super::rules::Breach;
use super::source::Item;
use crate::{BackendError, Event, Place, ToolCallStart, ToolKind};

/// A whole answer.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Whole {
    /// The choices, each at its number.
    pub choices: Vec<WholeChoice>,
    /// The tokens that the request took, where the stream said so.
    ///
    /// Under [`meter`](super::meter) it always does.
    pub usage: Option<Usage>,
    /// Fields that the answer has besides.
    pub extra: Extra,
}

/// One choice of a whole answer.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct WholeChoice {
    /// All text, joined.
    pub text: String,
    /// All reasoning, joined.
    pub reasoning: String,
    /// The whole refusal; empty where the model did not decline.
    pub refusal: String,
    /// The tool calls, in the order in which they began.
    pub tool_calls: Vec<WholeToolCall>,
    /// The tokens of text and refusal, where any came.
    pub logprobs: Option<Logprobs>,
    /// Why the choice ended.
    pub finish: FinishReason,
    /// Fields that the choice has besides.
    pub extra: Extra,
    /// Fields that the choice's message has besides.
    pub message_extra: Extra,
}

/// A whole tool call.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WholeToolCall {
    /// The call's id, where the engine gave one.
    pub id: Option<String>,
    /// The name of the tool.
    pub name: String,
    /// The kind of the tool.
    pub kind: ToolKind,
    /// The arguments (a JSON text) or the custom tool's input, joined.
    pub arguments: String,
    /// Fields that the call has besides.
    pub extra: Extra,
}

/// Collects a stream of `choices` choices into a whole answer.
///
/// # Errors
/// The stream's own error; one of kind [`Contract`](crate::ErrorKind::Contract) for an event of a choice that
/// is not there, a tool call without its start, and an end before every choice has finished. What else breaks
/// the contract is [`validate`](super::validate)'s to find.
pub async fn collect<S>(mut stream: S, choices: u32) -> Result<Whole, BackendError>
where
    S: Stream<Item = Item> + Unpin,
{
    let parts = PerChoice::new(choices, Part::default);
    let mut answer = Answer { count: choices, choices: parts, usage: None, extra: Extra::new() };
    while let Some(event) = stream.next().await {
        answer.add(event?)?;
    }
    Ok(answer.end()?)
}

/// What has come so far.
struct Answer {
    count: u32,
    choices: PerChoice<Part>,
    usage: Option<Usage>,
    extra: Extra,
}

/// What has come of a choice so far.
#[derive(Default)]
struct Part {
    text: String,
    reasoning: String,
    refusal: String,
    /// Each with its slot.
    tool_calls: Vec<(u32, WholeToolCall)>,
    logprobs: Option<Logprobs>,
    finish: Option<FinishReason>,
    extra: Extra,
    message_extra: Extra,
    /// Those of each call that has any, by its slot: they may come before it.
    call_extras: BTreeMap<u32, Extra>,
}

impl Answer {
    fn add(&mut self, event: Event) -> Result<(), Breach> {
        match event {
            Event::Text { choice, text, logprobs } => {
                let part = self.part(choice)?;
                part.text.push_str(&text);
                if let Some(tokens) = logprobs {
                    part.logprobs().content.get_or_insert_default().extend(*tokens);
                }
            }
            Event::Reasoning { choice, text } => self.part(choice)?.reasoning.push_str(&text),
            Event::Refusal { choice, text, logprobs } => {
                let part = self.part(choice)?;
                part.refusal.push_str(&text);
                if let Some(tokens) = logprobs {
                    part.logprobs().refusal.get_or_insert_default().extend(*tokens);
                }
            }
            Event::ToolCall { choice, slot, start, arguments } => {
                let call =
                    self.part(choice)?.tool_call(slot, start).ok_or(Breach::NoStart { choice, slot })?;
                call.arguments.push_str(&arguments);
            }
            Event::Finish { choice, reason } => self.part(choice)?.finish = Some(reason),
            Event::Extra { place, fields } => self.extra(place, *fields)?,
            Event::Usage(usage) => self.usage = Some(*usage),
        }
        Ok(())
    }

    fn extra(&mut self, place: Place, fields: Extra) -> Result<(), Breach> {
        let whole = match place {
            Place::Answer => &mut self.extra,
            Place::Choice(choice) => &mut self.part(choice)?.extra,
            Place::Message(choice) => &mut self.part(choice)?.message_extra,
            Place::ToolCall { choice, slot } => self.part(choice)?.call_extras.entry(slot).or_default(),
        };
        place.join(whole, fields);
        Ok(())
    }

    fn part(&mut self, choice: u32) -> Result<&mut Part, Breach> {
        self.choices.get_mut(choice).ok_or(Breach::UnknownChoice { choice, choices: self.count })
    }

    fn end(self) -> Result<Whole, Breach> {
        let choices =
            (0..).zip(self.choices).map(|(choice, part)| part.end(choice)).collect::<Result<_, _>>()?;
        Ok(Whole { choices, usage: self.usage, extra: self.extra })
    }
}

impl Part {
    fn logprobs(&mut self) -> &mut Logprobs {
        self.logprobs.get_or_insert_default()
    }

    /// The call in a slot, which may begin here.
    fn tool_call(&mut self, slot: u32, start: Option<Box<ToolCallStart>>) -> Option<&mut WholeToolCall> {
        if let Some(start) = start {
            let ToolCallStart { id, name, kind } = *start;
            let (arguments, extra) = (String::new(), Extra::new());
            self.tool_calls.push((slot, WholeToolCall { id, name, kind, arguments, extra }));
        }
        self.tool_calls.iter_mut().rev().find(|(known, _)| *known == slot).map(|(_, call)| call)
    }

    fn end(mut self, choice: u32) -> Result<WholeChoice, Breach> {
        for (slot, extra) in std::mem::take(&mut self.call_extras) {
            if let Some(call) = self.tool_call(slot, None) {
                call.extra = extra;
            }
        }
        Ok(WholeChoice {
            text: self.text,
            reasoning: self.reasoning,
            refusal: self.refusal,
            tool_calls: self.tool_calls.into_iter().map(|(_, call)| call).collect(),
            logprobs: self.logprobs,
            finish: self.finish.ok_or(Breach::Unfinished { choice })?,
            extra: self.extra,
            message_extra: self.message_extra,
        })
    }
}
