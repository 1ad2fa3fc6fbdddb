//! Log probabilities in the form of old.

use antiphon_backend::{Capability, Event, ModelInfo};
use antiphon_tests::{Scripted, Served, Step, Transcript, prompt, with};
use antiphon_types::chat::{TokenLogprob, TopLogprob};
use serde_json::{Value, json};

use super::both;

/// A token with its logprob and, where `tops` asks for them, as many others.
fn token(text: &str, logprob: f64, tops: u32) -> Step {
    let mut token = TokenLogprob::new(text, logprob);
    let tops = (0..tops).map(|place| TopLogprob::new(format!("{text}{place}"), logprob - f64::from(place)));
    token.top_logprobs = tops.collect();
    Step::Event(Event::text(text).with_logprobs([token]))
}

/// A backend that says two words, after the prompt's two where it is to echo them itself.
fn speaking(capabilities: &[Capability]) -> Served {
    let backend = Scripted::completing(|request| {
        let tops = request.logprobs.unwrap_or_default();
        let echoed = if request.echoes() { ["né ", "à "].as_slice() } else { &[] };
        let said = echoed.iter().chain(&["Paris", " ✓"]).map(|word| token(word, -0.5, tops));
        said.chain([Step::stop()]).collect()
    });
    let able =
        [&[Capability::Completions, Capability::Logprobs, Capability::TokenInput], capabilities].concat();
    Served::start(backend.models([able.into_iter().fold(ModelInfo::new("scripted"), ModelInfo::with)]))
}

/// The lists of all pieces of choice 0, joined.
fn joined(stream: &Transcript) -> Value {
    let mut all = json!({});
    for piece in stream.choice(0) {
        for (name, list) in piece["logprobs"].as_object().into_iter().flatten() {
            let items = all[name].as_array().into_iter().chain(list.as_array()).flatten().cloned();
            all[name] = items.collect();
        }
    }
    all
}

fn check(served: &Served, body: &Value, expected: &Value) {
    let (answer, stream) = both(served, body);
    assert_eq!((&answer["choices"][0]["logprobs"], &joined(&stream)), (expected, expected));
}

#[test]
fn tokens_are_lists_side_by_side_behind_the_prompt() {
    let served = speaking(&[]);
    check(
        &served,
        &with(prompt("né à "), json!({"logprobs": 2})),
        &json!({
            "tokens": ["Paris", " ✓"],
            "token_logprobs": [-0.5, -0.5],
            "top_logprobs": [{"Paris0": -0.5, "Paris1": -1.5}, {" ✓0": -0.5, " ✓1": -1.5}],
            "text_offset": [5, 10],
        }),
    );
    let bare = json!({"tokens": ["Paris", " ✓"], "token_logprobs": [-0.5, -0.5], "text_offset": [0, 5]});
    check(&served, &with(prompt(json!([1, 2])), json!({"logprobs": 0})), &bare);
}

#[test]
fn first_token_of_an_echoed_prompt_has_no_logprob() {
    check(
        &speaking(&[Capability::NativeEcho]),
        &with(prompt("né à "), json!({"logprobs": 1, "echo": true})),
        &json!({
            "tokens": ["né ", "à ", "Paris", " ✓"],
            "token_logprobs": [null, -0.5, -0.5, -0.5],
            "top_logprobs": [null, {"à 0": -0.5}, {"Paris0": -0.5}, {" ✓0": -0.5}],
            "text_offset": [0, 3, 5, 10],
        }),
    );
}

#[test]
fn nothing_is_told_where_it_is_not_asked_for() {
    let (answer, stream) = both(&speaking(&[]), &prompt("p"));
    assert_eq!(answer["choices"][0]["logprobs"], Value::Null);
    assert!(stream.choice(0).iter().all(|choice| choice["logprobs"].is_null()));
}

#[test]
fn best_of_several_is_the_likeliest() {
    let served = Served::start(Scripted::completing(|request| {
        let seed = request.seed.unwrap_or_default();
        let logprob = if seed == 2 { -0.1 } else { -1.0 };
        vec![token(&seed.to_string(), logprob, 0), Step::stop()]
    }));
    let body = with(prompt("p"), json!({"best_of": 4, "n": 2, "seed": 0}));
    let response = antiphon_tests::send(served.address(), &antiphon_tests::Request::completions(&body));
    let answer = super::whole(&response);
    let choices = answer["choices"].as_array().expect("choices");
    assert_eq!(choices.iter().map(|choice| &choice["text"]).collect::<Vec<_>>(), ["2", "0"]);
    assert!(choices.iter().all(|choice| choice["logprobs"].is_null()));
    assert_eq!(answer["usage"]["completion_tokens"], 4, "those that were not kept are counted");
}
