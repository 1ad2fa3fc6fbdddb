//! The official Python and Node clients against the real binary.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use antiphon_backend::{BackendError, ErrorKind, ModelInfo};
use antiphon_tests::{Antiphon, ECHO_ALONE, NodeModules, Python, Scripted, Served, Step, program};

use crate::{completions, embeddings};

/// A backend whose models fail, each in its own way.
fn failing() -> Served {
    let busy =
        || BackendError::new(ErrorKind::RateLimited, "slow down").with_retry_after(Duration::from_millis(20));
    let overloaded = || BackendError::new(ErrorKind::Overloaded, "too much to do");
    let names = ["busy", "busy-once", "late", "panic", "late-panic", "fine"];
    let asked = AtomicU32::new(0);
    let backend = Scripted::new(move |request| match request.model.as_str() {
        "busy" => vec![Step::Fail(busy)],
        "busy-once" if asked.fetch_add(1, Ordering::Relaxed).is_multiple_of(2) => vec![Step::Fail(busy)],
        "late" => vec![Step::text("one "), Step::Fail(overloaded)],
        "panic" => vec![Step::Panic("asked to")],
        "late-panic" => vec![Step::text("one "), Step::Panic("asked to")],
        _ => vec![Step::text("fine"), Step::stop()],
    });
    Served::start(backend.models(names.map(ModelInfo::new)))
}

fn python(script: &str, base_url: &str) {
    if let Some(python) = Python::get() {
        python.run(&program("tests/clients/python").join(script), base_url);
    }
}

fn node(module: &str, base_url: &str) {
    if let Some(modules) = NodeModules::get() {
        modules.run(&["--test"], &program("tests/clients/node").join(module), base_url);
    }
}

#[test]
fn python_reads_whole_answers() {
    python("whole.py", &Antiphon::start().base_url());
}

#[test]
fn python_reads_streams() {
    python("stream.py", &Antiphon::start().base_url());
}

#[test]
fn python_reads_both_without_blocking() {
    python("asynchronous.py", &Antiphon::start().base_url());
}

#[test]
fn python_raises_the_right_exceptions() {
    python("errors.py", &Antiphon::with_config(ECHO_ALONE).base_url());
}

#[test]
fn python_retries_and_reports_what_the_backend_fails_at() {
    python("failures.py", &failing().base_url());
}

#[test]
fn python_reads_completions() {
    python("completions.py", &Served::start(completions::shouting().prompt_tokens(2)).base_url());
}

#[test]
fn python_reads_embeddings() {
    python("embeddings.py", &Served::start(embeddings::measuring()).base_url());
}

#[test]
fn node_reads_whole_answers() {
    node("whole.mjs", &Antiphon::start().base_url());
}

#[test]
fn node_reads_streams() {
    node("stream.mjs", &Antiphon::start().base_url());
}

#[test]
fn node_throws_the_right_errors() {
    node("errors.mjs", &Antiphon::with_config(ECHO_ALONE).base_url());
}

#[test]
fn node_retries_and_reports_what_the_backend_fails_at() {
    node("failures.mjs", &failing().base_url());
}
