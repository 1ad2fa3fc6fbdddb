//! Reasoning on the wire.

use antiphon_backend::Event;
use antiphon_server::config::{ModelConfig, Reasoning};
use antiphon_tests::{Request, Scripted, Served, Step, ask_model, send, streamed};
use serde_json::{Value, json};

/// The message of a whole answer, and what a stream joins to, of a backend that reasons.
fn both(served: &Served) -> (Value, [String; 3]) {
    let body = ask_model("scripted", "go");
    let whole = send(served.address(), &Request::chat(&body)).json();
    let stream = send(served.address(), &Request::chat(&streamed(body))).transcript();
    let joined = ["content", "reasoning_content", "reasoning"].map(|field| stream.joined(0, field));
    (whole["choices"][0]["message"].clone(), joined)
}

#[track_caller]
fn check(served: &Served, content: &str, reasoning: &str) {
    let (message, joined) = both(served);
    let seen = ["content", "reasoning_content", "reasoning"].map(|field| message[field].clone());
    assert_eq!(seen, [content, reasoning, reasoning].map(|text| json!(text)));
    assert_eq!(joined, [content, reasoning, reasoning]);
}

#[test]
fn wire_34_reasoning_goes_out_under_both_names() {
    let events = [Event::reasoning("a "), Event::reasoning("b"), Event::text("c")];
    let steps = events.map(Step::Event).into_iter().chain([Step::stop()]).collect::<Vec<_>>();
    check(&Served::start(Scripted::always(steps)), "c", "a b");
}

#[test]
fn reasoning_between_tags_is_taken_out_where_the_configuration_says_so() {
    let steps = ["<thi", "nk>\na ", "b</think>", "\n\nc"].map(Step::text).into_iter().chain([Step::stop()]);
    let steps: Vec<_> = steps.collect();
    let with = |reasoning| {
        Served::configured(Scripted::always(steps.clone()), |config| {
            let mut model = ModelConfig::new("scripted");
            model.reasoning = reasoning;
            config.models.push(model);
        })
    };
    check(&with(Reasoning::Tags), "c", "a b");
    check(&with(Reasoning::Begun), "c", "<think>\na b");
    let (message, joined) = both(&with(Reasoning::Apart));
    assert_eq!(message["content"], "<think>\na b</think>\n\nc");
    assert_eq!(joined[0], "<think>\na b</think>\n\nc");
    assert!(message.get("reasoning").is_none() && joined[1].is_empty());
}
