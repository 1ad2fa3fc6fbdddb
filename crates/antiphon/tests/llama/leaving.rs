//! A client that leaves gives its slot to the next.

use std::time::{Duration, Instant};

use antiphon_tests::{Connection, Request};
use serde_json::json;

use crate::served::{answered, chat, served};

#[test]
fn slot_is_free_for_the_next_client() {
    let Some(server) = served("slots = 1\nqueue = 1") else { return };
    // No token ends it: it has 1,900 to go, which take 20 seconds on a fast machine.
    let endless = json!({"logit_bias": {"0": -100, "2": -100, "4": -100}, "max_completion_tokens": 1900});
    for stream in [true, false] {
        let mut body = chat("Tell a story.", &endless);
        body["stream"] = stream.into();
        let mut connection = Connection::open(server.address());
        connection.send(&Request::chat(&body).bytes());
        if stream {
            // It has begun by then.
            assert_eq!(connection.head().status, 200);
        }
        drop(connection);
        let start = Instant::now();
        answered(&server, "Hello", &json!({"max_completion_tokens": 1}));
        let waited = start.elapsed();
        assert!(waited < Duration::from_secs(10), "{waited:?}");
    }
}
