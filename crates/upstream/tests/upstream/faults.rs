//! What a server does wrong after it took a request.

use antiphon_backend::{ErrorKind, Event, chat::FinishReason};
use antiphon_types::json;

use crate::ask::{all, configured, cut, error, events, hello, streamed, upstream, whole};
use crate::fake::{Act, Fake};
use crate::http::{
    self, coded, event, hello_streamed, hello_whole, piece, reply, stop, stream_end, stream_head, text, usage,
};

/// An address at which nothing listens.
async fn nobody() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    format!("http://{}/v1", listener.local_addr().expect("an address"))
}

#[tokio::test]
async fn fault_1_upstream_refuses_connections() {
    let address = nobody().await;
    let upstream = configured(&[], |config| config.base_urls = vec![address.clone()]);
    for request in [streamed(), whole()] {
        let error = error(&upstream, request).await;
        assert_eq!(error.kind(), ErrorKind::Upstream);
        assert_eq!(error.to_string(), "The server behind this model cannot be reached.");
    }
}

#[tokio::test]
async fn fault_1_upstream_never_answers() {
    let fake = Fake::start([vec![Act::Hang]]).await;
    let upstream = configured(&[&fake], |config| config.first_byte_timeout_s = 0.05);
    for request in [streamed(), whole()] {
        assert_eq!(error(&upstream, request).await.kind(), ErrorKind::Timeout);
    }
    // Not asked again: it may be at work on the first.
    assert_eq!(fake.requests().len(), 2);
}

#[tokio::test]
async fn fault_1_upstream_answers_a_head_and_no_more() {
    let fake = Fake::start([vec![stream_head(), Act::Hang]]).await;
    let upstream = configured(&[&fake], |config| config.first_byte_timeout_s = 0.05);
    assert_eq!(error(&upstream, streamed()).await.kind(), ErrorKind::Timeout);
}

#[tokio::test]
async fn fault_1_upstream_falls_silent_in_mid_stream() {
    let fake = Fake::start([vec![stream_head(), piece(&event(&text("Hello "))), Act::Hang]]).await;
    let upstream = configured(&[&fake], |config| config.stall_timeout_s = 0.05);
    let expected = (vec![Event::text("Hello ")], ErrorKind::Timeout);
    assert_eq!(cut(&upstream, streamed()).await, expected);
}

#[tokio::test]
async fn fault_1_upstream_takes_longer_than_an_answer_may() {
    let fake = Fake::start([vec![stream_head(), piece(&event(&text("Hello "))), Act::Hang]]).await;
    let upstream = configured(&[&fake], |config| config.total_timeout_s = 0.05);
    let expected = (vec![Event::text("Hello ")], ErrorKind::Timeout);
    assert_eq!(cut(&upstream, streamed()).await, expected);
}

#[tokio::test]
async fn fault_1_upstream_resets_after_events() {
    for end in [Act::Reset, Act::Close] {
        let fake = Fake::start([vec![stream_head(), piece(&event(&text("Hello "))), end]]).await;
        let expected = (vec![Event::text("Hello ")], ErrorKind::Upstream);
        assert_eq!(cut(&upstream(&[&fake]), streamed()).await, expected);
        assert_eq!(fake.requests().len(), 1, "a stream that has begun is never asked for again");
    }
}

#[tokio::test]
async fn fault_1_upstream_resets_before_an_answer_and_is_asked_once_more() {
    for end in [Act::Reset, Act::Close] {
        let fake = Fake::start([vec![end.clone()], hello_streamed()]).await;
        assert_eq!(events(&upstream(&[&fake]), streamed()).await, hello());
        assert_eq!(fake.requests().len(), 2);

        let fake = Fake::start([vec![end]]).await;
        assert_eq!(error(&upstream(&[&fake]), streamed()).await.kind(), ErrorKind::Upstream);
        assert_eq!(fake.requests().len(), 2, "once more, and not for ever");
    }
}

#[tokio::test]
async fn fault_1_request_that_may_not_be_repeated_is_not() {
    let fake = Fake::start([vec![Act::Reset]]).await;
    let mut stored = streamed();
    stored.store = Some(true);
    assert_eq!(error(&upstream(&[&fake]), stored).await.kind(), ErrorKind::Upstream);
    assert_eq!(fake.requests().len(), 1);
}

#[tokio::test]
async fn fault_1_upstream_ends_without_done() {
    let check = async |body: &str, events: Vec<Event>| {
        let fake = Fake::start([vec![stream_head(), piece(body), stream_end()]]).await;
        assert_eq!(cut(&upstream(&[&fake]), streamed()).await, (events, ErrorKind::Upstream), "{body}");
    };
    let said = Event::text("Hello ");
    let begun = event(&text("Hello "));
    check(&begun, vec![said.clone()]).await;
    // Nor does `[DONE]` end what has not finished.
    check(&format!("{begun}data: [DONE]\n\n"), vec![said.clone()]).await;
    let finished = format!("{begun}{}", event(&stop()));
    check(&finished, vec![said, Event::finish(FinishReason::Stop)]).await;
}

