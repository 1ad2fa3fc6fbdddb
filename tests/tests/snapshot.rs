//! Whole answers and whole streams, compared in full and against OpenAI's schemas.

use antiphon_tests::{Antiphon, Request, Schemas, ask_model, send, streamed, with};
use serde_json::{Value, json};

const NO_PREFIX: &str =
    "[[backends]]\nkind = \"echo\"\nmodels = [\"echo\", \"*\"]\nprefix = \"\"\ntokenizer = \"words\"\n";

/// 100 different words.
fn words() -> Vec<String> {
    (0..100).map(|number| format!("word{number}{}", if number == 99 { "" } else { " " })).collect()
}

/// Replaces what differs from answer to answer, once it is what it must be.
fn settled(mut value: Value) -> Value {
    assert!(value["id"].as_str().is_some_and(|id| id.starts_with("chatcmpl-")), "{value}");
    assert!(value["created"].is_u64(), "{value}");
    value["id"] = json!("chatcmpl-1");
    value["created"] = json!(1);
    let fingerprint = value.as_object_mut().and_then(|answer| answer.remove("system_fingerprint"));
    assert!(fingerprint.as_ref().and_then(Value::as_str).is_some_and(|it| it.starts_with("fp_")), "{value}");
    value
}

fn chunk(delta: &Value, finish_reason: &Value) -> Value {
    json!({
        "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "m",
        "choices": [{"index": 0, "delta": delta, "logprobs": null, "finish_reason": finish_reason}],
    })
}

fn usage() -> Value {
    json!({"prompt_tokens": 100, "completion_tokens": 100, "total_tokens": 200})
}

/// The fields of `usage` that are counts; details may stand beside them.
fn counts(usage: &Value) -> Value {
    json!({
        "prompt_tokens": usage["prompt_tokens"],
        "completion_tokens": usage["completion_tokens"],
        "total_tokens": usage["total_tokens"],
    })
}

#[test]
fn hundred_words_stream_as_role_words_finish_and_usage() {
    let antiphon = Antiphon::with_config(NO_PREFIX);
    for include_usage in [false, true] {
        let body = with(
            ask_model("m", &words().concat()),
            json!({"stream_options": {"include_usage": include_usage}}),
        );
        let transcript = send(antiphon.address(), &Request::chat(&streamed(body))).transcript();
        let mut seen: Vec<Value> = transcript.chunks.into_iter().map(settled).collect();
        if include_usage {
            let last = seen.pop().expect("a usage chunk");
            assert_eq!((&last["choices"], counts(&last["usage"])), (&json!([]), usage()));
        }

        let mut expected =
            vec![chunk(&json!({"role": "assistant", "content": "", "refusal": null}), &Value::Null)];
        expected.extend(words().iter().map(|word| chunk(&json!({"content": word}), &Value::Null)));
        expected.push(chunk(&json!({}), &json!("stop")));
        if include_usage {
            for chunk in &mut expected {
                chunk["usage"] = Value::Null;
            }
        }
        assert_eq!(seen.len(), expected.len());
        for (seen, expected) in seen.iter().zip(&expected) {
            assert_eq!(seen, expected);
        }
    }
}

#[test]
fn hundred_words_answer_whole() {
    let antiphon = Antiphon::with_config(NO_PREFIX);
    let answer = send(antiphon.address(), &Request::chat(&ask_model("m", &words().concat()))).json();
    if let Some(schemas) = Schemas::get() {
        schemas.check("CreateChatCompletionResponse", &answer);
    }
    let mut answer = settled(answer);
    assert_eq!(counts(&answer["usage"].take()), usage());
    let message = json!({
        "role": "assistant", "content": words().concat(), "refusal": null, "annotations": [],
    });
    let expected = json!({
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "m",
        "choices": [{"index": 0, "message": message, "logprobs": null, "finish_reason": "stop"}],
        "usage": null,
    });
    assert_eq!(answer, expected);
}
