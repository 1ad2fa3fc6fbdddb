//! What a server refuses, and what a client is told of it.

use std::time::Duration;

use antiphon_backend::ErrorKind;
use antiphon_types::json;

use crate::ask::{configured, error, streamed, upstream, whole};
use crate::fake::Fake;
use crate::http;

/// A refusal that names the model as the server does.
fn envelope(code: &str) -> String {
    let message = "no `m-8b` like that";
    json!({"error": {"message": message, "type": "invalid_request_error", "param": "n", "code": code}})
        .to_string()
}

#[tokio::test]
async fn fault_1_upstream_answers_429_and_the_wait_is_kept() {
    for (headers, wait) in [
        ("retry-after: 7\r\n", Some(7_000)),
        ("retry-after-ms: 1200\r\nretry-after: 7\r\n", Some(1_200)),
        ("", None),
    ] {
        let fake = Fake::start([http::json(429, headers, &envelope("rate_limit_exceeded"))]).await;
        for request in [streamed(), whole()] {
            let error = error(&upstream(&[&fake]), request).await;
            assert_eq!((error.kind(), error.code()), (ErrorKind::RateLimited, Some("rate_limit_exceeded")));
            assert_eq!(error.retry_after(), wait.map(Duration::from_millis));
        }
        assert_eq!(fake.requests().len(), 2, "whoever is limited is not asked again");
    }
}

#[tokio::test]
async fn fault_1_upstream_answers_5xx() {
    for (status, headers, kind) in [
        (500, "", ErrorKind::Upstream),
        (502, "", ErrorKind::Upstream),
        (503, "", ErrorKind::Upstream),
        (503, "retry-after: 3\r\n", ErrorKind::Overloaded),
        (504, "", ErrorKind::Timeout),
    ] {
        let fake = Fake::start([http::json(status, headers, &envelope("x"))]).await;
        let error = error(&upstream(&[&fake]), whole()).await;
        assert_eq!(error.kind(), kind, "{status}");
        assert!(!error.to_string().contains("m-8b"), "{error}");
        assert_eq!(error.retry_after(), (!headers.is_empty()).then_some(Duration::from_secs(3)));
    }
}

#[tokio::test]
async fn callers_mistake_is_told_in_the_upstreams_words_with_the_callers_model() {
    for (status, kind) in
        [(400, ErrorKind::InvalidRequest), (404, ErrorKind::NotFound), (422, ErrorKind::InvalidRequest)]
    {
        let fake = Fake::start([http::json(status, "", &envelope("some_code"))]).await;
        let error = error(&upstream(&[&fake]), streamed()).await;
        assert_eq!((error.kind(), error.param(), error.code()), (kind, Some("n"), Some("some_code")));
        assert_eq!(error.to_string(), "no `fast` like that");
    }
}

#[tokio::test]
async fn refused_key_is_ours_to_hide() {
    let body =
        json!({"error": {"message": "Incorrect API key provided: sk-secret.", "code": "invalid_api_key"}});
    for status in [401, 403] {
        let fake = Fake::start([http::json(status, "", &body.to_string())]).await;
        let upstream = configured(&[&fake], |config| config.api_key_env = Some("KEY".to_owned()));
        let error = error(&upstream, whole()).await;
        assert_eq!((error.kind(), error.code()), (ErrorKind::Upstream, None));
        assert!(!format!("{error} {error:?} {upstream:?}").contains("sk-secret"), "{error:?}");
    }
}

#[tokio::test]
async fn wrong_address_is_not_the_callers_mistake() {
    let unknown = json!({"error": {"message": "Unknown request URL", "code": "unknown_url"}}).to_string();
    for body in [unknown, json!({"detail": "Not Found"}).to_string()] {
        let fake = Fake::start([http::json(404, "", &body)]).await;
        assert_eq!(error(&upstream(&[&fake]), whole()).await.kind(), ErrorKind::Upstream);
    }
}

#[tokio::test]
async fn error_in_the_place_of_a_stream_or_an_answer_has_its_kind() {
    let error_body = json!({"error": {"message": "too long", "type": "invalid_request_error",
        "param": "messages", "code": "context_length_exceeded"}});
    let stream = format!("{}data: [DONE]\n\n", http::event(&error_body));
    let streams = vec![http::stream_head(), http::piece(&stream), http::stream_end()];
    for (acts, request) in [(streams, streamed()), (http::json(200, "", &error_body.to_string()), whole())] {
        let fake = Fake::start([acts]).await;
        let error = error(&upstream(&[&fake]), request).await;
        assert_eq!((error.kind(), error.to_string()), (ErrorKind::ContextLength, "too long".to_owned()));
    }
}
