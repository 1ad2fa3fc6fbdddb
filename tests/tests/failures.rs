//! Backends that fail: before the first token, later, by a panic, by a breach of their contract.

use std::sync::Arc;
use std::time::Duration;

use antiphon_backend::{Backend, BackendError, Context, ErrorKind, Event, EventStream, ModelInfo};
use antiphon_tests::{
    Connection, Request, Response, Scripted, Served, Step, Transcript, ask_model, send, streamed, with,
};
use antiphon_types::chat;
use serde_json::{Value, json};

use crate::errors::{assert_error, assert_invalid, error_of};
use crate::streams::scripted;

/// A backend that has too much to do.
pub(crate) fn overloaded() -> BackendError {
    BackendError::new(ErrorKind::Overloaded, "too much to do").with_retry_after(Duration::from_millis(1_500))
}

/// Sends a chat, whole and streamed, to a backend that fails first; gives both answers.
fn failing_first(error: fn() -> BackendError) -> [Response; 2] {
    let served = Served::start(Scripted::always([Step::Fail(error)]));
    let body = ask_model("scripted", "go");
    [body.clone(), streamed(body)].map(|body| send(served.address(), &Request::chat(&body)))
}

/// How a backend fails; the status, `type` and `code` owed to it.
type Row = (fn() -> BackendError, u16, &'static str, Option<&'static str>);

#[test]
fn wire_07_failure_before_first_token_has_its_status() {
    let rows: [Row; 8] = [
        (|| BackendError::new(ErrorKind::InvalidRequest, "no"), 400, "invalid_request_error", None),
        (
            || BackendError::new(ErrorKind::ContextLength, "long"),
            400,
            "invalid_request_error",
            Some("context_length_exceeded"),
        ),
        (
            || BackendError::new(ErrorKind::RateLimited, "slow down"),
            429,
            "requests",
            Some("rate_limit_exceeded"),
        ),
        (overloaded, 503, "service_unavailable_error", Some("server_is_overloaded")),
        (|| BackendError::new(ErrorKind::Unavailable, "away"), 503, "service_unavailable_error", None),
        (|| BackendError::new(ErrorKind::Upstream, "bad gateway"), 502, "server_error", None),
        (|| BackendError::new(ErrorKind::Timeout, "late"), 504, "server_error", Some("timeout")),
        (|| BackendError::new(ErrorKind::Internal, "secret detail"), 500, "server_error", None),
    ];
    for (error, status, kind, code) in rows {
        for response in failing_first(error) {
            assert_error(&error_of(&response, status), kind, None, code);
            assert!(!response.text().contains("secret"), "{}", response.text());
        }
    }
}

#[test]
fn wire_07_panic_before_first_token_is_a_500() {
    let served = Served::start(Scripted::always([Step::Panic("secret reason")]));
    let body = ask_model("scripted", "go");
    for body in [body.clone(), streamed(body)] {
        let response = send(served.address(), &Request::chat(&body));
        assert_error(&error_of(&response, 500), "server_error", None, None);
        assert!(!response.text().contains("secret"), "{}", response.text());
    }
}

#[test]
fn panic_in_chat_itself_fails_that_request_alone() {
    let served = Served::start(Scripted::new(|request| {
        assert!(request.messages[0].text() != "panic", "asked to");
        vec![Step::text("fine"), Step::stop()]
    }));
    let ask = |text: &str| send(served.address(), &Request::chat(&ask_model("scripted", text)));
    assert_error(&error_of(&ask("panic"), 500), "server_error", None, None);
    assert_eq!(ask("go").json()["choices"][0]["message"]["content"], "fine");
}

#[test]
fn wire_08_late_failure_is_one_error_event_then_done() {
    let overloaded = Step::Fail(overloaded);
    let transcript = scripted([Step::text("one "), Step::text("two "), overloaded, Step::text("late")]);
    assert_eq!(transcript.text(), "one two ");
    assert_eq!(transcript.finishes(0), [""; 0], "no finish reason that the backend did not give");
    let [error] = transcript.errors.as_slice() else { panic!("{transcript:#?}") };
    assert_error(error, "service_unavailable_error", None, Some("server_is_overloaded"));
}

