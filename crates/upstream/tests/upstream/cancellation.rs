//! A client that leaves, and a server that is left.

use std::time::{Duration, Instant};

use antiphon_backend::{Backend, Context, StreamExt, embeddings};
use futures_util::FutureExt;
use tokio::time::timeout;

use crate::ask::{PATIENCE, streamed, until, upstream, whole};
use crate::fake::{Act, Fake};
use crate::http::{event, piece, stream_head, text};

/// From the drop of the stream to the close of the upstream's connection.
const BOUND: Duration = Duration::from_millis(250);

/// Drops what is under way, and holds the close of its connection against the bound.
async fn check_left(mut fake: Fake, work: impl Sized) {
    while fake.left.try_recv().is_ok() {}
    let dropped = Instant::now();
    drop(work);
    let left = timeout(PATIENCE, fake.left.recv()).await.expect("the connection is closed").expect("a time");
    let took = left.saturating_duration_since(dropped);
    assert!(took <= BOUND, "the connection was closed after {took:?}");
}

/// Works on something until the server has its request.
async fn until_asked<T>(fake: &Fake, work: &mut (impl Future<Output = T> + Unpin)) {
    tokio::select! {
        _ = work => panic!("it hangs"),
        () = until(|| !fake.requests().is_empty()) => {}
    }
}

#[tokio::test]
async fn fault_2_client_leaves_before_the_first_event() {
    for (acts, request) in [
        (vec![Act::Hang], streamed()),
        (vec![Act::Hang], whole()),
        (vec![stream_head(), Act::Hang], streamed()),
    ] {
        let fake = Fake::start([acts]).await;
        let upstream = upstream(&[&fake]);
        let mut stream = upstream.chat(request, Context::new("test"));
        until_asked(&fake, &mut stream.next()).await;
        check_left(fake, stream).await;
    }
}

#[tokio::test]
async fn fault_2_client_leaves_in_mid_stream() {
    let fake = Fake::start([vec![stream_head(), piece(&event(&text("Hello "))), Act::Hang]]).await;
    let upstream = upstream(&[&fake]);
    let mut stream = upstream.chat(streamed(), Context::new("test"));
    stream.next().await.expect("an event").expect("a text");
    assert!(stream.next().now_or_never().is_none());
    check_left(fake, stream).await;
}

#[tokio::test]
async fn fault_2_client_of_embeddings_leaves() {
    let fake = Fake::start([vec![Act::Hang]]).await;
    let upstream = upstream(&[&fake]);
    let mut work = upstream.embed(embeddings::Request::new("fast", "a"), Context::new("test"));
    until_asked(&fake, &mut work).await;
    check_left(fake, work).await;
}

/// A reader that reads no more holds the server back: what is kept for it is a few buffers, and not the answer.
#[tokio::test]
async fn fault_3_reader_that_stops_stops_the_server() {
    let many = event(&text(&"x".repeat(1 << 14)));
    let endless = std::iter::once(stream_head()).chain(std::iter::repeat_n(piece(&many), 4_096));
    let fake = Fake::start([endless.chain([Act::Close]).collect()]).await;
    let upstream = upstream(&[&fake]);
    let mut stream = upstream.chat(streamed(), Context::new("test"));
    stream.next().await.expect("an event").expect("a text");
    let sent = fake.settled().await;
    // Kernel buffers aside, which hold a few megabytes on both ends of a loopback.
    assert!(sent < 32 << 20, "{sent} of 64 MiB were taken from the server");
    check_left(fake, stream).await;
}
