//! Ends a stream that is not through in time.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use tokio::time::{Instant, Sleep, sleep_until};

use super::source::{Item, Source};
use crate::{BackendError, ErrorKind};

/// Passes events on until `at`, and then fails with [`Timeout`](ErrorKind::Timeout).
///
/// Takes the `Instant` of std or of tokio. The clock is looked at only while the stream has nothing ready;
/// then it needs a tokio runtime with time enabled.
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
        if poll.is_pending() {
            let timer = this.timer.get_or_insert_with(|| Box::pin(sleep_until(this.at)));
            if timer.as_mut().poll(cx).is_ready() {
                this.source.end();
                poll = Poll::Ready(Some(Err(late())));
            }
        }
        poll
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
    fn stream_that_is_ready_needs_no_clock() {
        // There is no runtime here that a timer could be made in.
        let mut stream = deadline(script([Event::text("a")]), std::time::Instant::now());
        assert_eq!(at_once(&mut stream), [Ok(Event::text("a"))]);
    }
}
