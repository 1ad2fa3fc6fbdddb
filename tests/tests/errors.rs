//! Every failure has its status and the one envelope.

use std::io::Write;

use antiphon_backend::ModelInfo;
use antiphon_tests::{
    Antiphon, Connection, ECHO_ALONE, Request, Response, Schemas, Scripted, Served, Step, ask, ask_model,
    send, streamed,
};
use serde_json::{Value, json};

/// Asserts that an `error` object has its four keys, these values, and a message.
#[track_caller]
pub(crate) fn assert_error(error: &Value, kind: &str, param: Option<&str>, code: Option<&str>) {
    let mut keys: Vec<&str> =
        error.as_object().expect("an error object").keys().map(String::as_str).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["code", "message", "param", "type"]);
    assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()), "{error}");
    assert_eq!(
        (&error["type"], &error["param"], &error["code"]),
        (&json!(kind), &json!(param), &json!(code)),
        "{error}"
    );
    if let Some(schemas) = Schemas::get() {
        schemas.check("ErrorResponse", &json!({"error": error}));
    }
}

/// Asserts that an answer is a failure with this status, and gives its `error` object.
#[track_caller]
pub(crate) fn error_of(response: &Response, status: u16) -> Value {
    assert_eq!(response.status(), status, "{}", response.text());
    let content_type = response.header("content-type").unwrap_or_default();
    assert!(content_type.starts_with("application/json"), "{content_type}");
    assert!(response.header("x-request-id").is_some_and(|id| !id.is_empty()), "{:?}", response.head);
    let mut body = response.json();
    assert_eq!(body.as_object().map(serde_json::Map::len), Some(1), "{body}");
    body["error"].take()
}

/// Asserts that an answer is a 400 `invalid_request_error`.
#[track_caller]
pub(crate) fn assert_invalid(response: &Response, param: Option<&str>, code: Option<&str>) {
    assert_error(&error_of(response, 400), "invalid_request_error", param, code);
}

#[test]
fn wire_27_every_failure_has_the_envelope() {
    let antiphon = Antiphon::start();
    let check = |request: &Request, status: u16, code: Option<&str>| {
        let error = error_of(&send(antiphon.address(), request), status);
        assert_error(&error, "invalid_request_error", None, code);
    };
    for path in
        ["/", "/v1", "/v1/nope", "/nope", "/v2/chat/completions", "/v1/chat", "/v1/chat/completions/x/y"]
    {
        let error = error_of(&send(antiphon.address(), &Request::get(path)), 404);
        assert_eq!(
            (&error["type"], &error["param"]),
            (&json!("invalid_request_error"), &Value::Null),
            "{path}"
        );
    }
    for method in ["PUT", "PATCH", "DELETE", "TRACE"] {
        check(&Request::new(method, "/v1/chat/completions"), 405, None);
    }
    check(&Request::new("CONNECT", "localhost:443"), 405, None);
    check(&Request::new("POST", "/v1/models").json(&json!({})), 405, None);
    check(&Request::new("POST", "/healthz").json(&json!({})), 405, None);
    for content_type in ["text/plain", "multipart/form-data; boundary=x", "application/json; charset=latin1"]
    {
        let request = Request::new("POST", "/v1/chat/completions").header("content-type", content_type);
        check(&request.body(ask("hello").to_string()), 415, Some("unsupported_content_type"));
    }
    let compressed = Request::chat(&ask("hello")).header("content-encoding", "gzip");
    check(&compressed, 415, Some("unsupported_content_type"));
}

#[test]
fn wire_27_wrong_method_names_the_right_ones() {
    let antiphon = Antiphon::start();
    let allow = |method: &str, path: &str| {
        let response = send(antiphon.address(), &Request::new(method, path));
        assert_eq!(response.status(), 405);
        response.header("allow").unwrap_or_default().to_owned()
    };
    assert!(allow("PUT", "/v1/chat/completions").contains("POST"));
    assert!(allow("DELETE", "/v1/models").contains("GET"));
    assert!(allow("CONNECT", "localhost:443").contains("POST"));
}

