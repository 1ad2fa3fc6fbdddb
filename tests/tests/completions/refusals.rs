//! Requests for completions that cannot be honoured.

use antiphon_backend::{Capability, ModelInfo};
use antiphon_tests::{Antiphon, ECHO_ALONE, Request, Scripted, Served, Step, prompt, send, streamed, with};
use serde_json::{Value, json};

use super::shouting;
use crate::errors::{assert_error, assert_invalid, error_of};

/// Asserts that a body is refused as it stands and streamed.
#[track_caller]
fn refused(served: &Served, body: &Value, param: &str, code: Option<&str>) {
    for body in [body.clone(), streamed(body.clone())] {
        let response = send(served.address(), &Request::completions(&body));
        assert_invalid(&response, Some(param), code);
    }
}

#[test]
fn bad_values_are_refused_before_any_work() {
    let (backend, sightings) = shouting().watched();
    let served = Served::start(backend);
    for (fields, param, code) in [
        (json!({"prompt": []}), "prompt", "empty_array"),
        (json!({"prompt": ["a", 1]}), "prompt[1]", "invalid_type"),
        (json!({"prompt": vec!["x"; 129]}), "prompt", "array_above_max_length"),
        (json!({"prompt": vec!["x"; 17], "n": 8}), "n", "integer_above_max_value"),
        (json!({"n": 9}), "n", "integer_above_max_value"),
        (json!({"logprobs": 6}), "logprobs", "integer_above_max_value"),
        (json!({"best_of": 21}), "best_of", "integer_above_max_value"),
        (json!({"max_tokens": -1}), "max_tokens", "integer_below_min_value"),
        (json!({"stop": ["a", ""]}), "stop[1]", "string_below_min_length"),
        (json!({"logit_bias": {"1": 101}}), "logit_bias.1", "integer_above_max_value"),
        (json!({"temperature": 2.1}), "temperature", "decimal_above_max_value"),
    ] {
        refused(&served, &with(prompt("p"), fields), param, Some(code));
    }
    refused(&served, &with(prompt("p"), json!({"best_of": 1, "n": 2})), "best_of", None);
    let streaming = streamed(with(prompt("p"), json!({"best_of": 2})));
    assert_invalid(&send(served.address(), &Request::completions(&streaming)), Some("best_of"), None);
    let options = with(prompt("p"), json!({"stream_options": {"include_usage": true}}));
    assert_invalid(&send(served.address(), &Request::completions(&options)), Some("stream_options"), None);
    assert_eq!(sightings.try_recv().ok(), None, "the backend was never called");
}

#[test]
fn what_the_model_lacks_is_refused_by_its_name() {
    let served = Served::start(shouting().models([ModelInfo::new("scripted").with(Capability::Completions)]));
    for (fields, param, code) in [
        (json!({"prompt": [1, 2]}), "prompt", "unsupported_value"),
        (json!({"prompt": [[1], [2]]}), "prompt", "unsupported_value"),
        (json!({"suffix": "end"}), "suffix", "unsupported_parameter"),
        (json!({"logprobs": 0}), "logprobs", "unsupported_parameter"),
        (json!({"logprobs": 1, "echo": true}), "echo", "unsupported_parameter"),
    ] {
        refused(&served, &with(prompt("p"), fields), param, Some(code));
    }
    let best = with(prompt("p"), json!({"best_of": 2}));
    let response = send(served.address(), &Request::completions(&best));
    assert_invalid(&response, Some("best_of"), Some("unsupported_parameter"));
}

#[test]
fn model_of_another_endpoint_is_a_404_that_names_it() {
    let check = |backend: Scripted, request: &Request, message: &str| {
        let error = error_of(&send(Served::start(backend).address(), request), 404);
        assert_error(&error, "invalid_request_error", Some("model"), None);
        assert_eq!(error["message"], message);
    };
    let chatting = || Scripted::always([Step::text("yes"), Step::stop()]);
    check(
        chatting(),
        &Request::completions(&prompt("p")),
        "This is a chat model and not supported in the v1/completions endpoint. Did you mean to use \
         v1/chat/completions?",
    );
    check(
        shouting(),
        &Request::chat(&json!({"model": "scripted", "messages": [{"role": "user", "content": "hi"}]})),
        "This is not a chat model and thus not supported in the v1/chat/completions endpoint. Did you mean to use \
         v1/completions?",
    );
    check(
        chatting(),
        &Request::embeddings(&json!({"model": "scripted", "input": "hi"})),
        "This is not an embedding model and thus not supported in the v1/embeddings endpoint. Did you mean to use \
         v1/chat/completions?",
    );
}

#[test]
fn wire_29_unknown_model_and_context_overflow_are_told_as_in_chat() {
    let antiphon = Antiphon::with_config(ECHO_ALONE);
    for request in [
        Request::completions(&json!({"model": "nope", "prompt": "p"})),
        Request::embeddings(&json!({"model": "nope", "input": "p"})),
    ] {
        let error = error_of(&send(antiphon.address(), &request), 404);
        assert_error(&error, "invalid_request_error", None, Some("model_not_found"));
    }
    let able = ModelInfo::new("scripted").with(Capability::Completions).with(Capability::TokenInput);
    let served = Served::start(shouting().models([able.context_length(8)]).prompt_tokens(9));
    refused(&served, &prompt("long"), "prompt", Some("context_length_exceeded"));
    refused(&served, &prompt(vec![1; 9]), "prompt", Some("context_length_exceeded"));
    refused(&served, &prompt(json!([[1], vec![1; 9]])), "prompt[1]", Some("context_length_exceeded"));
}
