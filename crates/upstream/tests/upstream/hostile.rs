//! A server that means ill: whatever it sends, what it takes of us is bounded, and a client learns that it failed.

use std::iter::{once, repeat_n};

use antiphon_backend::{Context, ErrorKind, embed, embeddings};
use antiphon_types::json;

use crate::ask::{configured, cut, error, events, hello, streamed, until, upstream, whole};
use crate::fake::{Act, Fake};
use crate::http::{self, event, piece, stream_head, text};

/// Kernel buffers aside, which hold a few megabytes on both ends of a loopback.
const BUFFERS: usize = 16 << 20;

#[tokio::test]
async fn compressed_answer_is_not_unpacked() {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\ncontent-length: 10\r\n\r\n";
    let bomb = [head.as_bytes(), b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"].concat();
    let fake = Fake::start([vec![Act::Send(bomb)]]).await;
    assert_eq!(error(&upstream(&[&fake]), whole()).await.kind(), ErrorKind::Upstream);
}

#[tokio::test]
async fn head_without_end_is_no_head() {
    let line = format!("x-{}: {}\r\n", "n".repeat(100), "v".repeat(1 << 10));
    let head = once(Act::Send(b"HTTP/1.1 200 OK\r\n".to_vec()));
    let acts = head.chain(repeat_n(Act::Send(line.into_bytes()), 64 << 10)).chain([Act::Hang]);
    let fake = Fake::start([acts.collect()]).await;
    assert_eq!(error(&upstream(&[&fake]), streamed()).await.kind(), ErrorKind::Upstream);
    let sent = fake.settled().await;
    assert!(sent < BUFFERS, "{sent} bytes were taken");
}

#[tokio::test]
async fn interim_answers_without_end_are_no_answer() {
    let many = b"HTTP/1.1 100 Continue\r\n\r\n".repeat(1_000);
    let fake = Fake::start([repeat_n(Act::Send(many), 4_096).chain([Act::Hang]).collect()]).await;
    let upstream = configured(&[&fake], |config| config.first_byte_timeout_s = 0.1);
    assert_eq!(error(&upstream, streamed()).await.kind(), ErrorKind::Timeout);
}

#[tokio::test]
async fn refusal_without_end_is_read_as_far_as_it_is_of_use() {
    let head = b"HTTP/1.1 400 Bad\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    let body = repeat_n(piece(&"x".repeat(1 << 16)), 1_024);
    let acts = once(Act::Send(head.to_vec())).chain(body).chain([Act::Hang]);
    let fake = Fake::start([acts.collect()]).await;
    assert_eq!(error(&upstream(&[&fake]), whole()).await.kind(), ErrorKind::InvalidRequest);
    let sent = fake.settled().await;
    assert!(sent < BUFFERS, "{sent} of 64 MiB were taken");
}

#[tokio::test]
async fn refusal_that_dawdles_is_told_by_its_status() {
    let head = "HTTP/1.1 429 Slow\r\nretry-after: 7\r\ncontent-length: 100\r\n\r\n{";
    let fake = Fake::start([vec![Act::Send(head.into()), Act::Hang]]).await;
    let upstream = configured(&[&fake], |config| config.stall_timeout_s = 0.05);
    let error = error(&upstream, whole()).await;
    assert_eq!(
        (error.kind(), error.retry_after().map(|wait| wait.as_secs())),
        (ErrorKind::RateLimited, Some(7))
    );
}

#[tokio::test]
async fn stream_that_goes_on_after_its_end_has_ended() {
    let more = repeat_n(piece(&": more\n\n".repeat(1_000)), 4_096);
    let acts = [stream_head(), piece(&http::hello())].into_iter().chain(more).chain([Act::Hang]);
    let mut fake = Fake::start([acts.collect()]).await;
    assert_eq!(events(&upstream(&[&fake]), streamed()).await, hello());
    fake.left.recv().await.expect("its connection is closed");
}

#[tokio::test]
async fn stream_that_says_nothing_without_end_ends_in_time() {
    let nothing = repeat_n(piece(&": nothing\n\n".repeat(1_000)), 4_096);
    let acts = [stream_head(), piece(&event(&text("Hello ")))].into_iter().chain(nothing).chain([Act::Hang]);
    let fake = Fake::start([acts.collect()]).await;
    let upstream = configured(&[&fake], |config| config.total_timeout_s = 0.5);
    let (events, kind) = cut(&upstream, streamed()).await;
    assert_eq!((&events[..], kind), (&hello()[..1], ErrorKind::Timeout));
}

#[tokio::test]
async fn choices_that_were_not_asked_for_are_nonsense() {
    for index in [1, u32::MAX] {
        let choice = json!({"index": index, "delta": {"content": "x"}, "finish_reason": "stop"});
        let stream = vec![stream_head(), piece(&event(&json!({"choices": [choice]}))), Act::Hang];
        let fake = Fake::start([stream]).await;
        assert_eq!(error(&upstream(&[&fake]), streamed()).await.kind(), ErrorKind::Upstream);
    }
    let choice = |index| json!({"index": index, "message": {"content": "x"}, "finish_reason": "stop"});
    let two = json!({"choices": [choice(0), choice(1)]});
    let fake = Fake::start([http::json(200, "", &two.to_string())]).await;
    assert_eq!(error(&upstream(&[&fake]), whole()).await.kind(), ErrorKind::Upstream);
}

#[tokio::test]
async fn answers_of_other_media_types_and_statuses_are_none() {
    for media_type in ["text/plain", "text/html; charset=utf-8", "application/octet-stream", "image/png"] {
        let fake = Fake::start([http::reply(200, media_type, "", &http::hello())]).await;
        assert_eq!(error(&upstream(&[&fake]), streamed()).await.kind(), ErrorKind::Upstream, "{media_type}");
    }
    for head in
        ["HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n", "HTTP/1.1 204 No\r\n\r\n"]
    {
        let fake = Fake::start([vec![Act::Send(head.into()), Act::Close]]).await;
        assert_eq!(error(&upstream(&[&fake]), streamed()).await.kind(), ErrorKind::Upstream, "{head}");
    }
}

#[tokio::test]
async fn vectors_that_cannot_be_those_of_the_inputs_are_the_servers_fault() {
    let one = |index: u32, vector: &str| format!(r#"{{"index": {index}, "embedding": {vector}}}"#);
    for data in [
        String::new(),
        one(0, "[0.5]"),
        [one(0, "[0.5]"), one(1, "[0.5, 1]")].join(","),
        [one(0, "[0.5]"), one(1, "[1e39]")].join(","),
        [one(0, "[0.5]"), one(1, "\"????\"")].join(","),
    ] {
        let fake =
            Fake::start([http::json(200, "", &format!(r#"{{"model": "m", "data": [{data}]}}"#))]).await;
        let request = embeddings::Request::new("fast", vec!["a".to_owned(), "b".to_owned()]);
        let failed = embed(&upstream(&[&fake]), request, Context::new("test")).await;
        assert_eq!(failed.expect_err("no vectors").kind(), ErrorKind::Upstream, "{data}");
    }
}

#[tokio::test]
async fn replica_that_says_nothing_is_ejected_whichever_limit_is_the_shorter() {
    let fake = Fake::start([vec![Act::Hang]]).await;
    let upstream = configured(&[&fake], |config| {
        (config.total_timeout_s, config.eject_after, config.probe_interval_s) = (0.05, 1, 3_600.0);
    });
    assert_eq!(error(&upstream, streamed()).await.kind(), ErrorKind::Timeout);
    until(|| antiphon_backend::Backend::health(&upstream) != antiphon_backend::Health::Ready).await;
}
