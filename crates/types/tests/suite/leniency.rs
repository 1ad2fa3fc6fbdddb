//! What servers leave out, send as null or send in another form is read, and what is not known is kept.

use antiphon_types::{
    Model, ModelDeleted, ModelList, Object, Usage,
    chat::{
        Choice, Chunk, ChunkChoice, Completion, CompletionDeleted, CompletionList, Delta, FinishReason,
        MessageList, ModerationResult, PromptCacheRetention, ResponseMessage, Role, StoredMessage,
        ToolCallDelta,
    },
    completions,
    embeddings::{Embedding, EmbeddingList},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::support::{read, refused, write};

#[test]
fn known_values_have_one_form() {
    assert_eq!(FinishReason::from("stop"), FinishReason::Stop);
    assert_eq!(FinishReason::from("stop".to_owned()), FinishReason::Stop);
    assert_eq!(read::<FinishReason>(r#""st\u006fp""#), FinishReason::Stop);
    assert_eq!(PromptCacheRetention::Day.as_str(), "24h");
    assert_eq!(Object::ChatCompletionChunk.to_string(), "chat.completion.chunk");
}

#[test]
fn unknown_values_are_kept() {
    let reason: FinishReason = read(r#""bored""#);
    assert_eq!(reason, FinishReason::from("bored"));
    assert_eq!((reason.as_str(), write(&reason)), ("bored", r#""bored""#.to_owned()));
}

#[test]
fn known_texts_are_listed() {
    assert_eq!(Role::KNOWN, ["developer", "system", "user", "assistant", "tool", "function"]);
    assert!(Role::KNOWN.iter().all(|text| !matches!(Role::from(*text), Role::Other(_))));
}

#[test]
fn other_shapes_are_refused() {
    assert_eq!(refused::<Role>("1"), "invalid type: integer `1`, expected a string");
    assert_eq!(refused::<Role>("{}"), "invalid type: map, expected a string");
}

#[test]
fn an_absent_index_is_0() {
    for index in ["", r#", "index": null"#] {
        let call: ToolCallDelta = read(&format!(r#"{{"function": {{"arguments": "{{}}"}}{index}}}"#));
        assert_eq!(call, ToolCallDelta::arguments(0, "{}"));
        let choice: ChunkChoice = read(&format!(r#"{{"delta": {{"content": "a"}}{index}}}"#));
        assert_eq!(choice, ChunkChoice::new(0, Delta::content("a")));
        let choice: Choice =
            read(&format!(r#"{{"message": {{"content": "a"}}, "finish_reason": "stop"{index}}}"#));
        assert_eq!(choice, Choice::new(0, ResponseMessage::text("a"), FinishReason::Stop));
    }
}

#[test]
fn an_absent_delta_adds_nothing() {
    for json in [r#"{"index": 0, "delta": null}"#, r#"{"index": 0}"#] {
        assert_eq!(read::<ChunkChoice>(json), ChunkChoice::new(0, Delta::default()));
    }
}

#[test]
fn an_absent_finish_reason_is_no_known_one() {
    for reason in ["", r#", "finish_reason": null"#] {
        let choice: Choice = read(&format!(r#"{{"index": 0, "message": {{"content": "a"}}{reason}}}"#));
        assert_eq!(choice.finish_reason, FinishReason::Other(String::new()));
        assert_eq!(read::<Choice>(&write(&choice)), choice);
    }
}

#[test]
fn an_absent_role_is_the_assistant() {
    for json in [r#"{"content": "a"}"#, r#"{"role": null, "content": "a"}"#] {
        assert_eq!(read::<ResponseMessage>(json), ResponseMessage::text("a"));
    }
    let stored: StoredMessage = read(r#"{"id": "msg_1", "content": "a"}"#);
    assert_eq!(stored.message.role, Role::Assistant);
}

/// Says that an object tells what it is where its own word for that is absent or null.
fn check_kind<T: Serialize + DeserializeOwned>(key: &str, kind: &str, fields: &str) {
    for absent in [String::new(), format!(r#", "{key}": null"#)] {
        let value: T = read(&format!("{{{fields}{absent}}}"));
        assert_eq!(read::<Value>(&write(&value))[key], kind, "{fields}{absent}");
    }
}

#[test]
fn an_absent_kind_is_the_right_one() {
    let answer = r#""id": "c", "created": 1, "model": "m", "choices": []"#;
    check_kind::<Completion>("object", "chat.completion", answer);
    check_kind::<Chunk>("object", "chat.completion.chunk", answer);
    check_kind::<completions::Completion>("object", "text_completion", answer);
    check_kind::<CompletionDeleted>("object", "chat.completion.deleted", r#""id": "c", "deleted": true"#);
    check_kind::<CompletionList>("object", "list", r#""data": [], "has_more": false"#);
    check_kind::<MessageList>("object", "list", r#""data": [], "has_more": false"#);
    check_kind::<EmbeddingList>("object", "list", r#""data": [], "model": "m""#);
    check_kind::<Embedding>("object", "embedding", r#""embedding": []"#);
    check_kind::<ModelList>("object", "list", r#""data": []"#);
    check_kind::<Model>("object", "model", r#""id": "m""#);
    check_kind::<ModelDeleted>("object", "model", r#""id": "m", "deleted": true"#);
    check_kind::<ModerationResult>(
        "type",
        "moderation_result",
        r#""model": "m", "flagged": false, "categories": {}, "category_scores": {}, "category_applied_input_types": {}"#,
    );
}

#[test]
fn times_lose_their_fractions() {
    let created = |time: &str| {
        let fields = format!(r#"{{"id": "c", "created": {time}, "model": "m", "choices": []}}"#);
        assert_eq!(read::<Completion>(&fields).created, read::<Chunk>(&fields).created);
        read::<Chunk>(&fields).created
    };
    assert_eq!(created("1763769600.9876"), 1_763_769_600);
    assert_eq!(created("1.7637696e9"), 1_763_769_600);
    assert_eq!(created("18446744073709551615"), u64::MAX);
}

#[test]
fn other_times_are_refused() {
    for (time, refusal) in [
        ("-1", "invalid value: integer `-1`, expected Unix seconds"),
        ("-0.5", "invalid value: floating point `-0.5`, expected Unix seconds"),
        (
            "18446744073709551616",
            "invalid value: floating point `1.8446744073709552e+19`, expected Unix seconds",
        ),
        ("\"1\"", "invalid type: string \"1\", expected Unix seconds"),
    ] {
        assert_eq!(refused::<Chunk>(&format!(r#"{{"created": {time}}}"#)), refusal);
    }
}

#[test]
fn models_need_no_time_and_no_owner() {
    for json in [r#"{"id": "m"}"#, r#"{"id": "m", "object": "model", "created": null, "owned_by": null}"#] {
        assert_eq!(read::<Model>(json), Model::new("m", 0, ""));
    }
    assert_eq!(read::<Model>(r#"{"id": "m", "created": 1.5}"#), Model::new("m", 1, ""));
    assert_eq!(
        refused::<Model>(r#"{"id": "m", "created": "1"}"#),
        "invalid type: string \"1\", expected Unix seconds",
    );
}

#[test]
fn an_absent_total_is_the_sum() {
    for total in ["", r#", "total_tokens": null"#] {
        let usage: Usage = read(&format!(r#"{{"prompt_tokens": 2, "completion_tokens": 3{total}}}"#));
        assert_eq!(usage, Usage::new(2, 3));
    }
    let told: Usage = read(r#"{"prompt_tokens": 2, "completion_tokens": 3, "total_tokens": 0}"#);
    assert_eq!(told.total_tokens, 0);
}