#[test]
fn wire_08_stream_that_stops_without_finish_is_a_failure() {
    let transcript = scripted([Step::text("one ")]);
    assert_eq!((transcript.text().as_str(), transcript.errors.len()), ("one ", 1));
    assert_eq!(transcript.finishes(0), [""; 0]);
}

#[test]
fn wire_08_usage_is_not_sent_after_a_failure() {
    let served = Served::start(Scripted::always([Step::text("one "), Step::Fail(overloaded)]));
    let options = json!({"stream_options": {"include_usage": true}});
    let request = Request::chat(&streamed(with(ask_model("scripted", "go"), options)));
    let transcript = send(served.address(), &request).transcript();
    assert_eq!(transcript.errors.len(), 1);
    assert_eq!(transcript.usages(), Vec::<&Value>::new());
}

#[test]
fn wire_08_late_panic_is_one_error_event_and_the_others_go_on() {
    let gate = Arc::new(tokio::sync::Notify::new());
    let wait = Step::Wait(Arc::clone(&gate));
    let served = Served::start(Scripted::new(move |request| {
        if request.messages[0].text() == "panic" {
            vec![Step::text("one "), Step::Panic("secret reason")]
        } else {
            vec![Step::text("one "), wait.clone(), Step::text("two"), Step::stop()]
        }
    }));
    let request = |text: &str| Request::chat(&streamed(ask_model("scripted", text)));
    let mut other = Connection::open(served.address());
    other.send(&request("go").bytes());
    let head = other.head();

    let failed = send(served.address(), &request("panic"));
    assert!(!failed.text().contains("secret"), "{}", failed.text());
    let failed = failed.transcript();
    assert_eq!((failed.text().as_str(), failed.errors.len()), ("one ", 1));
    assert_error(&failed.errors[0], "server_error", None, None);
    assert_eq!(failed.finishes(0), [""; 0]);

    gate.notify_one();
    let body = other.body(&head);
    assert_eq!(Transcript::read(&body).text(), "one two");
}

#[test]
fn late_failure_of_a_whole_answer_has_its_status() {
    let served = Served::start(Scripted::always([Step::text("one "), Step::Fail(overloaded)]));
    let response = send(served.address(), &Request::chat(&ask_model("scripted", "go")));
    let error = error_of(&response, 503);
    assert_error(&error, "service_unavailable_error", None, Some("server_is_overloaded"));
}

#[test]
fn backend_names_param_and_code_of_its_errors() {
    let error =
        || BackendError::new(ErrorKind::Unsupported, "no").with_param("tools").with_code("unsupported_value");
    for response in failing_first(error) {
        assert_invalid(&response, Some("tools"), Some("unsupported_value"));
    }
}

#[test]
fn wire_30_overload_says_when_to_come_back() {
    for response in failing_first(overloaded) {
        assert_eq!(response.header("retry-after"), Some("2"));
        assert_eq!(response.header("retry-after-ms"), Some("1500"));
    }
}

/// A backend that breaks the contract: it goes on after its end.
struct PastItsEnd;

impl Backend for PastItsEnd {
    fn models(&self) -> Vec<ModelInfo> {
        vec![ModelInfo::new("past-its-end")]
    }

    fn chat(&self, _request: chat::Request, _context: Context) -> EventStream {
        let stop = Event::finish(chat::FinishReason::Stop);
        let events = [Event::text("one "), stop, Event::text("more")];
        Box::pin(futures_util::stream::iter(events.map(Ok)))
    }
}

#[test]
fn backend_that_breaks_its_contract_fails_that_request_with_an_error() {
    let served = Served::start(PastItsEnd);
    let whole = send(served.address(), &Request::chat(&ask_model("past-its-end", "go")));
    assert_error(&error_of(&whole, 500), "server_error", None, None);
    let body = streamed(ask_model("past-its-end", "go"));
    let transcript = send(served.address(), &Request::chat(&body)).transcript();
    assert_eq!(transcript.errors.len(), 1, "{transcript:#?}");
}
