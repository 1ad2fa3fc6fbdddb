//! The error envelope.

use antiphon_types::{ErrorBody, ErrorResponse, ErrorType};

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
    for code in ["404", "-1", "4.5", r#""404""#] {
        let error: ErrorBody = read(&format!(r#"{{"message": "m", "type": "t", "code": {code}}}"#));
        assert_eq!(error.code.as_deref(), Some(code.trim_matches('"')));
        assert!(error.param.is_none());
    }
    assert!(
        refused::<ErrorBody>(r#"{"message": "m", "type": "t", "code": {}}"#)
            .contains("expected a string or null")
    );
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
    assert_eq!(
        refused::<ErrorResponse>(r#"{"error": null}"#),
        "invalid type: null, expected an object or a string",
    );
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
