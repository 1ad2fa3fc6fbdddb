//! Takes reasoning that stands between tags out of the text.

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use antiphon_types::chat::TokenLogprob;
use compact_str::CompactString;
use futures_core::Stream;

use super::per_choice::PerChoice;
use super::source::{Item, Source};
use crate::{Capability, Event, ModelInfo};

const OPEN: &str = "<think>";
const CLOSE: &str = "</think>";
/// How many events, or bytes of white space, are held for a tag that may come behind them.
const MOST_HELD: usize = 256;

/// Where the reasoning of a model begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thinking {
    /// At a `<think>` that opens the answer; without one there is none.
    Tagged,
    /// At once: the prompt ends in `<think>`.
    Begun,
}

impl Thinking {
    /// How a model says that it thinks within its text; `None` where it does not.
    pub(crate) fn of(model: &ModelInfo) -> Option<Self> {
        if model.has(Capability::ThinkBegun) {
            return Some(Self::Begun);
        }
        model.has(Capability::ThinkTags).then_some(Self::Tagged)
    }
}

/// Makes [`Event::Reasoning`] of the text between `<think>` and `</think>`.
///
/// The tags may lie across any number of events. One block is looked for, at the start of each of the `choices`
/// choices; the tags go, and the white space before and after them. Text that may begin a tag is held until that
/// is decided, and white space that may stand before one for 256 events or bytes; all other text passes at once. Reasoning whose end never comes is reasoning all the same. The log
/// probabilities of reasoning go, as the API has no place for them.
pub fn think<S>(stream: S, thinking: Thinking, choices: u32) -> Think<S>
where
    S: Stream<Item = Item> + Unpin,
{
    let progress = PerChoice::new(choices, || match thinking {
        Thinking::Tagged => Progress::Before(Held::default()),
        Thinking::Begun => Progress::Within(Pending::default()),
    });
    Think { source: Source::new(stream), progress, ready: VecDeque::new() }
}

/// The stream that [`think`] makes.
#[derive(Debug)]
pub struct Think<S> {
    source: Source<S>,
    progress: PerChoice<Progress>,
    /// What goes out before the stream beneath is asked for more.
    ready: VecDeque<Item>,
}

/// How far a choice has come.
#[derive(Debug)]
enum Progress {
    /// Nothing but white space and the start of a tag has come.
    Before(Held),
    /// Within the reasoning.
    Within(Pending),
    /// Behind the reasoning, where white space is skipped.
    Behind,
    /// In the answer.
    After,
}

/// The events that may begin with a tag.
#[derive(Debug, Default)]
struct Held {
    events: Vec<Event>,
    /// Their text, from its first letter on.
    start: String,
}

/// The end of what has come of the reasoning: it may begin the closing tag.
#[derive(Debug, Default)]
struct Pending {
    text: String,
    /// Whether anything but white space has come.
    has_begun: bool,
}

impl<S> Think<S> {
    /// Takes an event and gives it back where it passes at once.
    fn pass(&mut self, event: Event) -> Option<Event> {
        let Some(choice) = event.choice() else { return Some(event) };
        let Some(progress) = self.progress.get_mut(choice) else { return Some(event) };
        let Event::Text { text, logprobs, .. } = event else {
            if !event.ends_text() {
                return Some(event);
            }
            progress.release(choice, &mut self.ready);
            if self.ready.is_empty() {
                return Some(event);
            }
            self.ready.push_back(Ok(event));
            return None;
        };
        match progress {
            Progress::After => return Some(Event::Text { choice, text, logprobs }),
            Progress::Before(held) => {
                held.start.push_str(if held.start.is_empty() { text.trim_start() } else { &text });
                held.events.push(Event::Text { choice, text, logprobs });
                progress.open(choice, &mut self.ready);
            }
            Progress::Within(pending) => {
                pending.text.push_str(&text);
                let rest = progress.close(choice, &mut self.ready);
                let logprobs = logprobs.map(|tokens| behind(*tokens, rest.len()));
                progress.answer(choice, &rest, logprobs, &mut self.ready);
            }
            Progress::Behind => {
                let rest = text.trim_start();
                let logprobs = logprobs.map(|tokens| behind(*tokens, rest.len()));
                progress.answer(choice, rest, logprobs, &mut self.ready);
            }
        }
        None
    }
}

