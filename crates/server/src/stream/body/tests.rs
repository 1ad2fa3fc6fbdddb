use std::time::Duration;

use actix_web::body::to_bytes;
use antiphon_backend::ErrorKind;
use antiphon_types::chat::FinishReason;
use futures_util::stream;
use serde_json::{Value, json};

use super::super::testing::watched;
use super::*;

const SILENT: Duration = Duration::from_secs(15);

/// Sends each text of two choices, and each finish, as a chunk.
struct Plain(Value);

impl Plain {
    fn send(&mut self, choice: u32, text: &str, mut send: impl FnMut(&Value)) {
        self.0 = json!({"choice": choice, "text": text});
        send(&self.0);
    }
}

impl Encode for Plain {
    type Chunk = Value;

    const TEXT: &'static str = "text";

    fn choices(&self) -> usize {
        2
    }

    fn event(&mut self, event: Event, send: impl FnMut(&Value)) {
        match event {
            Event::Text { choice, text, .. } => self.send(choice, &text, send),
            Event::Finish { choice, reason } => self.send(choice, reason.as_str(), send),
            _ => {}
        }
    }

    fn end(&mut self, send: impl FnMut(&Value)) {
        self.send(0, "end", send);
    }

    fn keep_alive(&mut self, send: impl FnMut(&Value)) {
        self.send(0, "alive", send);
    }

    fn empty_text(&mut self, choice: u32) -> Option<&Value> {
        self.send(choice, "", |_| {});
        Some(&self.0)
    }
}

fn body(
    events: impl futures_util::Stream<Item = Result<Event, BackendError>> + Send + 'static,
    form: Form,
) -> Body<Plain> {
    Body::new(watched(events), Plain(Value::Null), KeepAlive::every(SILENT, form))
}

/// What a client reads of these events, in one piece.
fn sent(events: Vec<Result<Event, BackendError>>) -> String {
    let bytes = futures_util::FutureExt::now_or_never(to_bytes(body(stream::iter(events), Form::Comment)));
    String::from_utf8(bytes.expect("all is ready").expect("no error").into()).expect("UTF-8")
}

#[test]
fn events_are_chunks_and_the_end() {
    let events = [Event::text("a"), Event::text("\"").at(1), Event::text("b"), Event::text("c").at(1)];
    let expected = [
        r#"data: {"choice":0,"text":"a"}"#,
        r#"data: {"choice":1,"text":"\""}"#,
        r#"data: {"choice":0,"text":"b"}"#,
        r#"data: {"choice":1,"text":"c"}"#,
        r#"data: {"choice":0,"text":"end"}"#,
        "data: [DONE]",
    ];
    let text = sent(events.map(Ok).into());
    assert_eq!(text.split_terminator("\n\n").collect::<Vec<_>>(), expected);
}

#[test]
fn a_failure_is_one_error_event_and_the_end() {
    let failure = BackendError::new(ErrorKind::Overloaded, "full");
    let text = sent(vec![Ok(Event::text("a")), Err(failure), Ok(Event::text("never"))]);
    let events: Vec<_> = text.split_terminator("\n\n").collect();
    assert_eq!(
        events[1..],
        [
            r#"data: {"error":{"message":"full","type":"service_unavailable_error","param":null,"code":"server_is_overloaded"}}"#,
            "data: [DONE]"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn silence_is_filled_in_the_form_that_was_chosen() {
    for (form, expected) in [(Form::Comment, ": keep-alive"), (Form::Chunk, r#""text":"alive""#)] {
        let events = stream::once(async {
            tokio::time::sleep(2 * SILENT + SILENT / 2).await;
            Ok(Event::finish(FinishReason::Stop).at(0))
        });
        let bytes = to_bytes(body(events, form)).await.expect("no error");
        let text = String::from_utf8_lossy(&bytes);
        let fillers = text.split("\n\n").take_while(|event| !event.contains("stop"));
        assert_eq!(fillers.filter(|event| event.contains(expected)).count(), 2, "{text}");
    }
}

#[test]
fn what_is_ready_goes_out_in_one_piece() {
    let events = [Event::text("a"), Event::text("b"), Event::finish(FinishReason::Stop)].map(Ok);
    let mut body = body(stream::iter(events), Form::Comment);
    let mut context = Context::from_waker(futures_util::task::noop_waker_ref());
    let first = Pin::new(&mut body).poll_next(&mut context);
    assert!(matches!(first, Poll::Ready(Some(Ok(bytes))) if bytes.ends_with(b"data: [DONE]\n\n")));
    assert!(matches!(Pin::new(&mut body).poll_next(&mut context), Poll::Ready(None)));
}

#[test]
fn a_backend_that_is_always_ready_lets_others_have_their_turn() {
    let mut body = body(stream::repeat_with(|| Ok(Event::text("word "))), Form::Comment);
    let mut context = Context::from_waker(futures_util::task::noop_waker_ref());
    for _ in 0..3 {
        let mut written = 0;
        while let Poll::Ready(Some(Ok(bytes))) = Pin::new(&mut body).poll_next(&mut context) {
            written += bytes.len();
        }
        assert!((1..512 << 10).contains(&written), "{written} bytes in one turn");
    }
}
