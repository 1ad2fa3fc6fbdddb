use std::time::Duration;

use actix_web::body::to_bytes;
use actix_web::test::TestRequest;
use antiphon_backend::ErrorKind;
use antiphon_types::Usage;
use antiphon_types::chat::{Chunk, FinishReason};
use futures_util::stream;
use proptest::prelude::*;

use super::super::encode::Options;
use super::*;
use crate::observe::Record;

const SILENT: Duration = Duration::from_secs(15);

fn encoder(choices: u32) -> Encoder {
    Encoder::new(Chunk::new("chatcmpl-1", 1, "m"), choices, Options { usage: true, ..Options::default() })
}

fn body(
    events: impl futures_util::Stream<Item = Result<Event, BackendError>> + Send + 'static,
    form: Form,
) -> Body {
    let record = Record::new(TestRequest::default().to_http_request());
    let keep_alive = KeepAlive::new(form, Some(SILENT));
    Body::new(record.watch(Box::pin(events)), encoder(2), 2, keep_alive)
}

/// What a client reads of these events, in one piece.
fn sent(events: Vec<Result<Event, BackendError>>) -> String {
    let bytes = futures_util::FutureExt::now_or_never(to_bytes(body(stream::iter(events), Form::Comment)));
    String::from_utf8(bytes.expect("all is ready").expect("no error").into()).expect("UTF-8")
}

#[test]
fn a_failure_is_one_error_event_and_the_end() {
    let failure = BackendError::new(ErrorKind::Overloaded, "full");
    let text = sent(vec![Ok(Event::text("a")), Err(failure), Ok(Event::text("never"))]);
    let events: Vec<_> = text.split_terminator("\n\n").collect();
    assert_eq!(events.len(), 4, "{text}");
    assert_eq!(
        events[2..],
        [
            r#"data: {"error":{"message":"full","type":"service_unavailable_error","param":null,"code":"server_is_overloaded"}}"#,
            "data: [DONE]"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn silence_is_filled_in_the_form_that_was_chosen() {
    for (form, expected) in [(Form::Comment, ": keep-alive"), (Form::Chunk, r#""delta":{}"#)] {
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

fn content() -> impl Strategy<Value = Event> {
    prop_oneof![
        4 => ".*".prop_map(Event::text),
        1 => ".*".prop_map(Event::reasoning),
        1 => ".*".prop_map(Event::refusal),
        1 => Just(Event::tool_call(1, "call_1", "f")),
        1 => ".*".prop_map(|fragment| Event::arguments(1, fragment)),
    ]
}

proptest! {
    /// The ready-made events of texts are the ones that serialising would give.
    #[test]
    fn templates_change_no_byte(contents in prop::collection::vec((content(), 0..2_u32), 0..20)) {
        let mut events: Vec<Event> = contents.into_iter().map(|(event, choice)| event.at(choice)).collect();
        events.extend([0, 1].map(|choice| Event::finish(FinishReason::Stop).at(choice)));
        events.push(Event::usage(Usage::new(1, 2)));
        let mut expected = Vec::new();
        let mut encoder = encoder(2);
        for event in events.clone() {
            encoder.event(event, |chunk| sse::data(&mut expected, chunk));
        }
        encoder.end(|chunk| sse::data(&mut expected, chunk));
        sse::done(&mut expected);
        prop_assert_eq!(sent(events.into_iter().map(Ok).collect()), String::from_utf8(expected).expect("UTF-8"));
    }
}
