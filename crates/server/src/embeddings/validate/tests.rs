use serde_json::json;

use super::*;
use crate::validate::testing::Table;

const TABLE: Table = Table {
    parse: |body, unknown| parse(body, unknown).err(),
    good: || json!({"model": "m", "input": "hi"}),
    rules: &rules::REQUEST,
};

fn parse(body: &[u8], unknown: Unknown) -> Result<Request, ApiError> {
    super::parse(body, unknown, |_model| {})
}

#[test]
fn bad_values_are_refused() {
    for (field, value, code) in [
        ("input", json!(""), "string_below_min_length"),
        ("input", json!([]), "empty_array"),
        ("input", json!(vec!["x"; 2_049]), "array_above_max_length"),
        ("input", json!(vec![[1]; 2_049]), "array_above_max_length"),
        ("input", json!(null), "invalid_type"),
        ("input", json!(5), "invalid_type"),
        ("input", json!({"text": "hi"}), "invalid_type"),
        ("encoding_format", json!("hex"), "invalid_value"),
        ("encoding_format", json!(""), "invalid_value"),
        ("encoding_format", json!(64), "invalid_type"),
        ("dimensions", json!(0), "integer_below_min_value"),
        ("dimensions", json!(-1), "integer_below_min_value"),
        ("dimensions", json!(65_537), "integer_above_max_value"),
        ("dimensions", json!("3"), "invalid_type"),
        ("dimensions", json!(1.5), "invalid_type"),
        ("user", json!(7), "invalid_type"),
        ("model", json!(7), "invalid_type"),
        ("model", json!("a\tb"), "invalid_value"),
        ("model", json!("x".repeat(257)), "string_above_max_length"),
    ] {
        TABLE.refused(&json!({field: value}), field, code);
    }
}

#[test]
fn inputs_are_all_of_one_kind_and_none_is_empty() {
    for (input, param, code) in [
        (json!(["a", ""]), "input[1]", "string_below_min_length"),
        (json!(["a", 1]), "input[1]", "invalid_type"),
        (json!([1, "a"]), "input[1]", "invalid_type"),
        (json!([[1], "a"]), "input[1]", "invalid_type"),
        (json!([null]), "input[0]", "invalid_type"),
        (json!([[]]), "input[0]", "empty_array"),
        (json!([[1], []]), "input[1]", "empty_array"),
        (json!([-1]), "input[0]", "integer_below_min_value"),
        (json!([[1, 4_294_967_296_u64]]), "input[0][1]", "integer_above_max_value"),
    ] {
        TABLE.refused(&json!({"input": input}), param, code);
    }
}

#[test]
fn good_values_are_accepted() {
    for fields in [
        json!({"input": " ", "encoding_format": "float", "dimensions": 1, "user": "u"}),
        json!({"input": vec!["x"; 2_048], "encoding_format": "base64", "dimensions": 65_536}),
        json!({"input": [1, 2], "unknown": {"x": [1]}}),
        json!({"input": vec![vec![1; 100]; 2_048]}),
    ] {
        TABLE.accepted(&fields);
    }
}

#[test]
fn what_is_missing_is_named() {
    let told = |body: &[u8]| TABLE.told(body, Unknown::Accepted).expect("refused");
    let (param, code, message) = told(br#"{"input": "x"}"#);
    assert_eq!((param, code, message.as_str()), (None, None, "you must provide a model parameter"));
    let (param, code, message) = told(br#"{"model": "m"}"#);
    assert_eq!((param.as_deref(), code.as_deref()), (Some("input"), Some("missing_required_parameter")));
    assert_eq!(message, "Missing required parameter: 'input'.");
    let (param, code, _) = told(br#"{"model": "m", "input": "a", "input": "b"}"#);
    assert_eq!((param.as_deref(), code.as_deref()), (Some("input"), Some("duplicate_parameter")));
}

#[test]
fn the_words_are_openais() {
    TABLE.message(
        &json!({"encoding_format": "hex"}),
        "Invalid value: 'hex'. Supported values are: 'float' and 'base64'.",
    );
    TABLE.message(
        &json!({"dimensions": 0}),
        "Invalid 'dimensions': integer below minimum value. Expected a value >= 1, but got 0 instead.",
    );
    TABLE.message(
        &json!({"input": []}),
        "Invalid 'input': empty array. Expected an array with minimum length 1, but got an empty array instead.",
    );
    TABLE.message(
        &json!({"input": ["a", ""]}),
        "Invalid 'input[1]': string too short. Expected a string with minimum length 1, but got a string with length 0 \
         instead.",
    );
}

#[test]
fn unknown_fields_are_refused_only_where_strict() {
    let body = TABLE.with(&json!({"truncate": "end"})).to_string();
    let request = parse(body.as_bytes(), Unknown::Accepted).expect("accepted");
    assert_eq!(request.extra["truncate"], "end");
    let (param, code, _) = TABLE.told(body.as_bytes(), Unknown::Refused).expect("refused");
    assert_eq!((param.as_deref(), code.as_deref()), (Some("truncate"), Some("unknown_parameter")));
}

#[test]
fn null_is_absent_for_every_optional_field() {
    let [nulls, absent] =
        TABLE.null_is_absent().map(|body| parse(&body, Unknown::Refused).expect("accepted"));
    assert_eq!(nulls, absent);
}

#[test]
fn every_field_of_the_table_is_a_field_of_the_type() {
    TABLE.is_typed(|request: &Request| &request.extra);
}
