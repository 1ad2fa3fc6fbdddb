//! Keeps a backend's faults from its host: panics, work that nobody wants, a thread that is never given back.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{self, Poll};

use futures_core::Stream;
use tokio_util::sync::DropGuard;

use super::source::{Item, Source, is_end};
use crate::{BackendError, Context};

/// After so many events in a row without a wait, other tasks of the thread get a turn.
const EVENTS_A_TURN: u32 = 256;

/// Calls a backend and watches over the stream that it returns.
///
/// A panic in `start` or in the stream becomes an error of kind [`Internal`](crate::ErrorKind::Internal) and
/// ends this stream alone. The error keeps nothing of the panic's text, which may quote a prompt. When the
/// stream ends or is dropped the token of `context` is cancelled, for work that goes on elsewhere, and only
/// then is the backend's stream dropped; a panic in its drop changes nothing. A stream that always has an
/// event ready yields to other tasks now and then.
///
/// ```
/// # use antiphon_backend::{Backend, Context, EchoBackend, adapt, chat};
/// # let (backend, request) = (EchoBackend::default(), chat::Request::new("echo", []));
/// let context = Context::new("req_1");
/// let stream = adapt::guard(context.clone(), |context| backend.chat(request, context));
/// drop(stream);
/// assert!(context.is_cancelled());
/// ```
pub fn guard<S>(context: Context, start: impl FnOnce(Context) -> S) -> Guard<S>
where
    S: Stream<Item = Item> + Unpin,
{
    let cancel = Some(context.token().clone().drop_guard());
    let (source, failure) = match caught(|| start(context)) {
        Ok(stream) => (Source::new(stream), None),
        Err(failure) => (Source::over(), Some(failure)),
    };
    Guard { source, failure, cancel, in_a_row: 0 }
}

/// The stream that [`guard`] makes.
#[derive(Debug)]
pub struct Guard<S> {
    source: Source<S>,
    /// Of the call, until it is told.
    failure: Option<BackendError>,
    cancel: Option<DropGuard>,
    in_a_row: u32,
}

impl<S: Stream<Item = Item> + Unpin> Stream for Guard<S> {
    type Item = Item;

    #[inline]
    fn poll_next(self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<Option<Item>> {
        let this = self.get_mut();
        if let Some(error) = this.failure.take() {
            return Poll::Ready(Some(Err(error)));
        }
        if this.in_a_row == EVENTS_A_TURN {
            this.in_a_row = 0;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let mut poll = Poll::Pending;
        if let Err(failure) = caught(|| poll = this.source.poll_undropped(cx)) {
            poll = Poll::Ready(Some(Err(failure)));
        }
        if is_end(&poll) {
            this.release();
        }
        this.in_a_row = if poll.is_ready() { this.in_a_row + 1 } else { 0 };
        poll
    }
}

impl<S> Guard<S> {
    /// Calls the work off.
    fn release(&mut self) {
        // The token first: a stream whose drop waits for a thread would else wait for ever.
        self.cancel = None;
        // A panic here during another's unwinding would end the process.
        drop(caught(|| self.source.end()));
    }
}

impl<S> Drop for Guard<S> {
    fn drop(&mut self) {
        self.release();
    }
}

/// A panic, as the cause of an error.
///
/// Causes are logged, and the text of a panic may quote a prompt: none is kept.
#[derive(Debug, thiserror::Error)]
#[error("the backend panicked")]
pub(crate) struct Panicked;

/// Does a piece of work, and makes an error of a panic in it.
pub(crate) fn caught<T>(work: impl FnOnce() -> T) -> Result<T, BackendError> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|payload| {
        // Anything but a text may panic in its own drop, which nothing would catch.
        if !payload.is::<&str>() && !payload.is::<String>() {
            std::mem::forget(payload);
        }
        BackendError::internal(Panicked)
    })
}

#[cfg(test)]
mod tests {
    use std::error::Error;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use futures_util::{FutureExt, StreamExt, stream};

    use super::*;
    use crate::testing::{Script, Step, all, script};
    use crate::{ErrorKind, Event};

