//! What the tests of encoders share: the bytes of an answer, from its body and chunk by chunk.

use actix_web::body::to_bytes;
use actix_web::test::TestRequest;
use antiphon_backend::{BackendError, Event};
use futures_util::{FutureExt, Stream, stream};

use super::Encode;
use super::body::Body;
use crate::in_flight::InFlight;
use crate::keep_alive::KeepAlive;
use crate::observe::{Record, Watched};
use crate::sse;

/// Events on their way to an encoder.
pub(crate) fn watched(events: impl Stream<Item = Result<Event, BackendError>> + Send + 'static) -> Watched {
    let request = TestRequest::default().to_http_request();
    Record::new(request, InFlight::default().enter()).watch(Box::pin(events))
}

/// What a client reads of these events.
pub(crate) fn sent(encoder: impl Encode, events: Vec<Event>) -> String {
    let events = watched(stream::iter(events.into_iter().map(Ok)));
    let body = Body::new(events, encoder, KeepAlive::never());
    text(to_bytes(body).now_or_never().expect("all is ready").expect("no error").into())
}

/// What it would read if every chunk were serialised by itself.
pub(crate) fn serialised(mut encoder: impl Encode, events: Vec<Event>) -> String {
    let mut buffer = Vec::new();
    for event in events {
        encoder.event(event, |chunk| sse::data(&mut buffer, chunk));
    }
    encoder.end(|chunk| sse::data(&mut buffer, chunk));
    sse::done(&mut buffer);
    text(buffer)
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("UTF-8")
}
