//! The check that work stops when nobody waits for it.

use std::time::{Duration, Instant};

use antiphon_types::chat;
use futures_util::{FutureExt, StreamExt};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::probe::failed;
use super::{Failure, Probe};
use crate::Context;
use crate::adapt::guard;

/// How soon after its stream is dropped a generation has ended.
pub const CANCELLED_WITHIN: Duration = Duration::from_millis(250);

/// A stream that is dropped leaves no work behind.
///
/// Neither before its first event nor after it, 250 ms later. Seen by the clones of the context: work that
/// goes on holds one. The drop itself may wait for the work, for as long.
///
/// # Errors
/// When the work still went on, or the drop took longer; or why there is no first event.
pub async fn cancellation(probe: &Probe) -> Result<(), Failure> {
    let request = probe.request("Count from one to a thousand, in words.");
    before_first_event(probe, request.clone()).await?;
    after_first_event(probe, request).await
}

async fn before_first_event(probe: &Probe, request: chat::Request) -> Result<(), Failure> {
    let (context, released) = watched();
    let mut stream = guard(context, |context| probe.chat(request, context));
    // Polled once, for a stream does not begin before.
    drop(stream.next().now_or_never());
    released_by(stream, &released, "before its first event").await
}

async fn after_first_event(probe: &Probe, request: chat::Request) -> Result<(), Failure> {
    let (context, released) = watched();
    let mut stream = guard(context, |context| probe.chat(request, context));
    if let Some(Err(error)) = probe.in_patience(stream.next()).await? {
        return Err(failed(&error));
    }
    released_by(stream, &released, "after its first event").await
}

/// A context, and a token that is cancelled with the last clone of it.
fn watched() -> (Context, CancellationToken) {
    let released = CancellationToken::new();
    (Context::new("conformance").with_guard(released.clone().drop_guard()), released)
}

async fn released_by<S>(stream: S, released: &CancellationToken, moment: &str) -> Result<(), Failure> {
    let start = Instant::now();
    drop(stream);
    let Some(left) = CANCELLED_WITHIN.checked_sub(start.elapsed()) else {
        let reason = format!("a stream was dropped {moment}, and that took longer than {CANCELLED_WITHIN:?}");
        return Err(Failure(reason));
    };
    let late =
        |_| Failure(format!("{CANCELLED_WITHIN:?} after a stream was dropped {moment}, its work went on"));
    timeout(left, released.cancelled()).await.map_err(late)
}
