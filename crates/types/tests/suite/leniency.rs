//! String enums keep what they do not know.

use antiphon_types::{
    Object,
    chat::{FinishReason, PromptCacheRetention, Role},
};

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
