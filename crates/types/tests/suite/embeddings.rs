//! Embeddings: requests, vectors and lists of them.

use antiphon_types::{
    Object, TextInput,
    embeddings::{Embedding, EmbeddingList, EmbeddingUsage, EncodingFormat, Request, Vector},
};
use proptest::{collection, num, prelude::*, test_runner::Config};

use crate::support::{check_lossless, read, refused, write};

proptest! {
    #![proptest_config(Config { cases: 256, failure_persistence: None, ..Config::default() })]

    #[test]
    fn wire_32_floats_survive_in_either_form(floats in collection::vec(num::f32::NORMAL | num::f32::SUBNORMAL, 0..9)) {
        let numbers: Vector = read(&write(&Vector::from(floats.clone())));
        prop_assert_eq!(numbers.to_floats(), Some(floats.clone()));
        let text: Vector = read(&write(&Vector::base64(&floats)));
        prop_assert_eq!(text.to_floats(), Some(floats));
    }
}

#[test]
fn wire_32_base64_has_the_low_bytes_first() {
    for (floats, text) in [
        (&[][..], ""),
        (&[1.0], "AACAPw=="),
        (&[1.0, 0.0], "AACAPwAAAAA="),
        (&[-0.5, 0.1, 2.0], "AAAAv83MzD0AAABA"),
    ] {
        let vector = Vector::base64(floats);
        assert_eq!(vector, Vector::Base64(text.to_owned()));
        assert_eq!(vector.to_floats().as_deref(), Some(floats));
    }
}

#[test]
fn other_texts_are_no_floats() {
    for text in ["AACAPw", "AACA", "AACAPwA=", "AACA-w==", "[1.0]"] {
        let vector: Vector = read(&format!("{text:?}"));
        assert_eq!(vector.to_floats(), None, "{text}");
        assert_eq!(write(&vector), format!("{text:?}"));
    }
}

#[test]
fn vectors_are_numbers_or_a_text() {
    assert_eq!(read::<Vector>("[1, -0.5, 1e-3]"), Vector::Floats(vec![1.0, -0.5, 0.001]));
    assert_eq!(
        refused::<Vector>("1"),
        "invalid type: integer `1`, expected an array of numbers or a base64 string"
    );
    assert_eq!(refused::<Vector>("[null]"), "invalid type: null, expected f32");
}

#[test]
fn wire_19_null_equals_absent_for_every_option() {
    let minimal = Request::new("m", "a");
    let nulls = r#"{"model": "m", "input": "a", "encoding_format": null, "dimensions": null, "user": null}"#;
    assert_eq!(read::<Request>(nulls), minimal);
    assert_eq!(write(&minimal), r#"{"model":"m","input":"a"}"#);
    assert_eq!(refused::<Request>(r#"{"model": "m"}"#), "missing field `input`");
    assert!(refused::<Request>(r#"{"model": "m", "input": null}"#).starts_with("invalid type: null"));
}

#[test]
fn setters_set_their_fields() {
    let request =
        Request::new("m", TextInput::from(["a"])).encoding_format(EncodingFormat::Base64).dimensions(3);
    let json = r#"{"model":"m","input":["a"],"encoding_format":"base64","dimensions":3}"#;
    assert_eq!(write(&request), json);
    assert_eq!(read::<Request>(json), request);
    assert!(request.wants_base64());
    assert!(
        !request.encoding_format(EncodingFormat::Float).wants_base64()
            && !Request::new("m", "a").wants_base64()
    );
}

#[test]
fn unknown_values_and_fields_survive() {
    check_lossless::<Request>(r#"{"model": "m", "input": [1], "encoding_format": "int8", "x": {"y": null}}"#);
    check_lossless::<EmbeddingList>(
        r#"{"object": "list", "model": "m", "x": 1, "data": [{"object": "vector", "index": 0, "embedding": [0.5],
            "x": 1}], "usage": {"prompt_tokens": 1, "total_tokens": 1, "completion_tokens": 0}}"#,
    );
}

#[test]
fn vectors_are_listed() {
    let data = [Embedding::new(0, vec![0.5, -1.0]), Embedding::new(1, Vector::base64(&[1.0]))];
    let list = EmbeddingList::new("m", data, EmbeddingUsage::new(2));
    let json = r#"{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.5,-1.0]},{"object":"embedding","index":1,"embedding":"AACAPw=="}],"model":"m","usage":{"prompt_tokens":2,"total_tokens":2}}"#;
    assert_eq!(write(&list), json);
    assert_eq!(read::<EmbeddingList>(json), list);
}

#[test]
fn what_answers_leave_out_is_read() {
    for usage in ["", r#", "usage": null"#] {
        let lean: EmbeddingList = read(&format!(r#"{{"data": [{{"embedding": []}}], "model": "m"{usage}}}"#));
        let expected = EmbeddingList::new("m", [Embedding::new(0, vec![])], EmbeddingUsage::default());
        assert_eq!(lean, expected);
        assert_eq!((lean.object, &lean.data[0].object), (Object::List, &Object::Embedding));
    }
    for total in ["", r#", "total_tokens": null"#] {
        assert_eq!(
            read::<EmbeddingUsage>(&format!(r#"{{"prompt_tokens": 3{total}}}"#)),
            EmbeddingUsage::new(3)
        );
    }
    let told: EmbeddingUsage = read(r#"{"prompt_tokens": 3, "total_tokens": 4}"#);
    assert_eq!((told.prompt_tokens, told.total_tokens), (3, 4));
}
