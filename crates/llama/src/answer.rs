//! The events of an answer, from the pieces that the engine sends.

use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, ready};

use antiphon_backend::adapt::{self, Thinking};
use antiphon_backend::chat::{self, FinishReason};
use antiphon_backend::types::PromptTokensDetails;
use antiphon_backend::{BackendError, Event, EventStream, Stream, StreamExt, Usage, mpsc, stream};
use antiphon_chat_template::{Format, tool_calls};
use futures_util::stream::iter;

use crate::engine::{Piece, Reused};
use crate::question::Question;

/// What is known of a request once its prompt is made.
#[derive(Debug, Default)]
pub(crate) struct Prepared {
    /// Tokens of the prompt.
    prompt: AtomicU64,
    thinking: OnceLock<Thinking>,
}

impl Prepared {
    /// Tells how long the prompt is, and where the reasoning of the answers begins.
    pub(crate) fn tell(&self, prompt: usize, thinking: Option<Thinking>) {
        self.prompt.store(prompt as u64, Ordering::Relaxed);
        if let Some(thinking) = thinking {
            // A prompt is made once.
            let _ = self.thinking.set(thinking);
        }
    }
}

/// What is counted of one choice, where it is read.
#[derive(Debug, Default)]
pub(crate) struct Count {
    pub(crate) prepared: Arc<Prepared>,
    pub(crate) reused: Arc<Reused>,
    generated: AtomicU64,
}

impl Count {
    pub(crate) fn new(prepared: Arc<Prepared>, reused: Arc<Reused>) -> Self {
        Self { prepared, reused, generated: AtomicU64::default() }
    }

    fn usage(&self) -> Usage {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let mut usage = Usage::new(read(&self.prepared.prompt), read(&self.generated));
        let mut details = PromptTokensDetails::default();
        details.cached_tokens = Some(self.reused.get());
        usage.prompt_tokens_details = Some(details);
        usage
    }
}

/// The events of one choice: to its end, or to one of the stop sequences, then its usage.
///
/// Tokens are counted as they are read, so that those of an answer that is cut are those up to the cut. Calls of tools
/// are read in the format that the model writes them in, if any were offered.
pub(crate) fn choice(
    pieces: mpsc::Receiver<Piece>,
    question: &Question,
    format: Option<Format>,
    count: Count,
) -> EventStream {
    let count = Arc::new(count);
    let pieces = Pieces { pieces, count: Arc::clone(&count) };
    let events: EventStream = match question {
        Question::Chat(request) => called(thought(pieces), format, request),
        Question::Completion(_) => Box::pin(pieces),
    };
    let stops = question.stops();
    let mut events: EventStream =
        if stops.is_empty() { events } else { Box::pin(adapt::stop(events, stops, 1)) };
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

/// Tells the reasoning of a model that writes it into its text.
fn thought(mut pieces: Pieces) -> EventStream {
    Box::pin(stream! {
        // Whether it does is known by the time of the first piece.
        let Some(first) = pieces.next().await else { return };
        let thinking = pieces.count.prepared.thinking.get().copied();
        let pieces = iter([first]).chain(pieces);
        let mut events: EventStream = match thinking {
            Some(thinking) => Box::pin(adapt::think(pieces, thinking, 1)),
            None => Box::pin(pieces),
        };
        while let Some(event) = events.next().await {
            yield event;
        }
    })
}

/// Reads the calls of tools.
fn called(events: EventStream, format: Option<Format>, request: &chat::Request) -> EventStream {
    let Some(format) = format else { return events };
    let events = tool_calls(events, format, request);
    if request.parallel_tool_calls == Some(false) { one_call(events) } else { Box::pin(events) }
}

/// The events up to a second call: there the answer ends.
fn one_call(
    mut events: impl Stream<Item = Result<Event, BackendError>> + Unpin + Send + 'static,
) -> EventStream {
    Box::pin(stream! {
        while let Some(event) = events.next().await {
            if matches!(event, Ok(Event::ToolCall { slot: 1.., .. })) {
                yield Ok(Event::finish(FinishReason::ToolCalls));
                return;
            }
            yield event;
        }
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
