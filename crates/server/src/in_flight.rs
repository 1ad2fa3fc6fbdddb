//! The requests that are being answered, of all workers together.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

/// How often it is looked whether any is left.
const PAUSE: Duration = Duration::from_millis(5);

/// Counts them, and knows when the server itself cuts them.
#[derive(Clone, Debug, Default)]
pub(crate) struct InFlight(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    count: AtomicUsize,
    cut: AtomicBool,
}

/// One request; no longer counted once it is dropped.
#[derive(Debug)]
pub(crate) struct Entry(InFlight);

impl InFlight {
    pub(crate) fn enter(&self) -> Entry {
        self.0.count.fetch_add(1, Ordering::Relaxed);
        Entry(self.clone())
    }

    /// Says that all that is left is about to be cut.
    pub(crate) fn cut(&self) {
        self.0.cut.store(true, Ordering::SeqCst);
    }

    /// Waits until none is left.
    pub(crate) async fn none(&self) {
        while self.0.count.load(Ordering::SeqCst) > 0 {
            tokio::time::sleep(PAUSE).await;
        }
    }
}

impl Entry {
    /// Whether an end before its time is the server's own doing.
    pub(crate) fn is_cut(&self) -> bool {
        self.0.0.cut.load(Ordering::SeqCst)
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        // Released, so that who sees none left sees what was done before, such as a line of the log.
        self.0.0.count.fetch_sub(1, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_last_one_is_waited_for() {
        let in_flight = InFlight::default();
        let (first, second) = (in_flight.enter(), in_flight.enter());
        let waiting = async { tokio::time::timeout(Duration::from_secs(1), in_flight.none()).await.is_err() };
        drop(first);
        assert!(waiting.await);
        drop(second);
        in_flight.none().await;
    }
}
