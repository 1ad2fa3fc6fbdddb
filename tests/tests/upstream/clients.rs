//! The official clients through a first server to a second.

use antiphon_backend::{BackendError, ErrorKind, Event, Place};
use antiphon_tests::{Antiphon, NodeModules, PATIENCE, Python, Scripted, Served, Sighting, Step, program};
use antiphon_types::chat::{self, FinishReason, TokenLogprob};
use antiphon_types::{Usage, json};

use super::in_front_of;

/// An `antiphon` that answers as the echo of a second one does, to any model's name.
fn in_front_of_the_echo() -> (Antiphon, Antiphon) {
    let second = Antiphon::start();
    let first = Antiphon::with_config(&format!(
        "[[backends]]\nkind = \"upstream\"\nbase_urls = [\"http://{}\"]\nmodels = [\"echo\", \"*\"]\n",
        second.address()
    ));
    (first, second)
}

/// Runs scripts that know the echo, which say nothing of a server between.
fn python(scripts: &[&str]) {
    let Some(python) = Python::get() else { return };
    let (first, _second) = in_front_of_the_echo();
    for script in scripts {
        python.run(&program("tests/clients/python").join(script), &first.base_url());
    }
}

#[test]
fn python_reads_whole_answers_and_streams() {
    python(&["whole.py", "stream.py", "asynchronous.py"]);
}

#[test]
fn python_does_all_that_it_can() {
    python(&["with_openai.py"]);
}

#[test]
fn node_reads_whole_answers_and_streams() {
    let Some(modules) = NodeModules::get() else { return };
    let (first, _second) = in_front_of_the_echo();
    for module in ["whole.mjs", "stream.mjs"] {
        modules.run(&["--test"], &program("tests/clients/node").join(module), &first.base_url());
    }
}

/// What the second server answers, by the last thing that was said.
fn answer(request: &chat::Request) -> Vec<Step> {
    let said = request.messages.last().map(|message| message.text().into_owned());
    let signature = json!({"google": {"thought_signature": "s-1"}});
    match said.as_deref() {
        Some("hang") => vec![Step::text("begin"), Step::Hang],
        Some("fail") => vec![Step::Fail(|| BackendError::new(ErrorKind::Upstream, "secret"))],
        Some("call") => vec![
            Step::extra(Place::ToolCall { choice: 0, slot: 0 }, json!({"extra_content": signature})),
            Step::Event(Event::tool_call(0, "call_1", "weather")),
            Step::Event(Event::arguments(0, "{}")),
            Step::Event(Event::finish(FinishReason::ToolCalls)),
        ],
        Some("sunny") => {
            let is_signed = json!(request.messages)[1]["tool_calls"][0]["extra_content"] == signature;
            vec![Step::text(if is_signed { "signed" } else { "forged" }), Step::stop()]
        }
        _ => fields(request.logprobs == Some(true)),
    }
}

fn fields(with_logprobs: bool) -> Vec<Step> {
    let mut usage = Usage::new(3, 2);
    usage.extra.insert("cost".to_owned(), json!(0.25));
    let tokens = with_logprobs.then(|| TokenLogprob::new("begin", -0.5));
    let text = Event::text("begin");
    vec![
        Step::extra(Place::Answer, json!({"provider": "p"})),
        Step::Event(Event::reasoning("hm")),
        Step::extra(Place::Message(0), json!({"citations": ["u"]})),
        Step::Event(match tokens {
            Some(token) => text.with_logprobs([token]),
            None => text,
        }),
        Step::extra(Place::Choice(0), json!({"stop_reason": 7})),
        Step::stop(),
        Step::Event(Event::usage(usage)),
    ]
}

#[test]
fn python_reads_what_is_beyond_the_api_and_may_leave() {
    let Some(python) = Python::get() else { return };
    let (backend, sightings) = Scripted::new(answer).watched();
    let second = Served::start(backend);
    let first = in_front_of(second.address(), "scripted");
    python.run(&program("tests/clients/python/through_upstream.py"), &first.base_url());
    while sightings.recv_timeout(PATIENCE).expect("one of its streams hangs") != Sighting::Hangs {}
    let dropped = |sighting| matches!(sighting, Sighting::Dropped(_));
    while !dropped(sightings.recv_timeout(PATIENCE).expect("the stream that it left is dropped")) {}
}
