//! The binary as a process: what it says, how it ends.

use std::time::{Duration, Instant};

use antiphon_tests::{Antiphon, Connection, ECHO_ALONE, Request, Transcript, ask, send, streamed, with};
use serde_json::{Value, json};

/// The lines of a log that are about requests.
fn requests(log: &str) -> Vec<Value> {
    let lines = log.lines().map(|line| serde_json::from_str::<Value>(line).expect("a line of JSON"));
    lines.filter(|line| line["message"] == "request").collect()
}

#[test]
fn answer_in_flight_ends_whole_after_sigterm_or_sigint() {
    for signal in ["TERM", "INT"] {
        let antiphon = Antiphon::with_config(&format!("{ECHO_ALONE}token_delay_ms = 50\n"));
        let mut connection = Connection::open(antiphon.address());
        connection.send(&Request::chat(&streamed(ask("hello there"))).bytes());
        let head = connection.head();
        antiphon.signal(signal);
        let transcript = Transcript::read(&connection.body(&head));
        assert!(transcript.text().ends_with("hello there"), "{signal}: {transcript:#?}");
        drop(connection);
        assert_eq!(antiphon.wait().code, Some(0), "{signal}");
    }
}

/// Asks for a stream that has begun and for a whole answer that has not, neither of which ends in time.
fn unending(antiphon: &Antiphon) -> [Connection; 2] {
    let mut stream = Connection::open(antiphon.address());
    stream.send(&Request::chat(&streamed(ask("hello there"))).bytes());
    stream.head();
    let mut whole = Connection::open(antiphon.address());
    whole.send(&Request::chat(&ask("hello there")).header("expect", "100-continue").bytes());
    // Sent as the request is taken up.
    assert_eq!(whole.head().status, 100);
    [stream, whole]
}

/// A configuration under which no answer ends in time.
fn endless(grace: u64) -> String {
    format!(
        "[log]\nformat = \"json\"\n[server]\nshutdown_timeout_s = {grace}\n\
         {ECHO_ALONE}token_delay_ms = 30000\nfirst_token_delay_ms = 0\n"
    )
}

/// Asserts that both requests of [`unending`] have a line that says who ended them.
fn assert_cut(log: &str) {
    let mut ends: Vec<_> =
        requests(log).iter().map(|line| (line["outcome"].clone(), line["status"].clone())).collect();
    ends.sort_by_key(|(_, status)| status.as_u64());
    assert_eq!(ends, [(json!("cut"), Value::Null), (json!("cut"), json!(200))], "{log}");
}

#[test]
fn second_signal_ends_the_process_at_once() {
    let antiphon = Antiphon::with_config(&endless(60));
    let _connections = unending(&antiphon);
    let told = Instant::now();
    antiphon.signal("TERM");
    antiphon.signal("INT");
    let ended = antiphon.wait();
    assert_eq!(ended.code, Some(0));
    // Half of the grace that the first signal gives.
    assert!(told.elapsed() < Duration::from_secs(30), "after {:?}", told.elapsed());
    assert_cut(&ended.log);
}

#[test]
fn end_of_the_grace_cuts_what_is_left() {
    let antiphon = Antiphon::with_config(&endless(0));
    let _connections = unending(&antiphon);
    let ended = antiphon.stop("TERM");
    assert_eq!(ended.code, Some(0));
    assert_cut(&ended.log);
}

#[test]
fn client_that_leaves_within_its_body_is_logged_as_one() {
    let antiphon = Antiphon::with_config("[log]\nformat = \"json\"\n");
    let mut connection = Connection::open(antiphon.address());
    let request = Request::new("POST", "/v1/chat/completions").header("content-length", "100");
    connection.send(&request.header("expect", "100-continue").head());
    // The request is being answered: it is one, however soon the server is told to stop.
    assert_eq!(connection.head().status, 100);
    connection.send(b"{\"model\":");
    drop(connection);
    let log = antiphon.stop("TERM").log;
    let [line] = &requests(&log)[..] else { panic!("{log}") };
    assert_eq!((&line["status"], &line["outcome"]), (&json!(499), &json!("client left")));
}

#[test]
fn head_that_cannot_be_read_is_no_error_of_the_server() {
    let antiphon = Antiphon::with_config("[log]\nformat = \"json\"\n");
    for head in ["GET / HTTP/1.1\r\n\r\n", "nonsense\r\n\r\n"] {
        let mut connection = Connection::open(antiphon.address());
        connection.send(head.as_bytes());
        assert_eq!(connection.response().status(), 400);
        assert_eq!(connection.rest(), b"");
    }
    let log = antiphon.stop("TERM").log;
    assert!(!log.contains("ERROR"), "{log}");
}

#[test]
fn refused_request_is_logged_with_the_model_that_it_names() {
    let antiphon = Antiphon::with_config("[log]\nformat = \"json\"\n");
    let bodies = [
        with(ask("hello"), json!({"n": 0})),
        with(ask("hello"), json!({"model": "m".repeat(10_000)})),
        json!({"model": 5}),
    ];
    for body in &bodies {
        assert_eq!(send(antiphon.address(), &Request::chat(body)).status(), 400);
    }
    let log = antiphon.stop("TERM").log;
    let models: Vec<_> = requests(&log).iter().map(|line| line["model"].clone()).collect();
    assert_eq!(models[0], "echo", "{log}");
    let cut = models[1].as_str().unwrap_or_default();
    assert!(cut.starts_with("mmm") && cut.len() < 1_100, "{log}");
    assert_eq!(models[2], Value::Null, "{log}");
}

#[test]
fn log_has_a_line_a_request_and_nothing_that_was_said() {
    let antiphon = Antiphon::with_config("[log]\nformat = \"json\"\n");
    let secret = "a-word-that-nobody-else-says";
    for body in [ask(secret), streamed(ask(secret))] {
        let request = Request::chat(&body).header("authorization", "Bearer sk-a-key-of-mine");
        assert_eq!(send(antiphon.address(), &request).status(), 200);
    }
    let ended = antiphon.stop("TERM");
    assert_eq!(ended.code, Some(0));
    assert!(!ended.log.contains(secret) && !ended.log.contains("sk-a-key"), "{}", ended.log);
    let requests = requests(&ended.log);
    assert_eq!(requests.len(), 2, "{}", ended.log);
    for line in requests {
        assert_eq!((&line["method"], &line["model"]), (&json!("POST"), &json!("echo")));
        assert_eq!((&line["status"], &line["outcome"]), (&json!(200), &json!("complete")));
        for field in ["duration_ms", "prompt_tokens", "completion_tokens"] {
            assert!(line[field].is_number(), "{field} is not in {line}");
        }
    }
}
