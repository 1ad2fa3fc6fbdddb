//! What clients see of a second server that refuses, fails or is left.

use std::net::TcpListener;
use std::time::{Duration, Instant};
use std::{env, fs, process};

use antiphon_backend::{BackendError, ErrorKind, Event, Place};
use antiphon_tests::{
    Antiphon, Connection, PATIENCE, Request, Response, Scripted, Served, Sighting, Step, ask_model, send,
    streamed, with,
};
use serde_json::json;

use super::{chain, in_front_of};

/// From the closing of the client's socket to the drop of the second server's stream, which two servers have to notice.
const BOUND: Duration = Duration::from_millis(250);

#[test]
fn model_that_the_upstream_does_not_know_is_named_as_it_was_asked_for() {
    for body in [ask_model("ghost", "hello"), streamed(ask_model("ghost", "hello"))] {
        let answer = send(chain().first.address(), &Request::chat(&body));
        let error = &answer.json()["error"];
        assert_eq!((answer.status(), &error["code"]), (404, &json!("model_not_found")));
        let message = error["message"].as_str().expect("a message");
        assert!(message.contains("`ghost`") && !message.contains("no-such"), "{message}");
    }
}

#[test]
fn upstream_that_is_gone_is_a_502() {
    let nobody =
        TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a free port");
    let first = in_front_of(nobody, "scripted");
    let answer = send(first.address(), &Request::chat(&streamed(ask_model("fast", "hello"))));
    assert_eq!((answer.status(), &answer.json()["error"]["type"]), (502, &json!("server_error")));
}

/// A second server that gives every request these steps, asked through a first.
fn through(steps: impl Into<Vec<Step>>) -> Response {
    let second = Served::start(Scripted::always(steps));
    let first = in_front_of(second.address(), "scripted");
    send(first.address(), &Request::chat(&streamed(ask_model("fast", "go"))))
}

#[test]
fn limit_of_the_upstream_is_handed_on_with_its_wait() {
    let answer = through([Step::Fail(|| {
        BackendError::new(ErrorKind::RateLimited, "org-7 asks too often")
            .with_retry_after(Duration::from_secs(7))
    })]);
    assert_eq!((answer.status(), answer.header("retry-after")), (429, Some("7")));
    assert!(!answer.text().contains("org-7"), "{}", answer.text());
}

#[test]
fn upstream_that_fails_in_mid_stream_is_an_error_and_not_an_end() {
    let answer =
        through([Step::text("begin "), Step::Fail(|| BackendError::new(ErrorKind::Upstream, "secret"))]);
    let transcript = answer.transcript();
    assert_eq!((&*transcript.text(), transcript.finishes(0).len()), ("begin ", 0));
    assert_eq!(transcript.errors.len(), 1);
    assert!(!transcript.errors[0].to_string().contains("secret"), "{:?}", transcript.errors);
}

#[test]
fn fields_of_the_second_server_come_through() {
    let steps = || {
        vec![
            Step::extra(Place::Answer, json!({"provider": "p"})),
            Step::Event(Event::reasoning("hm")),
            Step::extra(Place::Message(0), json!({"citations": ["u"]})),
            Step::text("begin"),
            Step::extra(Place::ToolCall { choice: 0, slot: 5 }, json!({"extra_content": {"signature": "s"}})),
            Step::Event(Event::tool_call(5, "call_1", "f")),
            Step::extra(Place::Choice(0), json!({"stop_reason": 7})),
            Step::stop(),
        ]
    };
    let transcript = through(steps()).transcript();
    let all = json!(transcript.chunks).to_string();
    for field in [
        r#""provider":"p""#,
        r#""citations":["u"]"#,
        r#""stop_reason":7"#,
        r#""extra_content":{"signature":"s"}"#,
    ] {
        assert!(all.contains(field), "no {field} in {all}");
    }
    assert_eq!(transcript.joined(0, "reasoning_content"), "hm");
    let second = Served::start(Scripted::always(steps()));
    let first = in_front_of(second.address(), "scripted");
    let whole = send(first.address(), &Request::chat(&ask_model("fast", "go"))).json();
    let choice = &whole["choices"][0];
    assert_eq!((&whole["provider"], &choice["stop_reason"]), (&json!("p"), &json!(7)));
    assert_eq!(
        (&choice["message"]["citations"], &choice["message"]["reasoning"]),
        (&json!(["u"]), &json!("hm"))
    );
    assert_eq!(choice["message"]["tool_calls"][0]["extra_content"], json!({"signature": "s"}));
}

#[test]
fn replica_that_goes_and_comes_back_is_logged_without_the_key() {
    let second = Served::start(Scripted::always([Step::Fail(|| {
        BackendError::new(ErrorKind::Upstream, "secret words")
    })]));
    let key = env::temp_dir().join(format!("antiphon-upstream-key-of-{}", process::id()));
    fs::write(&key, "sk-very-secret").expect("a temporary directory that can be written");
    let address = second.address();
    let first = Antiphon::with_config(&format!(
        "[[backends]]\nkind = \"upstream\"\nbase_urls = [\"http://{address}\"]\nmodels = [\"scripted\"]\n\
         api_key_file = \"{}\"\neject_after = 1\nprobe_interval_s = 0.05\n",
        key.display()
    ));
    assert_eq!(send(first.address(), &Request::chat(&ask_model("scripted", "hello"))).status(), 502);
    let deadline = Instant::now() + PATIENCE;
    while send(first.address(), &Request::get("/readyz")).status() != 200 {
        assert!(Instant::now() < deadline, "it does not come back");
    }
    fs::remove_file(key).expect("the file that was written");
    let log = first.stop("TERM").log;
    let told = |sentence: &str| {
        log.lines().any(|line| line.contains(sentence) && line.contains(&address.to_string()))
    };
    assert!(told("replica is asked no more") && told("replica is back"), "{log}");
    assert!(!log.contains("secret"), "{log}");
}

#[test]
fn client_that_leaves_the_first_server_stops_the_work_in_the_second() {
    for (body, begin) in [(json!({"stream": true}), vec![Step::text("begin ")]), (json!({}), vec![])] {
        let (backend, sightings) = Scripted::always([&begin[..], &[Step::Hang]].concat()).watched();
        let second = Served::start(backend);
        let first = in_front_of(second.address(), "scripted");
        let mut connection = Connection::open(first.address());
        connection.send(&Request::chat(&with(ask_model("fast", "go"), body)).bytes());
        while sightings.recv_timeout(PATIENCE).expect("the second is asked") != Sighting::Hangs {}
        let left = Instant::now();
        drop(connection);
        match sightings.recv_timeout(PATIENCE) {
            Ok(Sighting::Dropped(at)) => assert!(at.saturating_duration_since(left) <= BOUND),
            other => panic!("{other:?} after the client left"),
        }
    }
}