#[test]
fn wire_27_body_over_the_limit_is_a_413_by_length_and_in_chunks() {
    let antiphon = Antiphon::with_config("[limits]\nbody_bytes = 4096\n");
    let body = ask(&"x".repeat(10_000)).to_string();
    let mut connection = Connection::open(antiphon.address());
    connection.offer(&Request::new("POST", "/v1/chat/completions").body(body.clone()).bytes());
    let error = error_of(&connection.response(), 413);
    assert_eq!((&error["type"], &error["param"]), (&json!("invalid_request_error"), &Value::Null));

    let mut connection = Connection::open(antiphon.address());
    let request = Request::new("POST", "/v1/chat/completions").header("transfer-encoding", "chunked");
    connection.offer(&request.head());
    connection.offer(format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len()).as_bytes());
    assert_eq!(error_of(&connection.response(), 413)["type"], "invalid_request_error");
}

#[test]
fn wire_27_body_declared_too_long_is_a_413_before_it_comes() {
    let antiphon = Antiphon::start();
    let mut connection = Connection::open(antiphon.address());
    let head = "POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-length: 99999999\r\n\r\n";
    connection.send(head.as_bytes());
    connection.send(b"{\"model\":");
    assert_eq!(error_of(&connection.response(), 413)["code"], "request_too_large");
}

#[test]
fn endless_body_is_not_read_for_ever_after_its_answer() {
    let antiphon = Antiphon::with_config("[limits]\nbody_bytes = 4096\n");
    for (method, path, status) in
        [("POST", "/v1/chat/completions", 413), ("POST", "/nowhere", 404), ("GET", "/v1/models", 200)]
    {
        let mut connection = Connection::open(antiphon.address());
        let head =
            format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n");
        connection.send(head.as_bytes());
        let mut socket = connection.socket().try_clone().expect("a socket can be cloned");
        let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
        // It ends because the server ends the connection.
        let writer =
            std::thread::spawn(move || (0..1 << 20).find(|_| socket.write_all(chunk.as_bytes()).is_err()));
        let response = connection.response();
        assert_eq!((response.status(), response.header("connection")), (status, Some("close")));
        assert!(writer.join().expect("a writer that ends").is_some(), "{method} {path}: 64 GiB were read");
    }
}

#[test]
fn wire_27_request_for_the_server_itself_has_the_envelope() {
    let antiphon = Antiphon::start();
    let mut connection = Connection::open(antiphon.address());
    connection.send(b"OPTIONS * HTTP/1.1\r\nhost: localhost\r\n\r\n");
    assert_eq!(error_of(&connection.response(), 404)["code"], "unknown_url");
}

#[test]
fn host_that_is_none_is_a_400() {
    let antiphon = Antiphon::start();
    for host in ["localhost/v1", "localhost?x", "a@localhost", "local host", "localhost#"] {
        for path in ["/v1/models", "/healthz", "/nowhere"] {
            let mut connection = Connection::open(antiphon.address());
            connection.send(format!("GET {path} HTTP/1.1\r\nhost: {host}\r\n\r\n").as_bytes());
            assert_invalid(&connection.response(), None, None);
        }
    }
    for host in ["", "localhost", "127.0.0.1:8000", "[::1]:8000", "xn--bcher-kva.example"] {
        let mut connection = Connection::open(antiphon.address());
        connection.send(format!("GET /v1/models HTTP/1.1\r\nhost: {host}\r\n\r\n").as_bytes());
        assert_eq!(connection.response().status(), 200, "{host}");
    }
}

#[test]
fn method_and_path_are_quoted_within_bounds() {
    let antiphon = Antiphon::with_config("[log]\nformat = \"json\"\n");
    for path in ["/v1/models", "/nowhere"] {
        let request = Request::new(&"M".repeat(10_000), &format!("{path}{}", "/".repeat(10_000)));
        let response = send(antiphon.address(), &request);
        assert!(matches!(response.status(), 404 | 405), "{}", response.status());
        assert!(response.body.len() < 1_000, "{}", response.text());
    }
    let log = antiphon.stop("TERM").log;
    assert!(log.lines().filter(|line| line.contains("MMM")).count() == 2, "{log}");
    assert!(log.lines().all(|line| line.len() < 1_000), "{log}");
}

#[test]
fn wire_30_body_behind_an_upgrade_to_a_websocket_is_refused_at_once() {
    let antiphon = Antiphon::start();
    for connection in ["Upgrade", "keep-alive"] {
        let request =
            Request::chat(&ask("hello")).header("connection", connection).header("upgrade", "WebSocket");
        let response = send(antiphon.address(), &request);
        assert_invalid(&response, None, None);
        assert_eq!(response.header("connection"), Some("close"));
    }
}

