//! Invariants over random answers.

use std::sync::OnceLock;

use antiphon_tests::{Request, Scripted, Served, Step, Transcript, ask_model, send, streamed, with};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

/// A server whose backend yields the JSON list of texts that it is sent.
fn served() -> &'static Served {
    static SERVED: OnceLock<Served> = OnceLock::new();
    SERVED.get_or_init(|| {
        Served::start(Scripted::new(|request| {
            let message = request.messages.first().map(|message| message.text().into_owned());
            let pieces: Vec<String> = serde_json::from_str(&message.unwrap_or_default()).unwrap_or_default();
            pieces.iter().map(|piece| Step::text(piece)).chain([Step::stop()]).collect()
        }))
    })
}

/// Asks for these pieces, streamed and whole.
fn both(pieces: &[String], fields: Value) -> (Transcript, Value) {
    let body = with(ask_model("scripted", &json!(pieces).to_string()), fields);
    let whole = send(served().address(), &Request::chat(&body));
    assert_eq!(whole.status(), 200, "{}", whole.text());
    let options = json!({"stream_options": {"include_usage": true}});
    let stream = send(served().address(), &Request::chat(&streamed(with(body, options))));
    (stream.transcript(), whole.json())
}

/// A text of any characters, split anywhere.
fn pieces(letter: impl Strategy<Value = char>) -> impl Strategy<Value = Vec<String>> {
    vec(vec(letter, 0..6).prop_map(String::from_iter), 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn joined_deltas_equal_the_whole_answer(pieces in pieces(any::<char>())) {
        let (stream, whole) = both(&pieces, json!({}));
        let choice = &whole["choices"][0];
        prop_assert_eq!(&choice["message"]["content"], &json!(pieces.concat()));
        prop_assert_eq!(stream.text(), pieces.concat());
        prop_assert_eq!(stream.finishes(0), vec!["stop"]);
        prop_assert_eq!(&choice["finish_reason"], "stop");
        prop_assert_eq!(stream.usages(), vec![&whole["usage"]]);
    }

    #[test]
    fn stop_sequences_cut_at_the_first_match_whatever_the_splits(
        pieces in pieces("[abc]".prop_map(|letter| letter.chars().next().unwrap_or('a'))),
        stops in vec("[abc]{1,4}", 1..=4),
    ) {
        let text = pieces.concat();
        // The match that ends first is the one that a reader of the stream sees first.
        let ends = stops.iter().filter_map(|stop| text.find(stop.as_str()).map(|at| at + stop.len()));
        let end = ends.min();
        let (stream, whole) = both(&pieces, json!({"stop": stops}));
        let seen = stream.text();
        prop_assert_eq!(&whole["choices"][0]["message"]["content"], &json!(seen));
        prop_assert_eq!(stream.finishes(0), vec!["stop"]);
        prop_assert!(text.starts_with(&seen));
        prop_assert!(stops.iter().all(|stop| !seen.contains(stop.as_str())));
        match end {
            None => prop_assert_eq!(seen, text),
            Some(end) => {
                prop_assert!(seen.len() < end, "{} goes past {}", seen, end);
                prop_assert!(stops.iter().any(|stop| text[seen.len()..].starts_with(stop.as_str())));
            }
        }
    }

    #[test]
    fn token_limit_cuts_after_so_many_events(pieces in vec("[a-z ]{1,5}", 1..20), limit in 1_usize..24) {
        let (stream, whole) = both(&pieces, json!({"max_completion_tokens": limit}));
        let expected = pieces[..limit.min(pieces.len())].concat();
        let reason = if limit < pieces.len() { "length" } else { "stop" };
        prop_assert_eq!(stream.text(), expected.as_str());
        prop_assert_eq!(stream.finishes(0), vec![reason]);
        prop_assert_eq!(&whole["choices"][0]["message"]["content"], &json!(expected));
        prop_assert_eq!(&whole["choices"][0]["finish_reason"], reason);
    }
}
