//! When a silent stream has to say that it lives.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep_until};

/// How a stream says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// A comment, which clients that follow the standard skip.
    Comment,
    /// An event with an empty delta, for clients that do not.
    Chunk,
}

/// Wakes a stream that has been silent for an interval.
///
/// The timer is armed in silence only: a stream that speaks pays for one reading of the clock a write.
#[derive(Debug)]
pub(crate) struct KeepAlive {
    form: Form,
    /// None: never.
    interval: Option<Duration>,
    spoke: Instant,
    timer: Option<Pin<Box<Sleep>>>,
}

impl KeepAlive {
    /// Never wakes.
    pub(crate) fn never() -> Self {
        Self { form: Form::Comment, interval: None, spoke: Instant::now(), timer: None }
    }

    /// Wakes after each `interval` of silence, counted from now.
    pub(crate) fn every(interval: Duration, form: Form) -> Self {
        Self { form, interval: Some(interval), ..Self::never() }
    }

    pub(crate) fn form(&self) -> Form {
        self.form
    }

    /// How long a stream may be silent; None where it may for ever.
    pub(crate) fn interval(&self) -> Option<Duration> {
        self.interval
    }

    /// Notes that something was sent.
    pub(crate) fn spoke(&mut self) {
        if self.interval.is_some() {
            self.spoke = Instant::now();
        }
    }

    /// Ready once for each interval of silence.
    pub(crate) fn poll(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let Some(interval) = self.interval else { return Poll::Pending };
        loop {
            let due = self.spoke + interval;
            let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(due)));
            ready!(timer.as_mut().poll(context));
            // What was sent since the timer was armed puts it off.
            if timer.deadline() >= due {
                self.spoke = Instant::now();
                let next = self.spoke + interval;
                timer.as_mut().reset(next);
                return Poll::Ready(());
            }
            timer.as_mut().reset(due);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use super::*;

    const INTERVAL: Duration = Duration::from_secs(15);

    #[tokio::test(start_paused = true)]
    async fn silence_is_broken_once_an_interval() {
        let start = Instant::now();
        let mut keep_alive = KeepAlive::every(INTERVAL, Form::Comment);
        for count in 1..=3 {
            poll_fn(|context| keep_alive.poll(context)).await;
            assert_eq!(start.elapsed().as_secs(), 15 * count);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_sent_puts_it_off() {
        let start = Instant::now();
        let mut keep_alive = KeepAlive::every(INTERVAL, Form::Comment);
        assert!(futures_util::poll!(poll_fn(|context| keep_alive.poll(context))).is_pending());
        tokio::time::advance(Duration::from_secs(10)).await;
        keep_alive.spoke();
        poll_fn(|context| keep_alive.poll(context)).await;
        assert_eq!(start.elapsed().as_secs(), 25);
    }

    #[tokio::test(start_paused = true)]
    async fn without_an_interval_it_never_wakes() {
        let mut keep_alive = KeepAlive::never();
        let waited =
            tokio::time::timeout(Duration::from_secs(9_999), poll_fn(|context| keep_alive.poll(context)))
                .await;
        assert!(waited.is_err());
    }
}
