//! HTTP itself: paths, headers, bodies in pieces, and connections that are used again.

use antiphon_tests::{Antiphon, Connection, Request, Transcript, ask, send, streamed};

use crate::requests::{PREFIX, assert_echo};

#[test]
fn wire_24_content_type_may_be_absent_or_have_a_charset() {
    let antiphon = Antiphon::start();
    let post = || Request::new("POST", "/v1/chat/completions");
    assert_echo(&send(antiphon.address(), &post().body(ask("hello").to_string())), "hello");
    let types = ["application/json; charset=utf-8", "application/json;charset=UTF-8", "Application/JSON"];
    for content_type in types {
        let request = post().header("content-type", content_type).body(ask("hello").to_string());
        assert_echo(&send(antiphon.address(), &request), "hello");
    }
}

#[test]
fn wire_24_upgrade_to_h2c_is_ignored_and_the_body_kept() {
    let request = Request::chat(&ask("hello"))
        .header("connection", "Upgrade, HTTP2-Settings")
        .header("upgrade", "h2c")
        .header("http2-settings", "AAMAAABkAAQCAAAAAAIAAAAA");
    assert_echo(&send(Antiphon::start().address(), &request), "hello");
}

#[test]
fn wire_24_connection_that_ends_after_an_upgrade_says_so() {
    let antiphon = Antiphon::start();
    for request in [
        Request::chat(&ask("hello")).header("connection", "Upgrade").header("upgrade", "h2c"),
        Request::chat(&streamed(ask("hello"))).header("connection", "upgrade"),
        Request::get("/v1/models").header("connection", "keep-alive, Upgrade").header("upgrade", "websocket"),
    ] {
        let mut connection = Connection::open(antiphon.address());
        connection.send(&request.bytes());
        let response = connection.response();
        assert_eq!((response.status(), response.header("connection")), (200, Some("close")));
        assert_eq!(connection.rest(), b"");
    }
}

#[test]
fn stream_to_http_1_0_ends_with_the_connection_and_has_no_chunks() {
    let antiphon = Antiphon::start();
    let body = streamed(ask("hello")).to_string();
    for header in ["", "connection: keep-alive\r\n"] {
        let mut connection = Connection::open(antiphon.address());
        let length = body.len();
        let head = format!("POST /v1/chat/completions HTTP/1.0\r\n{header}content-length: {length}\r\n\r\n");
        connection.send((head + &body).as_bytes());
        let answer = String::from_utf8(connection.rest()).expect("an answer of text");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        assert!(head.starts_with("HTTP/1.0 200 OK\r\n"), "{head}");
        assert!(!head.contains("transfer-encoding") && !head.contains("connection"), "{head}");
        assert_eq!(Transcript::read(body.as_bytes()).text(), format!("{PREFIX}hello"));
    }
}

#[test]
fn wire_24_expect_100_continue_is_answered_before_the_body() {
    let antiphon = Antiphon::start();
    let request = Request::chat(&ask("hello")).header("expect", "100-continue");
    let mut connection = Connection::open(antiphon.address());
    connection.send(&request.head());
    assert_eq!(connection.head().status, 100);
    connection.send(ask("hello").to_string().as_bytes());
    assert_echo(&connection.response(), "hello");
}

#[test]
fn wire_24_body_may_come_in_chunks_cut_anywhere() {
    let antiphon = Antiphon::start();
    let mut connection = Connection::open(antiphon.address());
    let request = Request::new("POST", "/v1/chat/completions").header("transfer-encoding", "chunked");
    connection.send(&request.head());
    for piece in ask("héllo").to_string().as_bytes().chunks(3) {
        connection.send(format!("{:x}\r\n", piece.len()).as_bytes());
        connection.send(piece);
        connection.send(b"\r\n");
    }
    connection.send(b"0\r\n\r\n");
    assert_echo(&connection.response(), "héllo");
}

#[test]
fn parser_refuses_heads_beyond_its_own_limits() {
    let antiphon = Antiphon::start();
    let answer = |head: &str| {
        let mut connection = Connection::open(antiphon.address());
        connection.offer(head.as_bytes());
        connection.response()
    };
    let headers =
        |count: usize| format!("GET /v1/models HTTP/1.1\r\nhost: x\r\n{}\r\n", "a: b\r\n".repeat(count - 1));
    assert_eq!(answer(&headers(96)).status(), 200);
    for head in [headers(97), format!("GET / HTTP/1.1\r\nhost: x\r\na: {}", "b".repeat(131_072))] {
        let response = answer(&head);
        assert_eq!((response.status(), response.text().as_str()), (431, ""));
    }
}

#[test]
fn wire_25_paths_stand_with_and_without_v1_and_forgive_slashes() {
    let antiphon = Antiphon::start();
    let body = ask("hello");
    for path in [
        "/v1/chat/completions",
        "/chat/completions",
        "/v1/chat/completions/",
        "/chat/completions/",
        "//v1/chat/completions",
        "/v1//chat/completions",
        "/v1/chat//completions//",
        "//chat/completions",
        "/chat/completions?api-version=1",
    ] {
        let response = send(antiphon.address(), &Request::new("POST", path).json(&body));
        assert_eq!(response.status(), 200, "{path}: {}", response.text());
        assert_echo(&response, "hello");
    }
    for path in ["/v1/models", "/models", "/models/", "//v1//models", "/v1/models/echo", "/models/echo/"] {
        assert_eq!(send(antiphon.address(), &Request::get(path)).status(), 200, "{path}");
    }
    for path in ["/healthz", "/readyz", "/v1/healthz", "/v1/readyz", "/healthz/", "//readyz"] {
        assert_eq!(send(antiphon.address(), &Request::get(path)).status(), 200, "{path}");
    }
}

#[test]
fn pipelined_requests_are_all_answered_in_order() {
    let antiphon = Antiphon::start();
    let mut connection = Connection::open(antiphon.address());
    let requests: Vec<u8> =
        (0..200).flat_map(|number| Request::chat(&ask(&number.to_string())).bytes()).collect();
    connection.send(&requests);
    for number in 0..200 {
        assert_echo(&connection.response(), &number.to_string());
    }
}

#[test]
fn connection_serves_the_next_request_after_done() {
    let antiphon = Antiphon::start();
    let mut connection = Connection::open(antiphon.address());
    for text in ["first", "second", "third"] {
        connection.send(&Request::chat(&streamed(ask(text))).bytes());
        assert!(connection.response().transcript().text().ends_with(text));
    }
}
