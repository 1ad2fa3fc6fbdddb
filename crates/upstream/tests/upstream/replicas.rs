//! Several replicas of one server, some of which fail.

use std::sync::Arc;

use antiphon_backend::{Backend, Context, ErrorKind, Health, StreamExt};
use tokio::sync::Notify;
use tokio::time::timeout;

use crate::ask::{PATIENCE, configured, cut, error, events, hello, streamed, upstream};
use crate::fake::{Act, Fake};
use crate::http::{self, event, hello_streamed, piece, stream_head, text};

#[tokio::test]
async fn replica_that_fails_before_an_answer_is_passed_over() {
    let failing = [
        vec![Act::Reset],
        vec![Act::Close],
        http::json(500, "", "{}"),
        http::json(503, "retry-after: 9\r\n", "{}"),
        vec![stream_head(), Act::Reset],
    ];
    for acts in failing {
        let [bad, good] = [Fake::start([acts]).await, Fake::start([hello_streamed()]).await];
        let upstream = upstream(&[&bad, &good]);
        for _ in 0..4 {
            assert_eq!(events(&upstream, streamed()).await, hello());
        }
        assert!(!bad.requests().is_empty(), "it was never asked");
    }
}

#[tokio::test]
async fn stream_that_has_begun_is_not_begun_again_elsewhere() {
    let begun = vec![stream_head(), piece(&event(&text("Hello "))), Act::Reset];
    let fakes = [Fake::start([begun.clone()]).await, Fake::start([begun]).await];
    let upstream = upstream(&[&fakes[0], &fakes[1]]);
    let items: Vec<_> = upstream.chat(streamed(), Context::new("test")).collect().await;
    assert_eq!((items.len(), items[1].is_err()), (2, true));
    assert_eq!(fakes.iter().map(|fake| fake.requests().len()).sum::<usize>(), 1);
}

#[tokio::test]
async fn least_busy_replica_is_asked() {
    let gate = Arc::new(Notify::new());
    let holding = vec![stream_head(), piece(&event(&text("Hello "))), Act::Wait(Arc::clone(&gate))];
    let fakes = [Fake::start([holding.clone()]).await, Fake::start([holding]).await];
    let upstream = upstream(&[&fakes[0], &fakes[1]]);
    let mut held = Vec::new();
    for _ in 0..6 {
        let mut stream = upstream.chat(streamed(), Context::new("test"));
        stream.next().await.expect("an event").expect("a text");
        held.push(stream);
    }
    assert_eq!(fakes.each_ref().map(|fake| fake.requests().len()), [3, 3]);
}

#[tokio::test]
async fn replica_that_fails_again_and_again_is_asked_no_more_until_a_probe_succeeds() {
    let [bad, good] = [Fake::start([http::json(500, "", "{}")]).await, Fake::start([hello_streamed()]).await];
    bad.set_list(http::json(500, "", "{}"));
    let upstream = configured(&[&bad, &good], |config| {
        (config.eject_after, config.probe_interval_s) = (2, 0.01);
    });
    for _ in 0..10 {
        assert_eq!(events(&upstream, streamed()).await, hello());
    }
    assert_eq!(bad.requests().len(), 2);
    bad.set_script(hello_streamed());
    bad.set_list(http::json(200, "", r#"{"data": []}"#));
    // It is asked again once a probe has found it, however long that takes.
    let found = async {
        while bad.requests().len() == 2 {
            assert_eq!(events(&upstream, streamed()).await, hello());
        }
    };
    timeout(PATIENCE, found).await.expect("it comes back");
}

#[tokio::test]
async fn where_all_fail_the_client_learns_why_and_the_health_tells() {
    let fakes =
        [Fake::start([http::json(500, "", "{}")]).await, Fake::start([http::json(500, "", "{}")]).await];
    let upstream = configured(&[&fakes[0], &fakes[1]], |config| config.eject_after = 1);
    assert_eq!(upstream.health(), Health::Ready);
    for _ in 0..3 {
        assert_eq!(error(&upstream, streamed()).await.kind(), ErrorKind::Upstream);
    }
    assert_eq!(upstream.health(), Health::Unready("no replica of the upstream answers".to_owned()));
}

#[tokio::test]
async fn answers_that_take_longer_than_ours_may_eject_nobody() {
    let fake = Fake::start([vec![stream_head(), piece(&event(&text("Hello "))), Act::Hang]]).await;
    let upstream = configured(&[&fake], |config| (config.eject_after, config.total_timeout_s) = (1, 0.05));
    cut(&upstream, streamed()).await;
    assert_eq!(upstream.health(), Health::Ready);
}

#[tokio::test]
async fn callers_mistakes_eject_nobody() {
    let fake = Fake::start([http::json(400, "", "{}")]).await;
    let upstream = configured(&[&fake], |config| config.eject_after = 1);
    error(&upstream, streamed()).await;
    assert_eq!(upstream.health(), Health::Ready);
}
