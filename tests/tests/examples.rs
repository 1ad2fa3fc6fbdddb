//! The examples of the repository, run as their readers run them.

use std::fs;
use std::process::Command;

use antiphon_example_reverse_backend::Reverse;
use antiphon_tests::{
    Antiphon, NodeModules, Python, Request, Served, ask_model, executable, output, program, send, skipped,
    streamed,
};

/// What the echo says to the examples' message.
const ANSWER: &str = "As a mock AI assistant, I can only echo your last message: Say this is a test";

/// Runs a Python example, with nothing changed but the port that it names.
fn python(example: &str) -> Option<String> {
    let python = Python::get()?;
    let antiphon = Antiphon::start();
    let path = program("examples/python").join(example);
    let code = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let url = "base_url=\"http://localhost:8000\"";
    assert!(code.contains(url), "{code}");
    Some(python.run_code(&code.replace(url, &format!("base_url=\"{}\"", antiphon.base_url()))))
}

#[test]
fn python_chat_prints_the_answer() {
    if let Some(printed) = python("chat.py") {
        assert_eq!(printed, format!("{ANSWER}\n"));
    }
}

#[test]
fn python_stream_prints_the_answer_word_by_word() {
    if let Some(printed) = python("stream.py") {
        let words: Vec<&str> = printed.lines().map(str::trim_end).filter(|word| !word.is_empty()).collect();
        assert_eq!(words, ANSWER.split(' ').collect::<Vec<_>>());
    }
}

#[test]
fn node_chat_prints_the_answer_whole_and_streamed() {
    if let Some(modules) = NodeModules::get() {
        let antiphon = Antiphon::start();
        let printed = modules.run(&[], &program("examples/node/chat.mjs"), &antiphon.base_url());
        assert_eq!(printed, format!("{ANSWER}\n{ANSWER}\n"));
    }
}

/// Whether there is curl; says `skipped` where there is none.
fn has_curl() -> bool {
    let there = Command::new("curl").arg("--version").output().is_ok();
    if !there {
        skipped("curl is not installed");
    }
    there
}

#[test]
fn curl_session_shows_each_endpoint() {
    if !has_curl() {
        return;
    }
    let antiphon = Antiphon::start();
    let mut session = Command::new("bash");
    session.arg(program("examples/curl/session.sh"));
    let printed = output(session, &antiphon.base_url());
    for expected in [
        r#"{"status":"ok"}"#,
        r#""object":"list""#,
        &format!(r#""content":"{ANSWER}""#),
        r#"data: {"id":"chatcmpl-"#,
        "data: [DONE]",
        r#""code":"decimal_above_max_value""#,
    ] {
        assert!(printed.contains(expected), "{expected} is not in\n{printed}");
    }
}

#[test]
fn rust_client_prints_the_answer_whole_and_streamed() {
    let antiphon = Antiphon::start();
    let mut client = Command::new(executable("antiphon-example-client", "antiphon-example-client"));
    client.arg(format!("{}/v1", antiphon.base_url()));
    assert_eq!(output(client, ""), format!("{ANSWER}\n{ANSWER}\n22 tokens\n"));
}

#[test]
fn backend_of_ones_own_gets_the_whole_api() {
    let served = Served::start(Reverse);
    let body = ask_model("reverse", "one two three");
    let whole = send(served.address(), &Request::chat(&body)).json();
    assert_eq!(whole["choices"][0]["message"]["content"], "three two one");
    assert_eq!(send(served.address(), &Request::chat(&streamed(body))).transcript().text(), "three two one");
}
