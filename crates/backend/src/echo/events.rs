//! The events of one echo, without the pauses between them.

use antiphon_types::Usage;
use antiphon_types::chat::FinishReason;

use super::words;
use crate::Event;

/// Yields an answer word by word, the finish, and the usage.
pub(super) struct Events {
    answer: String,
    /// The bytes that have been sent.
    sent: usize,
    tokens: u64,
    limit: Option<u64>,
    prompt_tokens: u64,
    next: Next,
}

/// What comes after the words that fit.
enum Next {
    Finish,
    Usage,
    Nothing,
}

impl Events {
    /// At most `limit` words are sent; `None`: all.
    pub(super) fn new(answer: String, limit: Option<u64>, prompt_tokens: u64) -> Self {
        Self { answer, sent: 0, tokens: 0, limit, prompt_tokens, next: Next::Finish }
    }

    fn word(&mut self) -> Option<Event> {
        if self.limit.is_some_and(|limit| self.tokens >= limit) {
            return None;
        }
        let word = words::first(&self.answer[self.sent..]);
        if word.is_empty() {
            return None;
        }
        self.sent += word.len();
        self.tokens += 1;
        Some(Event::text(word))
    }
}

impl Iterator for Events {
    type Item = Event;

    fn next(&mut self) -> Option<Event> {
        let word = self.word();
        if word.is_some() {
            return word;
        }
        let (event, next) = match self.next {
            Next::Finish => {
                let whole = self.sent == self.answer.len();
                let reason = if whole { FinishReason::Stop } else { FinishReason::Length };
                (Event::finish(reason), Next::Usage)
            }
            Next::Usage => (Event::usage(Usage::new(self.prompt_tokens, self.tokens)), Next::Nothing),
            Next::Nothing => return None,
        };
        self.next = next;
        Some(event)
    }
}