    async fn check_panic(start: impl FnOnce(Context) -> Script, before: &[Event]) {
        let mut stream = guard(Context::default(), start);
        for event in before {
            assert_eq!(stream.next().await.map(Result::ok), Some(Some(event.clone())));
        }
        let error = stream.next().await.and_then(Result::err).expect("the panic is an error");
        assert_eq!(error.kind(), ErrorKind::Internal);
        let causes = std::iter::successors(Some(&error as &dyn Error), |error| (*error).source());
        let told: Vec<_> = causes.map(ToString::to_string).collect();
        assert_eq!(told, ["the backend failed", "the backend panicked"]);
        assert!(!format!("{error:?}").contains("scripted"));
        assert!(stream.next().await.is_none());
    }

    #[tokio::test]
    async fn panic_is_the_error_of_its_stream_and_its_text_is_not_kept() {
        check_panic(|_| panic!("scripted"), &[]).await;
        check_panic(
            |_| script([Step::Give(Event::text("a")), Step::Panic, Step::Give(Event::text("b"))]),
            &[Event::text("a")],
        )
        .await;
    }

    /// Panics where it is dropped.
    struct Payload;

    impl Drop for Payload {
        fn drop(&mut self) {
            panic!("scripted");
        }
    }

    #[tokio::test]
    async fn payload_whose_drop_panics_is_let_be() {
        check_panic(|_| std::panic::panic_any(Payload), &[]).await;
    }

    #[test]
    fn token_is_cancelled_when_the_stream_is_dropped() {
        let context = Context::default();
        let stream = guard(context.clone(), |_| script([Step::Hang]));
        assert!(!context.is_cancelled());
        drop(stream);
        assert!(context.is_cancelled());
    }

    /// Notes whether it is dropped after the token was cancelled, and panics.
    struct Bomb(Context, Arc<AtomicBool>);

    impl Drop for Bomb {
        fn drop(&mut self) {
            self.1.store(self.0.is_cancelled(), Ordering::SeqCst);
            panic!("scripted");
        }
    }

    /// Takes so many items of a stream of these steps, drops it, and compares what was seen.
    ///
    /// The stream goes after the cancellation, with a panic that nobody notices.
    async fn check_drop(steps: Vec<Step>, take: usize, expected: Vec<Result<Event, ErrorKind>>) {
        let was_cancelled = Arc::new(AtomicBool::new(false));
        let stream = guard(Context::default(), |context| {
            let (bomb, mut steps) = (Bomb(context, Arc::clone(&was_cancelled)), script(steps));
            stream::poll_fn(move |cx| {
                let _keep = &bomb;
                steps.poll_next_unpin(cx)
            })
        });
        assert_eq!(all(stream.take(take)).await, expected);
        assert!(was_cancelled.load(Ordering::SeqCst));
    }

    #[tokio::test]
    async fn drop_comes_after_the_cancellation_and_may_panic() {
        let [a, b] = ["a", "b"].map(Event::text);
        let given = [a.clone(), b].map(Step::Give).to_vec();
        check_drop(given.clone(), 1, vec![Ok(a.clone())]).await;
        check_drop(vec![given[0].clone()], 9, vec![Ok(a.clone())]).await;
        let failing = vec![given[0].clone(), Step::Fail(ErrorKind::RateLimited)];
        check_drop(failing, 9, vec![Ok(a), Err(ErrorKind::RateLimited)]).await;
        check_drop(vec![Step::Panic], 9, vec![Err(ErrorKind::Internal)]).await;
    }

    #[tokio::test]
    async fn endless_stream_lets_others_have_a_turn() {
        let endless = stream::repeat_with(|| Ok(Event::text("a")));
        let mut stream = guard(Context::default(), |_| endless);
        let one_poll = std::iter::from_fn(|| stream.next().now_or_never());
        assert_eq!(one_poll.count(), EVENTS_A_TURN as usize);
        assert!(stream.next().await.is_some());
        assert_eq!(all(stream.take(1_000)).await.len(), 1_000);
    }
}
