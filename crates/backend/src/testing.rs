//! What the tests of the adapters share: scripted streams, and all that comes out of one.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use futures_util::{FutureExt, Stream, StreamExt};

use crate::{BackendError, ErrorKind, Event};

/// What a scripted stream does next.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Give(Event),
    Fail(ErrorKind),
    /// Has nothing, once.
    Wait,
    /// Has nothing, ever.
    Hang,
    Panic,
}

impl From<Event> for Step {
    fn from(event: Event) -> Self {
        Self::Give(event)
    }
}

/// A stream that does what it is told.
pub(crate) struct Script {
    steps: VecDeque<Step>,
    dropped: Dropped,
}

/// Whether a script has been dropped.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dropped(Arc<AtomicBool>);

impl Dropped {
    pub(crate) fn get(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

pub(crate) fn script(steps: impl IntoIterator<Item: Into<Step>>) -> Script {
    Script { steps: steps.into_iter().map(Into::into).collect(), dropped: Dropped::default() }
}

impl Script {
    pub(crate) fn dropped(&self) -> Dropped {
        self.dropped.clone()
    }
}

impl Stream for Script {
    type Item = Result<Event, BackendError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match self.steps.pop_front() {
            Some(Step::Give(event)) => Poll::Ready(Some(Ok(event))),
            Some(Step::Fail(kind)) => Poll::Ready(Some(Err(BackendError::new(kind, "scripted")))),
            Some(Step::Wait) => {
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            Some(Step::Hang) => {
                self.steps.push_front(Step::Hang);
                Poll::Pending
            }
            Some(Step::Panic) => panic!("scripted"),
            None => Poll::Ready(None),
        }
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        self.dropped.0.store(true, Ordering::SeqCst);
    }
}

/// All that comes out of a stream; of an error, its kind.
pub(crate) async fn all<S>(stream: S) -> Vec<Result<Event, ErrorKind>>
where
    S: Stream<Item = Result<Event, BackendError>>,
{
    stream.map(|item| item.map_err(|error| error.kind())).collect().await
}

/// What comes out of a stream before it first has nothing.
pub(crate) fn at_once<S>(stream: &mut S) -> Vec<Result<Event, ErrorKind>>
where
    S: Stream<Item = Result<Event, BackendError>> + Unpin,
{
    let items = std::iter::from_fn(|| stream.next().now_or_never().flatten());
    items.map(|item| item.map_err(|error| error.kind())).collect()
}
