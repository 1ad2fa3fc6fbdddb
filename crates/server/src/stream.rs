//! Streamed answers, whatever they are chunks of: the wait for the first event, the head, the body.

mod body;
mod encode;
mod options;
#[cfg(test)]
pub(crate) mod testing;

use actix_web::HttpResponse;
use futures_util::StreamExt;

use self::body::Body;
pub(crate) use self::encode::Encode;
pub(crate) use self::options::{Options, padding};
use crate::error::ApiError;
use crate::keep_alive::KeepAlive;
use crate::observe::Watched;
use crate::sse;

/// Answers with the events of one generation, as they come.
///
/// Waits for the first event, so that an early failure has its own status; but not for longer than a stream may be silent.
pub(crate) async fn respond(
    mut events: Watched,
    encoder: impl Encode,
    keep_alive: KeepAlive,
) -> Result<HttpResponse, ApiError> {
    let first = match keep_alive.interval() {
        Some(most) => tokio::time::timeout(most, events.next()).await.ok(),
        None => Some(events.next().await),
    };
    let body = Body::new(events, encoder, keep_alive);
    let body = match first {
        Some(Some(Ok(event))) => body.first(event),
        Some(Some(Err(error))) => return Err(ApiError::from(&error)),
        // The silence has lasted an interval, and the body begins with saying that it lives; or the events are over.
        None | Some(None) => body,
    };
    let mut response = HttpResponse::Ok();
    for header in sse::headers() {
        response.insert_header(header);
    }
    Ok(response.body(body))
}
