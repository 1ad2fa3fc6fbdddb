//! Ends a stream that is not through in time.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use tokio::time::{Instant, Sleep, sleep_until};

use super::source::{Item, Source};
use crate::{BackendError, ErrorKind};

/// Passes events on until `at`, and then fails with [`Timeout`](ErrorKind::Timeout).
///
/// Takes the `Instant` of std or of tokio. The clock is looked at only while the stream has nothing ready, as
/// one that is [guarded](super::guard) says of itself now and then; then it needs a tokio runtime with time
/// enabled.
pub fn deadline<S>(stream: S, at: impl Into<Instant>) -> Deadline<S>
where
    S: Stream<Item = Item> + Unpin,
{
    Deadline { source: Source::new(stream), at: at.into(), timer: None }
}

/// The stream that [`deadline`] makes.
#[derive(Debug)]
pub struct Deadline<S> {
    source: Source<S>,
    at: Instant,
    /// Made when the stream first has nothing ready.
    timer: Option<Pin<Box<Sleep>>>,
}

impl<S: Stream<Item = Item> + Unpin> Stream for Deadline<S> {
    type Item = Item;

    #[inline]
    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Item>> {
        let this = self.get_mut();
        let mut poll = this.source.poll(cx);
        if poll.is_pending() && this.is_late(cx) {
            this.source.end();
            poll = Poll::Ready(Some(Err(late())));
        }
        poll
    }
}

impl<S> Deadline<S> {
    /// Looks at the clock, and waits for the deadline where it has not come.
    fn is_late(&mut self, cx: &mut Context<'_>) -> bool {
        // The timer alone would not do: a runtime that was kept busy has not looked at the clock since.
        if Instant::now() >= self.at {
            return true;
        }
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(self.at)));
        timer.as_mut().poll(cx).is_ready()
    }
}

/// The error of an answer that is not there in time.
pub(crate) fn late() -> BackendError {
    BackendError::new(ErrorKind::Timeout, "the answer did not come in time")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::Event;
    use crate::testing::{Step, all, at_once, script};

    #[tokio::test(start_paused = true)]
    async fn stream_that_hangs_fails_at_the_deadline_and_is_dropped() {
        let start = Instant::now();
        let stream = script([Step::Give(Event::text("a")), Step::Hang]);
        let dropped = stream.dropped();
        let mut stream = deadline(stream, start + Duration::from_secs(5));
        let seen = all(&mut stream).await;
        assert_eq!(seen, [Ok(Event::text("a")), Err(ErrorKind::Timeout)]);
        assert_eq!((start.elapsed().as_secs(), dropped.get()), (5, true));
    }

    #[test]
    fn stream_that_waits_after_the_deadline_needs_no_timer() {
        // There is no runtime here that a timer could be made in.
        let stream = script([Step::Give(Event::text("a")), Step::Wait, Step::Give(Event::text("b"))]);
        let mut stream = deadline(stream, std::time::Instant::now());
        assert_eq!(at_once(&mut stream), [Ok(Event::text("a")), Err(ErrorKind::Timeout)]);
    }

    #[test]
    fn stream_that_is_ready_needs_no_clock() {
        // There is no runtime here that a timer could be made in.
        let mut stream = deadline(script([Event::text("a")]), std::time::Instant::now());
        assert_eq!(at_once(&mut stream), [Ok(Event::text("a"))]);
    }
}
