//! The error envelope.

use antiphon_types::{ErrorBody, ErrorResponse, ErrorType, chat};

use crate::support::{read, refused, write};

#[test]
fn wire_27_all_four_keys_always_stand() {
    let error = ErrorBody::new(ErrorType::ServerError, "m");
    let json = r#"{"error":{"message":"m","type":"server_error","param":null,"code":null}}"#;
    assert_eq!(write(&ErrorResponse::new(error.clone())), json);
    assert_eq!(read::<ErrorResponse>(json), error.into());

    let named =
        ErrorBody::new(ErrorType::InvalidRequestError, "m").param("messages[0].role").code("invalid_value");
    assert_eq!(
        write(&named),
        r#"{"message":"m","type":"invalid_request_error","param":"messages[0].role","code":"invalid_value"}"#,
    );
}

#[test]
fn wire_27_a_code_is_never_written_as_a_number() {
    for code in ["404", "-1", "4.5", "{}", r#""404""#] {
        let error: ErrorBody = read(&format!(r#"{{"message": "m", "type": "t", "code": {code}}}"#));
        assert_eq!(error.code.as_deref(), Some(code.trim_matches('"')));
        assert!(error.param.is_none());
    }
}

#[test]
fn wire_27_absent_and_null_fields_are_written_all_the_same() {
    for json in
        [r#"{"error":{"message":"m"}}"#, r#"{"error":{"message":"m","type":null,"param":null,"code":null}}"#]
    {
        let response: ErrorResponse = read(json);
        assert_eq!(response.error, ErrorBody::new(ErrorType::Other(String::new()), "m"));
        assert_eq!(write(&response), r#"{"error":{"message":"m","type":"","param":null,"code":null}}"#);
    }
    assert_eq!(read::<ErrorBody>("{}"), read(r#"{"message": null}"#));
}

#[test]
fn a_lone_text_is_the_message() {
    let response: ErrorResponse = read(r#"{"error": "m"}"#);
    assert_eq!(response.error, ErrorBody::new(ErrorType::from(""), "m"));
    for none in ["{}", r#"{"error": null}"#, "[]", r#"{"object": "list"}"#] {
        assert_eq!(refused::<ErrorResponse>(none), "missing field `error`", "{none}");
    }
    assert_eq!(
        refused::<ErrorResponse>(r#"{"error": 1}"#),
        "invalid type: integer `1`, expected an object or a string",
    );
}

#[test]
fn an_error_may_stand_in_an_array_or_without_its_envelope() {
    let unavailable =
        r#"{"error":{"message":"m","type":"","param":null,"code":"503","status":"UNAVAILABLE"}}"#;
    let bare =
        r#"{"error":{"message":"m","type":"BadRequestError","param":null,"code":"400","object":"error"}}"#;
    for (json, expected) in [
        (r#"[{"error": {"code": 503, "message": "m", "status": "UNAVAILABLE"}}]"#, unavailable),
        (
            r#"{"object": "error", "message": "m", "type": "BadRequestError", "param": null, "code": 400}"#,
            bare,
        ),
    ] {
        let response: ErrorResponse = read(json);
        assert_eq!(write(&response), expected);
        let event = chat::StreamEvent::parse(json).expect("an event");
        assert_eq!(event, chat::StreamEvent::Error(response.error));
    }
    refused::<ErrorResponse>(r#"[{"error": "a"}, {"error": "b"}]"#);
}

#[test]
fn a_param_that_is_no_text_is_read_as_its_json() {
    let error: ErrorBody = read(r#"{"message": "m", "param": ["messages", 0]}"#);
    assert_eq!(error.param.as_deref(), Some(r#"["messages",0]"#));
}

#[test]
fn unknown_types_and_fields_survive() {
    let json =
        r#"{"error":{"message":"m","type":"BadRequestError","param":null,"code":null,"x":1},"status":400}"#;
    let response: ErrorResponse = read(json);
    assert_eq!(response.error.kind, ErrorType::Other("BadRequestError".to_owned()));
    assert_eq!(write(&response), json);
}

#[test]
fn an_error_is_displayed_as_its_message() {
    let error: Box<dyn std::error::Error> = Box::new(ErrorBody::new(ErrorType::RateLimitError, "too much"));
    assert_eq!(error.to_string(), "too much");
}

#[test]
fn an_error_without_a_message_is_displayed_as_its_type_and_code() {
    for (json, expected) in [
        (r#"{"code": 429, "type": "rate_limit_error"}"#, "rate_limit_error: 429"),
        (r#"{"code": 429, "message": ""}"#, "429"),
        (r#"{"code": "", "type": "rate_limit_error"}"#, "rate_limit_error"),
        ("{}", "an error without a message"),
    ] {
        assert_eq!(read::<ErrorBody>(json).to_string(), expected);
    }
}
