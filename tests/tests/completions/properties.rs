//! A stream of completions says what the whole answer says.

use std::sync::OnceLock;

use antiphon_backend::Event;
use antiphon_tests::{Scripted, Served, Step, prompt, with};
use antiphon_types::TextInput;
use antiphon_types::chat::TokenLogprob;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::both;

/// A server whose backend yields the letters of the prompt, in pieces of three, two, one and so on.
fn served() -> &'static Served {
    static SERVED: OnceLock<Served> = OnceLock::new();
    SERVED.get_or_init(|| {
        Served::start(Scripted::completing(|request| {
            let Some(TextInput::Text(text)) = &request.prompt else { return vec![Step::stop()] };
            let mut letters = text.chars().peekable();
            let mut steps = Vec::new();
            for length in [3, 2, 1].into_iter().cycle() {
                if letters.peek().is_none() {
                    break;
                }
                let piece: String = letters.by_ref().take(length).collect();
                let tokens = piece.chars().map(|letter| TokenLogprob::new(letter, -0.25)).collect::<Vec<_>>();
                let event = Event::text(piece);
                let asked = request.logprobs.is_some();
                steps.push(Step::Event(if asked { event.with_logprobs(tokens) } else { event }));
            }
            steps.push(Step::stop());
            steps
        }))
    })
}

fn check(prompts: &[String], fields: Value) -> Result<(), TestCaseError> {
    let (answer, stream) = both(served(), &with(prompt(json!(prompts)), fields));
    let choices = answer["choices"].as_array().expect("choices");
    for (index, choice) in (0..).zip(choices) {
        prop_assert_eq!(&choice["index"], index);
        prop_assert_eq!(&choice["text"], &json!(stream.joined_texts(index)));
        prop_assert_eq!(stream.finishes(index), vec![choice["finish_reason"].as_str().unwrap_or_default()]);
        for list in ["tokens", "token_logprobs", "text_offset"] {
            let pieces = stream.choice(index);
            let told = pieces.iter().filter_map(|piece| piece["logprobs"][list].as_array()).flatten();
            let whole = choice["logprobs"][list].as_array();
            prop_assert!(told.eq(whole.into_iter().flatten()), "{} of {}", list, index);
        }
    }
    prop_assert_eq!(stream.usages(), vec![&answer["usage"]]);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn joined_pieces_equal_the_whole_answer(
        prompts in vec(vec(any::<char>(), 0..20).prop_map(String::from_iter), 1..4),
        n in 1..4_u32,
        max_tokens in 0..12_u64,
        echo in any::<bool>(),
    ) {
        check(&prompts, json!({"n": n, "max_tokens": max_tokens, "echo": echo}))?;
    }

    #[test]
    fn stops_and_log_probabilities_are_the_same_too(
        prompts in vec("[abcé]{0,20}", 1..4),
        stops in vec("[abcé]{1,3}", 0..4),
        max_tokens in 0..12_u64,
        told in any::<bool>(),
    ) {
        let logprobs = if told { json!(0) } else { Value::Null };
        check(&prompts, json!({"stop": stops, "max_tokens": max_tokens, "logprobs": logprobs}))?;
    }
}
