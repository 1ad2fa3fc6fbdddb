//! A client that leaves stops the work done for it.

use std::net::Shutdown;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use antiphon_tests::{
    Connection, PATIENCE, Request, Scripted, Served, Sighting, Step, ask_model, input, prompt, streamed,
};

/// From the closing of the socket to the drop of the backend's stream.
const BOUND: Duration = Duration::from_millis(250);

/// How a client leaves.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Leave {
    /// It has read all that came: the socket closes with a FIN.
    Close,
    /// It leaves bytes unread: the socket closes with a RST.
    Reset,
    /// It closes its sending half alone.
    HalfClose,
}

/// Waits until the backend's stream rests for ever.
fn wait_until_it_hangs(sightings: &Receiver<Sighting>) {
    while sightings.recv_timeout(PATIENCE).expect("the backend is asked") != Sighting::Hangs {}
}

/// Leaves while the backend hangs after `text`, and holds its drop against the bound.
fn check(stream: bool, text: &[Step], leave: Leave) {
    let (backend, sightings) = Scripted::always([text, &[Step::Hang]].concat()).watched();
    let served = Served::start(backend);
    let body = ask_model("scripted", "go");
    let mut connection = Connection::open(served.address());
    connection.send(&Request::chat(&if stream { streamed(body) } else { body }).bytes());
    wait_until_it_hangs(&sightings);
    if stream && !text.is_empty() {
        if leave == Leave::Reset {
            // The head has come and is not read.
            connection.socket().peek(&mut [0]).expect("an answer has begun");
        } else {
            assert_eq!(connection.head().status, 200);
            let mut read = Vec::new();
            while !String::from_utf8_lossy(&read).contains("begin") {
                read.extend(connection.chunk().expect("the stream goes on"));
            }
        }
    }

    let left = Instant::now();
    let half_closed = if leave == Leave::HalfClose {
        connection.socket().shutdown(Shutdown::Write).expect("an open socket");
        Some(connection)
    } else {
        drop(connection);
        None
    };
    let dropped = match sightings.recv_timeout(PATIENCE) {
        Ok(Sighting::Dropped(at)) => at.saturating_duration_since(left),
        other => panic!("{other:?} after the client left"),
    };
    drop(half_closed);
    assert!(dropped <= BOUND, "the stream was dropped after {dropped:?}");
}

#[test]
fn wire_36_streaming_client_leaves_before_the_first_token() {
    check(true, &[], Leave::Close);
    check(true, &[], Leave::HalfClose);
}

#[test]
fn wire_36_streaming_client_leaves_in_mid_stream() {
    let begin = [Step::text("begin ")];
    check(true, &begin, Leave::Close);
    check(true, &begin, Leave::Reset);
    check(true, &begin, Leave::HalfClose);
}

#[test]
fn wire_36_waiting_client_leaves_before_the_first_token() {
    check(false, &[], Leave::Close);
    check(false, &[], Leave::HalfClose);
}

#[test]
fn wire_36_waiting_client_leaves_in_the_middle_of_the_work() {
    let begin = [Step::text("begin ")];
    check(false, &begin, Leave::Close);
    check(false, &begin, Leave::HalfClose);
}

/// Leaves a server that works on a request for ever, and holds the drop of the work against the bound.
fn check_other(backend: Scripted, request: &Request) {
    let (backend, sightings) = backend.watched();
    let served = Served::start(backend);
    let mut connection = Connection::open(served.address());
    connection.send(&request.bytes());
    wait_until_it_hangs(&sightings);
    let left = Instant::now();
    drop(connection);
    match sightings.recv_timeout(PATIENCE) {
        Ok(Sighting::Dropped(at)) => assert!(at.saturating_duration_since(left) <= BOUND, "{request:?}"),
        other => panic!("{other:?} after the client left"),
    }
}

#[test]
fn wire_36_client_of_a_completion_leaves() {
    let hanging = || Scripted::completing(|_| vec![Step::text("begin "), Step::Hang]);
    check_other(hanging(), &Request::completions(&prompt("p")));
    check_other(hanging(), &Request::completions(&streamed(prompt("p"))));
}

#[test]
fn wire_36_client_of_embeddings_leaves() {
    check_other(Scripted::embedding(|_| None), &Request::embeddings(&input("ab")));
}

#[test]
fn wire_36_all_choices_of_a_client_that_leaves_are_dropped() {
    let (backend, sightings) = Scripted::always([Step::text("begin "), Step::Hang]).watched();
    let served = Served::start(backend);
    let body = antiphon_tests::with(streamed(ask_model("scripted", "go")), serde_json::json!({"n": 3}));
    let mut connection = Connection::open(served.address());
    connection.send(&Request::chat(&body).bytes());
    (0..3).for_each(|_| wait_until_it_hangs(&sightings));
    drop(connection);
    let mut dropped = 0;
    while dropped < 3 {
        match sightings.recv_timeout(PATIENCE).expect("all streams are dropped") {
            Sighting::Dropped(_) => dropped += 1,
            other => panic!("{other:?} after the client left"),
        }
    }
}

#[test]
fn stream_is_dropped_at_its_end_though_the_connection_stays() {
    let (backend, sightings) = Scripted::always([Step::text("done"), Step::stop()]).watched();
    let served = Served::start(backend);
    let mut connection = Connection::open(served.address());
    connection.send(&Request::chat(&streamed(ask_model("scripted", "go"))).bytes());
    assert_eq!(connection.response().transcript().text(), "done");
    assert_eq!(sightings.recv_timeout(PATIENCE), Ok(Sighting::Called));
    assert!(matches!(sightings.recv_timeout(PATIENCE), Ok(Sighting::Dropped(_))));
}
