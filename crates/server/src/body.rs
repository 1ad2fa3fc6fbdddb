//! Reads a request's body: within a size, within a time, and only if it is JSON in UTF-8.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::error::PayloadError;
use actix_web::http::header;
use actix_web::web::Payload;
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use tokio::time::timeout;

use crate::error::ApiError;

/// The bounds of a body.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// In bytes.
    pub(crate) size: usize,
    /// From the head to the last byte.
    pub(crate) time: Duration,
}

/// Reads the whole body.
///
/// What is left of it after an error is read on and thrown away for a second, once the answer is sent, so that a client
/// that still writes gets to read the answer. That is actix-web's to do, as long as the payload is not dropped before.
///
/// # Errors
/// 415 for another media type, 413 for a longer body, 408 for a slower one, 400 for one that ends early or has no end.
pub(crate) async fn read(
    request: &HttpRequest,
    payload: &mut Payload,
    bounds: Bounds,
) -> Result<Bytes, ApiError> {
    json_in_utf8(request)?;
    has_an_end(request)?;
    if declared_length(request).is_some_and(|length| length > bounds.size) {
        return Err(ApiError::too_large(bounds.size));
    }
    timeout(bounds.time, collect(payload, bounds.size)).await.unwrap_or(Err(ApiError::body_timeout()))
}

async fn collect(payload: &mut Payload, limit: usize) -> Result<Bytes, ApiError> {
    let mut body = Body::Empty;
    let mut length = 0;
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| match error {
            PayloadError::Incomplete(_) => ApiError::body_ended_early(),
            _ => ApiError::invalid("The request body was framed wrongly."),
        })?;
        length += chunk.len();
        if length > limit {
            return Err(ApiError::too_large(limit));
        }
        body.push(chunk);
    }
    Ok(body.finish())
}

fn declared_length(request: &HttpRequest) -> Option<usize> {
    request.headers().get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// A body that is copied only if it comes in pieces.
enum Body {
    Empty,
    Whole(Bytes),
    Pieces(BytesMut),
}

impl Body {
    fn push(&mut self, chunk: Bytes) {
        match self {
            Self::Empty => *self = Self::Whole(chunk),
            Self::Whole(first) => {
                let mut pieces = BytesMut::with_capacity(2 * (first.len() + chunk.len()));
                pieces.extend_from_slice(first);
                pieces.extend_from_slice(&chunk);
                *self = Self::Pieces(pieces);
            }
            Self::Pieces(pieces) => pieces.extend_from_slice(&chunk),
        }
    }

    fn finish(self) -> Bytes {
        match self {
            Self::Empty => Bytes::new(),
            Self::Whole(bytes) => bytes,
            Self::Pieces(pieces) => pieces.freeze(),
        }
    }
}

/// Refuses a body that actix-web would read on until the client leaves, whatever its length.
///
/// That is one behind a request to upgrade to a WebSocket, which nobody may wait for: a 408 is sent again and again.
fn has_an_end(request: &HttpRequest) -> Result<(), ApiError> {
    let mut upgrades = request.headers().get_all(header::UPGRADE);
    let to_websocket =
        upgrades.any(|upgrade| upgrade.as_bytes().trim_ascii().eq_ignore_ascii_case(b"websocket"));
    if to_websocket && !request.headers().contains_key(header::TRANSFER_ENCODING) {
        return Err(ApiError::invalid(
            "A request with the header 'Upgrade: websocket' cannot have a body here.",
        ));
    }
    Ok(())
}

/// Refuses what says of itself that it is something else; a body that says nothing is taken for JSON.
fn json_in_utf8(request: &HttpRequest) -> Result<(), ApiError> {
    let given = |name| request.headers().get_all(name).map(|value| String::from_utf8_lossy(value.as_bytes()));
    let encoding = given(header::CONTENT_ENCODING)
        .find(|encoding| !(encoding.is_empty() || encoding.eq_ignore_ascii_case("identity")));
    if let Some(encoding) = encoding {
        return Err(ApiError::unsupported_content_type(&format!("content-encoding: {encoding}")));
    }
    match given(header::CONTENT_TYPE).find(|content_type| !is_json_in_utf8(content_type)) {
        Some(content_type) => Err(ApiError::unsupported_content_type(&content_type)),
        None => Ok(()),
    }
}

fn is_json_in_utf8(content_type: &str) -> bool {
    let mut parts = content_type.split(';').map(str::trim);
    let media_type = parts.next().unwrap_or_default().to_ascii_lowercase();
    let json = media_type == "application/json"
        || (media_type.starts_with("application/") && media_type.ends_with("+json"));
    json && parts.filter_map(|parameter| parameter.split_once('=')).all(|(name, value)| {
        let value = value.trim_matches('"');
        !name.trim().eq_ignore_ascii_case("charset")
            || value.eq_ignore_ascii_case("utf-8")
            || value.eq_ignore_ascii_case("utf8")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_told_by_its_type_and_charset() {
        for (content_type, expected) in [
            ("application/json", true),
            ("Application/JSON; charset=UTF-8", true),
            ("application/json; charset=\"utf8\"; boundary=x", true),
            ("application/vnd.api+json", true),
            ("application/json; charset=utf-16", false),
            ("text/plain", false),
            ("multipart/form-data; boundary=x", false),
            ("", false),
        ] {
            assert_eq!(is_json_in_utf8(content_type), expected, "{content_type}");
        }
    }

    #[test]
    fn a_body_in_one_piece_is_not_copied() {
        let chunk = Bytes::from_static(b"{}");
        let mut body = Body::Empty;
        body.push(chunk.clone());
        assert_eq!(body.finish().as_ptr(), chunk.as_ptr());
        let mut body = Body::Empty;
        for chunk in [chunk.clone(), chunk.clone(), chunk] {
            body.push(chunk);
        }
        assert_eq!(body.finish(), "{}{}{}");
    }
}
