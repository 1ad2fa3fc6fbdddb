//! The binary as a process: what it says, how it ends.

use std::time::{Duration, Instant};

use antiphon_tests::{Antiphon, Connection, ECHO_ALONE, Request, Transcript, ask, send, streamed};

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

#[test]
fn second_signal_ends_the_process_at_once() {
    let antiphon =
        Antiphon::with_config(&format!("{ECHO_ALONE}token_delay_ms = 30000\nfirst_token_delay_ms = 0\n"));
    let mut connection = Connection::open(antiphon.address());
    connection.send(&Request::chat(&streamed(ask("hello there"))).bytes());
    connection.head();
    let told = Instant::now();
    antiphon.signal("TERM");
    antiphon.signal("INT");
    assert_eq!(antiphon.wait().code, Some(0));
    // Half of the grace that the first signal gives.
    assert!(told.elapsed() < Duration::from_secs(30), "after {:?}", told.elapsed());
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
    let lines: Vec<serde_json::Value> =
        ended.log.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect();
    let requests: Vec<_> = lines.iter().filter(|line| line["path"] == "/v1/chat/completions").collect();
    assert_eq!(requests.len(), 2, "{}", ended.log);
    for line in requests {
        assert_eq!(
            (&line["method"], &line["model"], &line["status"]),
            (&"POST".into(), &"echo".into(), &200.into())
        );
        for field in ["duration_ms", "prompt_tokens", "completion_tokens"] {
            assert!(line[field].is_number(), "{field} is not in {line}");
        }
    }
}
