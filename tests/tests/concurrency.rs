//! Many streams at once.

use std::io::ErrorKind;
use std::sync::Arc;
use std::thread;

use antiphon_tests::{Antiphon, Connection, Request, Scripted, Served, Step, ask, ask_model, send, streamed};
use tokio::sync::Barrier;

const STREAMS: usize = 500;

/// Whether an answer has begun to arrive.
fn has_begun(connection: &Connection) -> bool {
    let socket = connection.socket();
    socket.set_nonblocking(true).expect("an open socket");
    let peeked = socket.peek(&mut [0]);
    socket.set_nonblocking(false).expect("an open socket");
    !matches!(peeked, Err(error) if error.kind() == ErrorKind::WouldBlock)
}

/// Opens 500 streams; `None` where the first answer began before the last request was sent.
fn open_streams(antiphon: &Antiphon) -> Option<Vec<Connection>> {
    let connections: Vec<Connection> = (0..STREAMS)
        .map(|number| {
            let mut connection = Connection::open(antiphon.address());
            connection.send(&Request::chat(&streamed(ask(&secret(number)))).bytes());
            connection
        })
        .collect();
    (!has_begun(&connections[0])).then_some(connections)
}

/// A text that no other stream has.
fn secret(number: usize) -> String {
    (0..20).map(|word| format!("s{number}w{word}")).collect::<Vec<_>>().join(" ")
}

#[test]
fn five_hundred_streams_at_once_get_their_own_texts() {
    // All requests are on their way before the first token comes; a slow machine is given longer.
    let connections = [1_000, 5_000, 25_000].into_iter().find_map(|delay| {
        let antiphon = Antiphon::with_config(&format!(
            "[[backends]]\nkind = \"echo\"\nfirst_token_delay_ms = {delay}\ntoken_delay_ms = 5\n"
        ));
        open_streams(&antiphon).map(|connections| (antiphon, connections))
    });
    let (_antiphon, connections) = connections.expect("500 requests are sent within 25 s");
    for (number, mut connection) in connections.into_iter().enumerate() {
        let transcript = connection.response().transcript();
        let expected =
            format!("As a mock AI assistant, I can only echo your last message: {}", secret(number));
        assert_eq!(transcript.text(), expected);
        assert_eq!(transcript.finishes(0), ["stop"]);
    }
}

#[test]
fn streams_that_wait_for_each_other_all_go_on() {
    let barrier = Arc::new(Barrier::new(50));
    let steps = [Step::text("one "), Step::Meet(barrier), Step::text("two"), Step::stop()];
    let served = Served::start(Scripted::always(steps));
    let address = served.address();
    let clients: Vec<_> = (0..50)
        .map(|_| {
            let request = Request::chat(&streamed(ask_model("scripted", "go")));
            thread::spawn(move || send(address, &request).transcript().text())
        })
        .collect();
    for client in clients {
        assert_eq!(client.join().expect("a client that ends"), "one two");
    }
}
