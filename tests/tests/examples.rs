//! The examples of the repository, run as their readers run them.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

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
fn curl_command_of_the_readme_prints_the_answer() {
    let readme = fs::read_to_string(program("README.md")).expect("a README");
    let (_, rest) = readme.split_once("```sh\n").expect("a block of sh");
    let (block, _) = rest.split_once("```").expect("the end of the block");
    // The same request as in the session that the page links to.
    let session = fs::read_to_string(program("examples/curl/session.sh")).expect("a session");
    let body = block.split('\'').nth(3).expect("the quoted body");
    assert!(session.contains(&format!("ask '{body}'\n")), "{body}");
    if has_curl() {
        let antiphon = Antiphon::start();
        let mut command = Command::new("sh");
        command.arg("-c").arg(block.replace("http://localhost:8000", &antiphon.base_url()));
        assert!(output(command, "").contains(ANSWER), "{block}");
    }
}

#[test]
fn operators_commands_of_the_readme_have_valid_files() {
    let readme = fs::read_to_string(program("README.md")).expect("a README");
    for file in ["config/default.toml", "config/upstream.toml"] {
        assert!(readme.contains(&format!("\n    cargo run --release -- --config {file}")), "{file}");
        let mut check = Command::new(executable("antiphon", "antiphon"));
        check.arg("--config").arg(program(file)).arg("--check").env("OPENAI_API_KEY", "sk-none");
        assert_eq!(output(check, ""), "configuration is valid\n", "{file}");
    }
    // Built with the feature it is run by the tests of the binary.
    assert!(readme.contains("\n    cargo run --release --features llama -- --config config/llama.toml\n"));
}

#[test]
fn rust_client_prints_the_answer_whole_and_streamed() {
    let antiphon = Antiphon::start();
    let mut client = Command::new(executable("antiphon-example-client", "antiphon-example-client"));
    client.arg(format!("{}/v1", antiphon.base_url()));
    assert_eq!(output(client, ""), format!("{ANSWER}\n{ANSWER}\n31 tokens\n"));
}

/// A server that is killed when dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[test]
fn server_of_ones_own_says_where_it_listens_and_answers() {
    let name = "antiphon-example-reverse-server";
    let mut command = Command::new(executable(name, name));
    let child = command.arg("127.0.0.1:0").stderr(Stdio::piped()).spawn();
    let mut running = Running(child.expect("the example starts"));
    let log = BufReader::new(running.0.stderr.take().expect("stderr is piped"));
    let line = log.lines().map_while(Result::ok).find(|line| line.contains("listening"));
    let line = line.expect("a line that says where it listens");
    let (_, address) = line.split_once("address=").expect("an address");
    let body = ask_model("reverse", "one two three");
    let answer = send(address.parse().expect("an address and port"), &Request::chat(&body)).json();
    assert_eq!(answer["choices"][0]["message"]["content"], "three two one");
}

#[test]
fn backend_of_ones_own_gets_the_whole_api() {
    let served = Served::start(Reverse);
    let body = ask_model("reverse", "one two three");
    let whole = send(served.address(), &Request::chat(&body)).json();
    assert_eq!(whole["choices"][0]["message"]["content"], "three two one");
    assert_eq!(send(served.address(), &Request::chat(&streamed(body))).transcript().text(), "three two one");
}
