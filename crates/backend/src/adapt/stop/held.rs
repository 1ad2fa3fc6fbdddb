//! The events of a choice that wait until it is known whether a stop begins in them.

use std::collections::VecDeque;

use antiphon_types::chat::TokenLogprob;

use super::matcher::Match;
use crate::Event;
use crate::adapt::source::Item;

/// The waiting events, in order.
#[derive(Debug, Default)]
pub(super) struct Held {
    events: VecDeque<Event>,
    /// The bytes of their text.
    len: usize,
}

impl Held {
    /// Takes an event after which the last `pending` bytes of the text may begin a stop.
    ///
    /// Events before those bytes go out: through the return value where it is the new one alone, else through
    /// `ready`.
    pub(super) fn pass(&mut self, event: Event, pending: usize, ready: &mut VecDeque<Item>) -> Option<Event> {
        if pending == 0 && self.events.is_empty() {
            return Some(event);
        }
        self.len += text_len(&event);
        self.events.push_back(event);
        while let Some(first) = self.events.pop_front() {
            let rest = self.len - text_len(&first);
            if rest < pending {
                self.events.push_front(first);
                break;
            }
            self.len = rest;
            ready.push_back(Ok(first));
        }
        None
    }

    /// Lets all events go.
    pub(super) fn release(&mut self, ready: &mut VecDeque<Item>) {
        self.len = 0;
        ready.extend(self.events.drain(..).map(Ok));
    }

    /// Lets go what stands before a stop that was found in the text of `last`.
    pub(super) fn cut(&mut self, last: Event, found: &Match, ready: &mut VecDeque<Item>) {
        let mut keep = self.len + found.end - found.len;
        self.events.push_back(last);
        for event in self.events.drain(..) {
            let len = text_len(&event);
            if keep < len {
                ready.extend(cut_text(event, keep).map(Ok));
                break;
            }
            keep -= len;
            ready.push_back(Ok(event));
        }
    }
}

fn text_len(event: &Event) -> usize {
    if let Event::Text { text, .. } = event { text.len() } else { 0 }
}

/// The event with the first bytes of its text, and with the log probabilities of the tokens that lie within
/// them.
fn cut_text(mut event: Event, keep: usize) -> Option<Event> {
    if keep == 0 {
        return None;
    }
    if let Event::Text { text, logprobs, .. } = &mut event {
        text.truncate(keep);
        if let Some(logprobs) = logprobs {
            cut_logprobs(logprobs, keep);
        }
    }
    Some(event)
}

fn cut_logprobs(tokens: &mut Vec<TokenLogprob>, keep: usize) {
    let mut end = 0;
    let whole = tokens.iter().take_while(|token| {
        // The text of a token that is no whole character need not be as long as its bytes.
        end += token.bytes.as_ref().map_or(token.token.len(), Vec::len);
        end <= keep
    });
    let whole = whole.count();
    tokens.truncate(whole);
}