#[test]
fn wire_29_unknown_model_is_a_404_with_null_param() {
    let antiphon = Antiphon::with_config(ECHO_ALONE);
    for model in ["nope", "gpt-5", "../../etc/passwd", "%s%n", "'; DROP TABLE models; --"] {
        for body in [ask_model(model, "hello"), streamed(ask_model(model, "hello"))] {
            let error = error_of(&send(antiphon.address(), &Request::chat(&body)), 404);
            assert_error(&error, "invalid_request_error", None, Some("model_not_found"));
            assert!(error["message"].as_str().is_some_and(|message| message.contains(model)), "{error}");
        }
    }
}

#[test]
fn wire_29_context_overflow_is_seen_before_any_work() {
    let mut model = ModelInfo::new("small");
    model.context_length = Some(8);
    let (backend, sightings) =
        Scripted::always([Step::text("yes"), Step::stop()]).models([model]).prompt_tokens(9).watched();
    let served = Served::start(backend);
    for body in [ask_model("small", "go"), streamed(ask_model("small", "go"))] {
        let response = send(served.address(), &Request::chat(&body));
        assert_invalid(&response, Some("messages"), Some("context_length_exceeded"));
        assert!(response.text().contains("maximum context length is 8 tokens"), "{}", response.text());
    }
    assert_eq!(sightings.try_recv().ok(), None, "the backend was never called");
}

#[test]
fn wire_30_no_mistake_of_a_caller_is_worth_a_retry() {
    let antiphon = Antiphon::with_config(ECHO_ALONE);
    let post = |body: &str| Request::new("POST", "/v1/chat/completions").body(body);
    for request in [
        post("{"),
        post("{}"),
        post(r#"{"model":"echo","messages":[],"n":0}"#),
        post("{}").header("content-type", "text/plain"),
        Request::chat(&ask_model("nope", "hello")),
        Request::new("PUT", "/v1/models"),
        Request::get("/v1/models/nope"),
        Request::get("/nope"),
    ] {
        let response = send(antiphon.address(), &request);
        assert!(matches!(response.status(), 400 | 404 | 405 | 415), "{request:?}: {}", response.status());
        assert_eq!((response.header("retry-after"), response.header("retry-after-ms")), (None, None));
    }
}

#[test]
fn wire_31_every_answer_has_a_request_id() {
    let antiphon = Antiphon::start();
    let id = |request: &Request| {
        let response = send(antiphon.address(), request);
        response.header("x-request-id").expect("an id").to_owned()
    };
    let made = [
        id(&Request::chat(&ask("hello"))),
        id(&Request::chat(&streamed(ask("hello")))),
        id(&Request::get("/v1/models")),
        id(&Request::get("/healthz")),
        id(&Request::get("/nope")),
        id(&Request::new("PUT", "/v1/models")),
        id(&Request::new("POST", "/v1/chat/completions").body("{")),
    ];
    for made in &made {
        let hex = made.strip_prefix("req_").unwrap_or_default();
        assert!(hex.len() == 32 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()), "{made}");
    }
    let different: std::collections::BTreeSet<_> = made.iter().collect();
    assert_eq!(different.len(), made.len());
}

#[test]
fn wire_31_sane_request_id_of_the_client_is_kept_and_another_replaced() {
    let antiphon = Antiphon::start();
    let id_for = |sent: &str| {
        let response = send(antiphon.address(), &Request::chat(&ask("hello")).header("x-request-id", sent));
        response.header("x-request-id").expect("an id").to_owned()
    };
    assert_eq!(id_for("my-id_42.a"), "my-id_42.a");
    for odd in ["", "has space", "quote\"", &"x".repeat(5_000)] {
        assert!(id_for(odd).starts_with("req_"), "{odd:?} was kept");
    }
}

#[test]
fn answers_tell_their_processing_time() {
    let antiphon = Antiphon::start();
    for request in [Request::chat(&ask("hello")), Request::chat(&streamed(ask("hello")))] {
        let response = send(antiphon.address(), &request);
        let time = response.header("openai-processing-ms").expect("a time");
        assert!(time.parse::<u64>().is_ok(), "{time}");
    }
}
