//! Bodies that are no JSON, or JSON of an evil size.

use std::time::{Duration, Instant};

use antiphon_backend::EchoBackend;
use antiphon_tests::{Antiphon, Connection, Request, Served, ask, send};

use super::{NO_JSON, Owed, check, raw};

#[test]
fn wire_28_what_is_not_json_is_a_400() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let good = ask("hello").to_string();
    check(vec![
        ("empty", b"".to_vec(), NO_JSON),
        ("white space", b" \n\t ".to_vec(), NO_JSON),
        ("truncated", good[..good.len() - 3].into(), NO_JSON),
        ("trailing bytes", format!("{good} x").into(), NO_JSON),
        ("two documents", format!("{good}{good}").into(), NO_JSON),
        ("byte order mark", format!("\u{feff}{good}").into(), NO_JSON),
        (
            "invalid UTF-8",
            raw("user", "\"\u{1}\"").into_iter().map(|byte| if byte == 1 { 0xff } else { byte }).collect(),
            NO_JSON,
        ),
        ("lone surrogate", raw("user", r#""\ud800""#), NO_JSON),
        ("reversed surrogates", raw("user", r#""\udc00\ud800""#), NO_JSON),
        ("control character in a string", raw("user", "\"\n\""), NO_JSON),
        ("NaN", raw("temperature", "NaN"), NO_JSON),
        ("number that no float holds", raw("temperature", "1e999"), NO_JSON),
        ("single quotes", b"{'model': 'echo'}".to_vec(), NO_JSON),
        ("trailing comma", raw("user", "\"u\","), NO_JSON),
        // The request itself is the first level.
        ("depth 129", raw("zzz", &nested(128)), NO_JSON),
        ("depth 100,000", "[".repeat(100_000).into(), NO_JSON),
        ("depth 100,000 in a field", raw("zzz", &"[".repeat(100_000)), NO_JSON),
        ("form", b"model=echo&messages=hello".to_vec(), NO_JSON),
    ]);
}

#[test]
fn wire_28_top_level_that_is_no_object_is_a_400() {
    let invalid: Owed = (None, Some("invalid_type"));
    check(["[]", "null", "42", "true", "\"model\"", "[{}]"].map(|body| (body, body.into(), invalid)).into());
}

#[test]
fn wire_28_depth_within_the_bound_is_accepted() {
    let antiphon = Antiphon::start();
    // 128 levels, with the request itself.
    let nested = format!("{}{}", "[".repeat(127), "]".repeat(127));
    let request = Request::new("POST", "/v1/chat/completions").body(raw("zzz", &nested));
    assert_eq!(send(antiphon.address(), &request).status(), 200);
}

#[test]
fn duplicate_keys_are_refused() {
    let twice = |param| (Some(param), Some("duplicate_parameter"));
    check(vec![
        ("model", raw("model", "\"echo\""), twice("model")),
        ("n", raw("n", "1,\"n\":2"), twice("n")),
        (
            "role",
            br#"{"model":"echo","messages":[{"role":"user","role":"system","content":"x"}]}"#.to_vec(),
            twice("messages[0].role"),
        ),
        (
            "content",
            br#"{"model":"echo","messages":[{"role":"user","content":"a","content":"b"}]}"#.to_vec(),
            twice("messages[0].content"),
        ),
    ]);
}

#[test]
fn schema_of_depth_1000_is_refused_as_too_deep() {
    let schema = format!("{}{}", "{\"not\":".repeat(1_000), "{}".to_owned() + &"}".repeat(1_000));
    let format = format!(r#"{{"type":"json_schema","json_schema":{{"name":"s","schema":{schema}}}}}"#);
    check(vec![("depth 1,000", raw("response_format", &format), NO_JSON)]);
}

#[test]
fn huge_keys_and_a_million_keys_are_answered_soon() {
    let served = Served::start(EchoBackend::default());
    let million = (0..1_000_000).map(|number| format!("\"{number}\":1")).collect::<Vec<_>>().join(",");
    let mut beside = raw("zzz", "1");
    beside.splice(1..1, format!("{million},").into_bytes());
    let rows = [
        // Unknown fields are accepted, but not any number of them.
        (raw(&"k".repeat(1_000_000), "1"), 200),
        (raw("zzz", &format!("{{{million}}}")), 400),
        (beside, 400),
    ];
    for (body, status) in rows {
        let mut connection = Connection::open(served.address());
        let request = Request::new("POST", "/v1/chat/completions").body(body);
        let bytes = request.bytes();
        let sent = Instant::now();
        connection.send(&bytes);
        let response = connection.response();
        assert_eq!(response.status(), status, "{:.300}", response.text());
        let took = sent.elapsed();
        // A build without optimisation is many times slower.
        let bound = Duration::from_millis(if cfg!(debug_assertions) { 10_000 } else { 200 });
        assert!(took < bound, "took {took:?}");
    }
}
