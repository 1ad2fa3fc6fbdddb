//! All that the server sends, held against the types of the official Python client in their strict mode.

use antiphon_backend::{Event, ModelInfo};
use antiphon_tests::{Antiphon, Python, Scripted, Served, Step, program};
use antiphon_types::chat::FinishReason;

/// A backend whose models answer in ways in which the echo never does.
fn speaking() -> Served {
    let names = ["reasons", "refuses", "calls", "custom", "filtered"];
    let backend = Scripted::new(|request| {
        let events = match request.model.as_str() {
            "reasons" => {
                vec![Event::reasoning("so "), Event::text("fine"), Event::finish(FinishReason::Stop)]
            }
            "refuses" => {
                vec![Event::refusal("I may "), Event::refusal("not"), Event::finish(FinishReason::Stop)]
            }
            "calls" => vec![
                Event::text("let me see"),
                Event::tool_call(0, Some("call_a"), "get_weather"),
                Event::arguments(0, "{\"city\":"),
                Event::arguments(0, "\"Paris\"}"),
                Event::tool_call(1, None, "get_weather"),
                Event::arguments(1, "{\"city\":\"Rome\"}"),
                Event::finish(FinishReason::ToolCalls),
            ],
            "custom" => vec![
                Event::custom_tool_call(0, None, "shell"),
                Event::arguments(0, "ls"),
                Event::finish(FinishReason::ToolCalls),
            ],
            _ => vec![Event::text("cut"), Event::finish(FinishReason::ContentFilter)],
        };
        events.into_iter().map(Step::Event).collect()
    });
    Served::start(backend.models(names.map(ModelInfo::new)))
}

fn check(base_url: &str) {
    if let Some(python) = Python::get() {
        python.run(&program("tests/clients/python/strict_types.py"), base_url);
    }
}

#[test]
fn python_types_take_all_that_the_echo_says() {
    check(&Antiphon::start().base_url());
}

#[test]
fn python_types_take_all_that_a_backend_can_say() {
    check(&speaking().base_url());
}
