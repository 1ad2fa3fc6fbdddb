//! From the greeting to the end of a server.

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::process::Server;

/// Asks for the list of models and returns the whole answer.
fn models(address: &str) -> String {
    let mut connection = TcpStream::connect(address).unwrap();
    let request = format!("GET /v1/models HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    connection.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn greeting_is_one_line_with_a_request_to_try() {
    let server = Server::start(&[]);
    let url = format!("http://{}", server.address());
    let expected = format!(
        "Listening on {url}, try: curl {url}/v1/chat/completions -H content-type:application/json \
         -d '{{\"model\":\"echo\",\"messages\":[{{\"role\":\"user\",\"content\":\"Hello\"}}]}}'\n"
    );
    assert_eq!(server.greeting, expected);
}

#[test]
fn port_0_is_greeted_as_the_port_that_answers() {
    let server = Server::start(&[]);
    assert!(!server.address().ends_with(":0"));
    let answer = models(server.address());
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains(r#""id":"echo""#), "{answer}");
}

#[test]
fn sigterm_ends_with_0() {
    let server = Server::start(&[]);
    server.signal("TERM");
    let (code, output, _) = server.wait();
    assert_eq!((code, output.as_str()), (Some(0), ""));
}

#[test]
fn sigint_ends_with_0() {
    let server = Server::start(&[]);
    server.signal("INT");
    assert_eq!(server.wait().0, Some(0));
}

#[test]
fn json_log_is_one_object_a_line() {
    let server = Server::start(&["--log-format", "json"]);
    models(server.address());
    server.signal("TERM");
    let (_, _, errors) = server.wait();
    let lines: Vec<serde_json::Value> =
        errors.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect();
    assert!(lines.iter().any(|line| line["path"] == "/v1/models"), "{errors}");
}

#[test]
fn log_that_is_no_terminals_has_no_colours() {
    let server = Server::start(&["--log-format", "pretty"]);
    models(server.address());
    server.signal("TERM");
    let (_, _, errors) = server.wait();
    assert!(errors.contains("/v1/models") && !errors.contains('\x1b'), "{errors:?}");
}

#[test]
fn address_of_other_machines_is_warned_of() {
    let server = Server::start_on("0.0.0.0:0", &["--log-format", "json"]);
    server.signal("TERM");
    let (_, _, errors) = server.wait();
    let first: serde_json::Value = serde_json::from_str(errors.lines().next().unwrap()).unwrap();
    assert_eq!(first["level"], "WARN");
    assert_eq!(first["message"], "listening beyond this machine without keys");
}

#[test]
fn blocked_log_sink_holds_no_request() {
    let server = Server::start(&["--log-format", "json"]);
    // Nobody reads the log, and a pipe takes 64 KiB: 1,000 lines are more.
    for _ in 0..1_000 {
        assert!(models(server.address()).starts_with("HTTP/1.1 200 OK\r\n"));
    }
    server.signal("TERM");
    assert_eq!(server.wait().0, Some(0));
}