#[tokio::test]
async fn stream_that_told_finish_and_usage_is_whole_without_done() {
    let body = format!("{}{}{}", event(&text("Hello ")), event(&stop()), event(&usage()));
    let fake = Fake::start([vec![stream_head(), piece(&body), stream_end()]]).await;
    let events = events(&upstream(&[&fake]), streamed()).await;
    assert_eq!(events.last(), hello().last());
}

#[tokio::test]
async fn fault_1_upstream_splits_events_at_every_byte() {
    // As one piece of the coding that comes byte by byte, and as pieces of one byte.
    let dripped = vec![stream_head(), Act::Drip(coded(&http::hello())), stream_end()];
    let bytes: Vec<_> = http::hello().bytes().map(|byte| coded(&char::from(byte).to_string())).collect();
    let split = vec![stream_head(), Act::Send(bytes.concat()), stream_end()];
    for acts in [dripped, split] {
        let fake = Fake::start([acts]).await;
        assert_eq!(events(&upstream(&[&fake]), streamed()).await, hello());
    }
}

#[tokio::test]
async fn fault_1_upstream_sends_a_line_without_end() {
    let line = "x".repeat(1 << 16);
    let mut acts = vec![stream_head(), piece("data: ")];
    acts.extend(std::iter::repeat_n(piece(&line), 20));
    acts.push(Act::Hang);
    let fake = Fake::start([acts]).await;
    assert_eq!(error(&upstream(&[&fake]), streamed()).await.kind(), ErrorKind::Upstream);
}

#[tokio::test]
async fn fault_1_upstream_answers_html() {
    for status in [200, 404, 500, 502, 503] {
        let fake = Fake::start([reply(status, "text/html", "", "<html>secret page of gpu-1</html>")]).await;
        for request in [streamed(), whole()] {
            let error = error(&upstream(&[&fake]), request).await;
            assert_eq!(error.kind(), ErrorKind::Upstream, "{status}");
            assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
        }
    }
}

#[tokio::test]
async fn fault_1_upstream_answers_nonsense() {
    for body in ["", "{", "[]", r#"{"choices": []}"#, r#"{"choices": [{"message": {"content": "no end"}}]}"#]
    {
        let fake = Fake::start([http::json(200, "", body)]).await;
        assert_eq!(error(&upstream(&[&fake]), whole()).await.kind(), ErrorKind::Upstream, "{body}");
    }
    let fake = Fake::start([vec![stream_head(), piece("data: {\"choices\": 7}\n\n"), Act::Hang]]).await;
    assert_eq!(error(&upstream(&[&fake]), streamed()).await.kind(), ErrorKind::Upstream);
}

#[tokio::test]
async fn fault_1_redirect_is_not_followed_and_the_key_not_sent_on() {
    let other = Fake::start([hello_whole()]).await;
    let location = format!("location: http://{}/v1/chat/completions\r\n", other.address());
    for status in [301, 302, 307, 308] {
        let fake = Fake::start([reply(status, "text/html", &location, "moved")]).await;
        let upstream = configured(&[&fake], |config| config.api_key_env = Some("KEY".to_owned()));
        assert_eq!(error(&upstream, whole()).await.kind(), ErrorKind::Upstream, "{status}");
        assert_eq!(fake.requests()[0].header("authorization"), Some("Bearer sk-secret"));
    }
    assert_eq!(other.requests().len(), 0);
}

#[tokio::test]
async fn fault_1_error_in_mid_stream_is_one_and_not_an_end() {
    let failing = |error: &str| {
        let body = format!("{}{error}data: [DONE]\n\n", event(&text("Hello ")));
        vec![stream_head(), piece(&body), stream_end()]
    };
    let secret = json!({"error": {"message": "gpu-1 secret", "type": "server_error", "code": null}});
    for told in [
        event(&secret),
        format!("event: error\ndata: {}\n\n", secret["error"]),
        event(&json!({"object": "error", "message": "gpu-1 secret", "code": 500})),
    ] {
        let fake = Fake::start([failing(&told)]).await;
        let mut items = all(&upstream(&[&fake]), streamed()).await;
        let error = items.pop().expect("an item").expect_err("an error");
        assert_eq!(error.kind(), ErrorKind::Upstream);
        assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
        assert_eq!(items.len(), 1);
    }
}

#[tokio::test]
async fn fault_1_whole_answer_that_is_cut_fails() {
    let Act::Send(bytes) = hello_whole().remove(0) else { panic!("it is sent") };
    let cut = Act::Send(bytes[..bytes.len() - 9].to_vec());
    let fake = Fake::start([vec![cut, Act::Close]]).await;
    assert_eq!(error(&upstream(&[&fake]), whole()).await.kind(), ErrorKind::Upstream);
    assert_eq!(fake.requests().len(), 2, "nothing of it was passed on");
}
