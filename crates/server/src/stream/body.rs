//! A streamed answer's body: pulls events, encodes them, joins what is ready into one write.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, MessageBody};
use antiphon_backend::{BackendError, Event};
use bytes::Bytes;
use futures_util::StreamExt;

use super::Encode;
use crate::error::ApiError;
use crate::keep_alive::{Form, KeepAlive};
use crate::observe::Watched;
use crate::sse::{self, Template};

/// Bytes after which a write is handed on, though more events are ready.
const FULL: usize = 16 << 10;
/// Writes in a row after which other connections of the worker have their turn.
const WRITES_A_TURN: u32 = 16;

/// The events of one generation as server-sent events.
pub(super) struct Body<E> {
    /// None once the answer has ended.
    events: Option<Watched>,
    encoder: E,
    /// One for each choice.
    texts: Vec<Texts>,
    keep_alive: KeepAlive,
    buffer: Vec<u8>,
    writes_in_a_row: u32,
}

/// How the next text of a choice is written.
enum Texts {
    /// As any other event: its chunk has more than the text.
    Encoded,
    /// By a template, which is made once there is a use for it.
    Alike,
    /// By this template, where there can be one.
    Written(Option<Template>),
}

impl<E: Encode> Body<E> {
    pub(super) fn new(events: Watched, encoder: E, keep_alive: KeepAlive) -> Self {
        let texts = (0..encoder.choices()).map(|_| Texts::Encoded).collect();
        Self { events: Some(events), encoder, texts, keep_alive, buffer: Vec::new(), writes_in_a_row: 0 }
    }

    /// Takes the event that was waited for before the status was sent.
    pub(super) fn first(mut self, first: Event) -> Self {
        self.event(first);
        self
    }

    fn event(&mut self, event: Event) {
        if self.write_ready_made(&event) {
            return;
        }
        let text_of = match &event {
            Event::Text { choice, logprobs: None, .. } => Some(*choice),
            Event::Extra { .. } => {
                // The next chunk has them, and is like no other.
                self.texts.fill_with(|| Texts::Encoded);
                None
            }
            _ => None,
        };
        self.encode(event);
        // The choice has had what comes before its first text, so every further one differs in the text alone.
        let texts = text_of.and_then(|choice| self.texts.get_mut(choice as usize));
        if let Some(texts @ Texts::Encoded) = texts {
            *texts = Texts::Alike;
        }
    }

    /// Writes a text where there is a template for it: by far the most of what is ever sent.
    fn write_ready_made(&mut self, event: &Event) -> bool {
        let Event::Text { choice, text, logprobs: None } = event else { return false };
        let Some(texts) = self.texts.get_mut(*choice as usize) else { return false };
        if matches!(texts, Texts::Alike) {
            let empty = self.encoder.empty_text(*choice);
            *texts = Texts::Written(empty.and_then(|chunk| Template::new(chunk, E::TEXT)));
        }
        let Texts::Written(Some(template)) = texts else { return false };
        template.data(&mut self.buffer, text);
        true
    }

    fn encode(&mut self, event: Event) {
        let buffer = &mut self.buffer;
        self.encoder.event(event, |chunk| sse::data(buffer, chunk));
    }

    /// The end of an answer, or of what there was of it.
    fn end(&mut self, failure: Option<&BackendError>) {
        let buffer = &mut self.buffer;
        match failure {
            None => self.encoder.end(|chunk| sse::data(buffer, chunk)),
            Some(error) => sse::data(buffer, &ApiError::from(error).envelope()),
        }
        sse::done(&mut self.buffer);
        // Dropped here rather than with the connection: the backend's work is over.
        self.events = None;
    }

    /// Fills the buffer with all that is ready.
    fn fill(&mut self, context: &mut Context<'_>) {
        while self.buffer.len() < FULL {
            let Some(events) = &mut self.events else { return };
            let poll = events.poll_next_unpin(context);
            // Looked at where it lies: moving the event would cost as much as writing it.
            if matches!(&poll, Poll::Ready(Some(Ok(event))) if self.write_ready_made(event)) {
                continue;
            }
            match poll {
                Poll::Ready(Some(Ok(event))) => self.event(event),
                Poll::Ready(Some(Err(error))) => self.end(Some(&error)),
                Poll::Ready(None) => self.end(None),
                Poll::Pending => return self.silence(context),
            }
        }
    }

    /// Says that the connection lives, where nothing else has been said for the interval.
    fn silence(&mut self, context: &mut Context<'_>) {
        if !self.buffer.is_empty() {
            return;
        }
        while self.keep_alive.poll(context).is_ready() {
            let buffer = &mut self.buffer;
            match self.keep_alive.form() {
                Form::Comment => sse::comment(buffer, "keep-alive"),
                Form::Chunk => self.encoder.keep_alive(|chunk| sse::data(buffer, chunk)),
            }
        }
    }
}

impl<E: Encode> MessageBody for Body<E> {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let body = &mut *self;
        if body.writes_in_a_row == WRITES_A_TURN {
            body.writes_in_a_row = 0;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        body.fill(context);
        if !body.buffer.is_empty() {
            body.keep_alive.spoke();
            body.writes_in_a_row += 1;
            // As large as this one had to grow: the next is likely to be filled as far.
            let next = Vec::with_capacity(body.buffer.capacity().min(2 * FULL));
            return Poll::Ready(Some(Ok(std::mem::replace(&mut body.buffer, next).into())));
        }
        body.writes_in_a_row = 0;
        if body.events.is_none() { Poll::Ready(None) } else { Poll::Pending }
    }
}

#[cfg(test)]
mod tests;
