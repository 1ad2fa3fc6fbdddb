use antiphon_types::json;

use super::*;

fn names() -> Names {
    Names {
        asked: "fast".to_owned(),
        upstream: "llama-8b".to_owned(),
        secrets: ["gpu-1".to_owned(), "sk-12345678".to_owned()].into(),
    }
}

fn refused(status: u16, body: antiphon_types::Value) -> Failure {
    let told = Some(Box::new(serde_json::from_value(body).expect("an error")));
    Failure::Refused { status, told, retry_after: None }
}

/// Compares the kind, param and code of a refusal with this body.
fn check(status: u16, body: antiphon_types::Value, expected: (ErrorKind, Option<&str>, Option<&str>)) {
    let error = refused(status, body).into_error(&names());
    assert_eq!((error.kind(), error.param(), error.code()), expected, "{status}");
    assert!(std::error::Error::source(&error).is_some(), "the log has no cause");
}

#[test]
fn callers_mistakes_keep_param_and_code() {
    let body = json!({"message": "no", "type": "invalid_request_error", "param": "n", "code": "c"});
    for status in [400, 413, 422] {
        check(status, body.clone(), (ErrorKind::InvalidRequest, Some("n"), Some("c")));
    }
    check(404, body, (ErrorKind::NotFound, Some("n"), Some("c")));
    let numbered = json!({"message": "no", "type": "BadRequestError", "param": null, "code": 400});
    check(400, numbered, (ErrorKind::InvalidRequest, None, None));
    let openai = json!({"message": "long", "param": "messages", "code": "context_length_exceeded"});
    let expected = (ErrorKind::ContextLength, Some("messages"), Some("context_length_exceeded"));
    check(400, openai, expected);
    let llama = json!({"message": "long", "type": "exceed_context_size_error", "code": 400});
    check(400, llama, (ErrorKind::ContextLength, None, None));
}

#[test]
fn what_is_not_the_callers_is_told_in_our_own_words() {
    let body = json!({"message": "gpu-1: bad key sk-123", "param": "x", "code": "invalid_api_key"});
    for (status, kind) in [
        (400, ErrorKind::Upstream),
        (401, ErrorKind::Upstream),
        (403, ErrorKind::Upstream),
        (402, ErrorKind::Upstream),
        (405, ErrorKind::Upstream),
        (408, ErrorKind::Timeout),
        (500, ErrorKind::Upstream),
        (502, ErrorKind::Upstream),
        (503, ErrorKind::Upstream),
        (504, ErrorKind::Timeout),
        (301, ErrorKind::Upstream),
    ] {
        check(status, body.clone(), (kind, None, None));
        let error = refused(status, body.clone()).into_error(&names());
        assert!(!format!("{error}{error:?}").contains("sk-123"), "{status}");
    }
    let quota = json!({"message": "org-7", "type": "insufficient_quota", "code": "insufficient_quota"});
    check(429, quota, (ErrorKind::RateLimited, None, Some("insufficient_quota")));
}

#[test]
fn words_of_the_upstream_name_the_model_as_it_was_asked_for() {
    let told = |message: &str| refused(404, json!({"message": message})).into_error(&names()).to_string();
    assert_eq!(told("no llama-8b here"), "no fast here");
    assert_eq!(told("not on gpu-1"), "The server behind this model does not know the model.");
    assert_eq!(told("key sk-12345678 is wrong"), "The server behind this model does not know the model.");
    assert_eq!(told(""), "The server behind this model does not know the model.");
    assert_eq!(told(&"é".repeat(9_000)).len(), MOST_WORDS);
}

#[test]
fn wait_is_handed_on() {
    let wait = Some(Duration::from_secs(7));
    for (status, kind) in [(429, ErrorKind::RateLimited), (503, ErrorKind::Overloaded)] {
        let failure = Failure::Refused { status, told: None, retry_after: wait };
        let error = failure.into_error(&names());
        assert_eq!((error.kind(), error.retry_after()), (kind, wait));
    }
}

#[test]
fn our_own_failures_have_their_kinds() {
    for (failure, kind) in [
        (Failure::ConnectTimeout, ErrorKind::Timeout),
        (Failure::FirstByte, ErrorKind::Timeout),
        (Failure::Stall, ErrorKind::Timeout),
        (Failure::Total, ErrorKind::Timeout),
        (Failure::Cut, ErrorKind::Upstream),
        (Failure::TooLong, ErrorKind::Upstream),
        (Failure::Malformed, ErrorKind::Upstream),
        (Failure::NoEndpoint, ErrorKind::Upstream),
    ] {
        assert_eq!(failure.into_error(&names()).kind(), kind);
    }
}

#[test]
fn errors_in_streams_have_the_status_that_they_would_have_had() {
    for (body, status) in [
        (json!({"message": "", "code": 400}), 400),
        (json!({"message": "", "code": "503"}), 503),
        (json!({"message": "", "type": "invalid_request_error", "code": "context_length_exceeded"}), 400),
        (json!({"message": "", "type": "invalid_request_error", "code": "model_not_found"}), 404),
        (json!({"message": "", "type": "requests"}), 429),
        (json!({"message": "", "type": "server_error"}), 500),
        (json!({"message": "", "code": 7}), 500),
        (json!({}), 500),
    ] {
        assert_eq!(status_of(&serde_json::from_value(body.clone()).unwrap()), status, "{body}");
    }
}
