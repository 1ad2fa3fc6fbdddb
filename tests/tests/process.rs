//! The binary as a process: what it says, how it ends.

use std::net::TcpListener;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use antiphon_tests::{Antiphon, Connection, ECHO_ALONE, Request, Transcript, ask, send, streamed};

/// The binary, to be run to its end.
fn antiphon() -> Command {
    Command::new(antiphon_tests::executable("antiphon-server", "antiphon"))
}

/// Runs `antiphon` to its end.
fn run(arguments: &[&str]) -> Output {
    antiphon().args(arguments).output().expect("the binary starts")
}

/// Runs it with a config file of this text.
fn run_with(name: &str, config: &str) -> Output {
    let path = std::env::temp_dir().join(format!("antiphon-process-{}-{name}.toml", std::process::id()));
    std::fs::write(&path, config).expect("a temporary directory that can be written");
    let output = run(&["--bind", "127.0.0.1:0", "--config", path.to_str().expect("a path of text")]);
    drop(std::fs::remove_file(path));
    output
}

/// The one line that it says on stderr.
fn only_line(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(text.trim_end().lines().count(), 1, "{text}");
    text
}

#[test]
fn address_in_use_ends_with_69_and_a_line() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("an address").to_string();
    let output = run(&["--bind", &address]);
    assert_eq!(output.status.code(), Some(69));
    assert!(only_line(&output).contains(&address), "{output:?}");
}

#[test]
fn bad_configuration_ends_with_78_and_names_file_key_and_the_nearest() {
    let output = run_with("key", "[server]\nbnd = \"127.0.0.1:0\"\n");
    assert_eq!(output.status.code(), Some(78));
    let line = only_line(&output);
    assert!(line.contains("key.toml") && line.contains("bnd") && line.contains("bind"), "{line}");

    let output = run_with("kind", "[[backends]]\nkind = \"ecco\"\n");
    assert_eq!(output.status.code(), Some(78));
    assert!(only_line(&output).contains("echo"), "{output:?}");

    let output = run_with("toml", "[server\n");
    assert_eq!(output.status.code(), Some(78));
    only_line(&output);
}

#[test]
fn check_and_print_config_end_with_0() {
    let output = run(&["--check"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let output = run(&["--print-config"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("127.0.0.1:8000"), "{output:?}");
}

#[test]
fn variable_of_the_environment_outranks_the_default() {
    let output = antiphon()
        .arg("--print-config")
        .env("ANTIPHON__SERVER__BIND", "127.0.0.1:4321")
        .output()
        .expect("the binary starts");
    assert!(String::from_utf8_lossy(&output.stdout).contains("127.0.0.1:4321"), "{output:?}");
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
