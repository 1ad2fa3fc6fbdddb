//! From what an upstream says to events, in the order of the contract.

mod calls;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;

use antiphon_backend::{CompactString, Event, Place};
use antiphon_types::chat::TokenLogprob;
use antiphon_types::{Extra, Usage, Value};

use self::calls::{Calls, Piece};
use crate::answer::{Answer, Call, Choice, Function, Message, Text};
use crate::failure::Failure;

/// Fields of the answer that its chunks repeat.
const STANDING: [&str; 2] = ["system_fingerprint", "service_tier"];

/// Makes the events of one answer, and remembers what it must of those before.
#[derive(Debug)]
pub(crate) struct Events {
    choices: Vec<Progress>,
    /// The fields that each chunk repeats, as they were told last.
    standing: [Option<Text>; 2],
    usage: Option<Box<Usage>>,
    ready: VecDeque<Event>,
}

/// What has come of a choice.
#[derive(Clone, Debug, Default)]
struct Progress {
    is_finished: bool,
    calls: Calls,
}

impl Events {
    /// Of an answer with so many choices.
    pub(crate) fn new(choices: u32) -> Self {
        let choices = vec![Progress::default(); choices as usize];
        Self { choices, standing: [None, None], usage: None, ready: VecDeque::new() }
    }

    /// Takes a whole answer, or the next chunk.
    pub(crate) fn take(&mut self, mut answer: Answer) -> Result<(), Failure> {
        if let Some(usage) = answer.usage {
            // Some servers tell it with each chunk, as it stands by then.
            self.usage = Some(usage);
        }
        // What stands is told when it changes: it goes out with all chunks that follow.
        let said = [answer.system_fingerprint, answer.service_tier];
        for ((name, said), told) in STANDING.into_iter().zip(said).zip(&mut self.standing) {
            if let Some(Text(text)) = &said
                && said != *told
            {
                answer.others.insert(name, Value::from(text.as_str()));
                *told = said;
            }
        }
        self.extra(Place::Answer, answer.others.take());
        for choice in answer.choices.into_iter().flatten() {
            self.choice(choice)?;
        }
        Ok(())
    }

    /// Takes a chunk that adds this text to a choice and says nothing else.
    pub(crate) fn take_text(&mut self, choice: u32, text: &str) {
        let goes_on = self.choices.get(choice as usize).is_some_and(|progress| !progress.is_finished);
        if goes_on && !text.is_empty() {
            self.ready.push_back(Event::text(text).at(choice));
        }
    }

    /// How many events are ready.
    pub(crate) fn ready(&self) -> usize {
        self.ready.len()
    }

    /// The text that alone has become ready since so many events were, with its choice.
    pub(crate) fn text_alone(&self, since: usize) -> Option<(u32, &str)> {
        match self.ready.back() {
            Some(Event::Text { choice, text, logprobs: None }) if self.ready.len() == since + 1 => {
                Some((*choice, text))
            }
            _ => None,
        }
    }

    /// The next event that is ready.
    pub(crate) fn pop(&mut self) -> Option<Event> {
        self.ready.pop_front()
    }

    pub(crate) fn has_ready(&self) -> bool {
        !self.ready.is_empty()
    }

    /// Whether every choice has finished.
    pub(crate) fn are_finished(&self) -> bool {
        self.choices.iter().all(|choice| choice.is_finished)
    }

    pub(crate) fn have_usage(&self) -> bool {
        self.usage.is_some()
    }

    /// Takes the end of the answer, which is one only if every choice has finished.
    pub(crate) fn end(&mut self) -> Result<(), Failure> {
        if !self.are_finished() {
            return Err(Failure::Cut);
        }
        self.ready.extend(self.usage.take().map(Event::Usage));
        Ok(())
    }

    fn choice(&mut self, choice: Choice) -> Result<(), Failure> {
        let Choice { index, message, text, mut logprobs, finish_reason, mut others } = choice;
        let index = index.unwrap_or(0);
        match self.choices.get(index as usize) {
            // Some servers repeat the finish, or tell of a filter behind it.
            Some(progress) if progress.is_finished => return Ok(()),
            Some(_) => {}
            None => return Err(Failure::Malformed),
        }
        let Message {
            content,
            refusal,
            reasoning_content,
            reasoning,
            tool_calls,
            function_call,
            others: mut of_message,
        } = message;
        self.extra(Place::Choice(index), others.take());
        self.extra(Place::Message(index), of_message.take());
        // The same text under two names, for clients that know one of them.
        if let Some(Text(text)) = said(reasoning_content).or(said(reasoning)) {
            self.ready.push_back(Event::reasoning(text).at(index));
        }
        let tokens = logprobs.as_mut().and_then(|logprobs| logprobs.of_text());
        self.text(index, said(content).or(said(text)), tokens, Event::text);
        let tokens = logprobs.as_mut().and_then(|logprobs| logprobs.of_refusal());
        self.text(index, said(refusal), tokens, Event::refusal);
        for call in tool_calls.into_iter().flatten() {
            self.call(index, call)?;
        }
        if let Some(function) = function_call {
            self.call(index, Call { function: Some(*function), ..Call::default() })?;
        }
        // Some servers send an empty reason until there is one.
        if let Some(reason) = finish_reason.filter(|reason| !reason.as_str().is_empty()) {
            self.choices[index as usize].is_finished = true;
            self.ready.push_back(Event::finish(reason).at(index));
        }
        Ok(())
    }

    fn extra(&mut self, place: Place, fields: Option<Extra>) {
        self.ready.extend(fields.map(|fields| Event::extra(place, fields)));
    }

    fn text(
        &mut self,
        index: u32,
        text: Option<Text>,
        tokens: Option<Vec<TokenLogprob>>,
        event: fn(CompactString) -> Event,
    ) {
        if text.is_none() && tokens.is_none() {
            return;
        }
        let event = event(text.unwrap_or_default().0).at(index);
        self.ready.push_back(match tokens {
            Some(tokens) => event.with_logprobs(tokens),
            None => event,
        });
    }

    fn call(&mut self, choice: u32, call: Call) -> Result<(), Failure> {
        let Call { index, id, function, custom, mut others } = call;
        let start =
            if function.is_none() && custom.is_some() { Event::custom_tool_call } else { Event::tool_call };
        let custom = custom.map(|custom| Function { name: custom.name, arguments: custom.input });
        let Function { name, arguments } = function.or(custom).unwrap_or_default();
        let (id, name) = (said(id), said(name));
        let calls = &mut self.choices[choice as usize].calls;
        let piece = calls.piece(index, id.as_deref(), name).ok_or(Failure::Malformed)?;
        let (Piece::Goes { slot } | Piece::Begins { slot, .. }) = piece;
        self.extra(Place::ToolCall { choice, slot }, others.take());
        if let Piece::Begins { name, .. } = piece {
            self.ready.push_back(start(slot, id.as_deref(), name.into_string()).at(choice));
        }
        if let Some(Text(fragment)) = said(arguments) {
            self.ready.push_back(Event::arguments(slot, fragment).at(choice));
        }
        Ok(())
    }
}

/// A text that says something.
fn said(text: Option<Text>) -> Option<Text> {
    text.filter(|text| !text.is_empty())
}