impl Progress {
    /// Decides whether the answer begins with reasoning, as soon as that can be said.
    fn open(&mut self, choice: u32, ready: &mut VecDeque<Item>) {
        let Self::Before(held) = self else { return };
        if let Some(rest) = held.start.strip_prefix(OPEN) {
            let pending = Pending { text: rest.to_owned(), has_begun: false };
            let tokens = mem::take(&mut held.events).into_iter().filter_map(logprobs).flatten().collect();
            *self = Self::Within(pending);
            let rest = self.close(choice, ready);
            let logprobs = Some(behind(tokens, rest.len()));
            self.answer(choice, &rest, logprobs, ready);
        } else if !OPEN.starts_with(&held.start) || held.events.len() > MOST_HELD {
            ready.extend(mem::take(&mut held.events).into_iter().map(Ok));
            *self = Self::After;
        }
    }

    /// Gives out what is reasoning for sure; returns what stands behind its end.
    fn close(&mut self, choice: u32, ready: &mut VecDeque<Item>) -> CompactString {
        let Self::Within(pending) = self else { return CompactString::default() };
        let text = &mut pending.text;
        if !pending.has_begun {
            text.drain(..text.len() - text.trim_start().len());
            pending.has_begun = !text.is_empty();
        }
        let Some((reasoning, rest)) = text.split_once(CLOSE) else {
            let sure = text.len() - pending_close(text);
            reason(choice, &text[..sure], ready);
            text.drain(..sure);
            return CompactString::default();
        };
        reason(choice, reasoning.trim_end(), ready);
        let rest = CompactString::from(rest.trim_start());
        *self = Self::Behind;
        rest
    }

    /// Gives out the answer's first text, once there is any.
    fn answer(
        &mut self,
        choice: u32,
        rest: &str,
        logprobs: Option<Vec<TokenLogprob>>,
        ready: &mut VecDeque<Item>,
    ) {
        if matches!(self, Self::Behind) && !rest.is_empty() {
            let logprobs = logprobs.filter(|tokens| !tokens.is_empty()).map(Box::new);
            ready.push_back(Ok(Event::Text { choice, text: rest.into(), logprobs }));
            *self = Self::After;
        }
    }

    /// Lets go of what is held: no more text comes, or none that belongs to it.
    fn release(&mut self, choice: u32, ready: &mut VecDeque<Item>) {
        match self {
            Self::Before(held) => ready.extend(mem::take(held).events.into_iter().map(Ok)),
            Self::Within(pending) => reason(choice, &mem::take(&mut pending.text), ready),
            Self::Behind | Self::After => {}
        }
    }
}

fn logprobs(event: Event) -> Option<Vec<TokenLogprob>> {
    if let Event::Text { logprobs, .. } = event { logprobs.map(|tokens| *tokens) } else { None }
}

fn reason(choice: u32, text: &str, ready: &mut VecDeque<Item>) {
    if !text.is_empty() {
        ready.push_back(Ok(Event::reasoning(text).at(choice)));
    }
}

/// How many of the last bytes may be a part of the end: white space, and the start of the closing tag.
fn pending_close(text: &str) -> usize {
    let tag = (1..CLOSE.len()).rev().find(|length| text.ends_with(&CLOSE[..*length])).unwrap_or(0);
    let pending = text.len() - text[..text.len() - tag].trim_end().len();
    let most = (0..=MOST_HELD).rev().find(|most| text.is_char_boundary(text.len().saturating_sub(*most)));
    pending.min(most.unwrap_or(0))
}

/// The last tokens, as far as they lie in the last `length` bytes.
fn behind(tokens: Vec<TokenLogprob>, length: usize) -> Vec<TokenLogprob> {
    let mut left = length;
    let fits = |token: &&TokenLogprob| match left.checked_sub(token.token.len()) {
        Some(rest) => {
            left = rest;
            true
        }
        None => false,
    };
    let kept = tokens.iter().rev().take_while(fits).count();
    let mut tokens = tokens;
    tokens.split_off(tokens.len() - kept)
}

impl<S: Stream<Item = Item> + Unpin> Stream for Think<S> {
    type Item = Item;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Item>> {
        let this = self.get_mut();
        loop {
            if let Some(item) = this.ready.pop_front() {
                return Poll::Ready(Some(item));
            }
            match ready!(this.source.poll(cx)) {
                Some(Ok(event)) => {
                    if let Some(event) = this.pass(event) {
                        return Poll::Ready(Some(Ok(event)));
                    }
                }
                last => {
                    for (choice, progress) in this.progress.iter_mut() {
                        progress.release(choice, &mut this.ready);
                    }
                    let Some(error) = last else {
                        return Poll::Ready(this.ready.pop_front());
                    };
                    this.ready.push_back(error);
                }
            }
        }
    }
}
