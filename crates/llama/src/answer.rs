//! The events of an answer, from the pieces that the engine sends.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};

use antiphon_backend::types::PromptTokensDetails;
use antiphon_backend::{BackendError, Event, EventStream, Stream, StreamExt, Usage, adapt, mpsc, stream};

use crate::engine::{Piece, Reused};

/// What is counted of one choice, where it is read.
#[derive(Debug, Default)]
pub(crate) struct Count {
    /// Tokens of the prompt; known once it is read.
    pub(crate) prompt: Arc<AtomicU64>,
    pub(crate) reused: Arc<Reused>,
    generated: AtomicU64,
}

impl Count {
    pub(crate) fn new(prompt: Arc<AtomicU64>, reused: Arc<Reused>) -> Self {
        Self { prompt, reused, generated: AtomicU64::default() }
    }

    fn usage(&self) -> Usage {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let mut usage = Usage::new(read(&self.prompt), read(&self.generated));
        let mut details = PromptTokensDetails::default();
        details.cached_tokens = Some(self.reused.get());
        usage.prompt_tokens_details = Some(details);
        usage
    }
}

/// The events of one choice: to its end, or to one of the stop sequences, then its usage.
///
/// Tokens are counted as they are read, so that those of an answer that is cut are those up to the cut.
pub(crate) fn choice(pieces: mpsc::Receiver<Piece>, stops: &[String], count: Count) -> EventStream {
    let count = Arc::new(count);
    let events = Pieces { pieces, count: Arc::clone(&count) };
    let mut events: EventStream =
        if stops.is_empty() { Box::pin(events) } else { Box::pin(adapt::stop(events, stops, 1)) };
    Box::pin(stream! {
        while let Some(event) = events.next().await {
            let has_failed = event.is_err();
            yield event;
            if has_failed {
                return;
            }
        }
        yield Ok(Event::usage(count.usage()));
    })
}

/// The pieces of a choice as events.
struct Pieces {
    pieces: mpsc::Receiver<Piece>,
    count: Arc<Count>,
}

impl Stream for Pieces {
    type Item = Result<Event, BackendError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let piece = ready!(self.pieces.poll_recv(cx));
        Poll::Ready(piece.map(|piece| match piece {
            Piece::Text { text, logprobs, tokens } => {
                self.count.generated.fetch_add(tokens, Ordering::Relaxed);
                let event = Event::text(text);
                Ok(if logprobs.is_empty() { event } else { event.with_logprobs(logprobs) })
            }
            Piece::End(reason) => Ok(Event::finish(reason)),
            Piece::Failed(error) => Err(error),
        }))
    }
}
