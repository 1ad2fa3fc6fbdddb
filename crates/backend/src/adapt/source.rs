//! The stream beneath an adapter, dropped as soon as it is over.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;

use crate::{BackendError, Event};

/// What an adapter gives and takes.
pub(crate) type Item = Result<Event, BackendError>;

/// A stream that is polled no more after its end or its error.
///
/// Dropping the stream cancels the work, so it goes at once, not when the adapter does.
#[derive(Debug)]
pub(crate) struct Source<S>(Option<S>);

impl<S> Source<S> {
    pub(crate) fn new(stream: S) -> Self {
        Self(Some(stream))
    }

    /// A stream of nothing.
    pub(crate) fn over() -> Self {
        Self(None)
    }

    /// Drops the stream: nothing more comes.
    pub(crate) fn end(&mut self) {
        self.0 = None;
    }

    pub(crate) fn is_over(&self) -> bool {
        self.0.is_none()
    }
}

impl<S: Stream<Item = Item> + Unpin> Source<S> {
    #[inline]
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Item>> {
        // Looked at where it lies and handed on as it is, here and in the adapters: to take an event out and to wrap it
        // again costs two moves, which are most of what an adapter costs.
        let poll = self.poll_undropped(cx);
        if is_end(&poll) {
            self.end();
        }
        poll
    }

    /// Polls, and leaves it to the caller to [end](Source::end) what [is over](is_end).
    #[inline]
    pub(crate) fn poll_undropped(&mut self, cx: &mut Context<'_>) -> Poll<Option<Item>> {
        let Some(stream) = &mut self.0 else { return Poll::Ready(None) };
        Pin::new(stream).poll_next(cx)
    }
}

/// Whether a stream that was polled so is over.
#[inline]
pub(crate) fn is_end(poll: &Poll<Option<Item>>) -> bool {
    matches!(poll, Poll::Ready(None | Some(Err(_))))
}
