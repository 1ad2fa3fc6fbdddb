//! A body that knows when the whole of it was sent.

use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::web::Payload;
use bytes::Bytes;

use super::Record;

/// An answer's body and the record that ends with it.
pub(crate) struct Recorded {
    body: BoxBody,
    /// Not read here: see [`Record::answer`].
    _payload: Payload,
    record: Record,
}

impl Recorded {
    pub(super) fn new(body: BoxBody, payload: Payload, record: Record) -> Self {
        // A body of no bytes is never asked for any.
        if matches!(body.size(), BodySize::None | BodySize::Sized(0)) {
            record.complete();
        }
        Self { body, _payload: payload, record }
    }
}

impl MessageBody for Recorded {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let polled = Pin::new(&mut self.body).poll_next(context);
        match (&polled, self.body.size()) {
            // A sized body is sent whole in its first piece.
            (Poll::Ready(None), _) | (Poll::Ready(Some(Ok(_))), BodySize::None | BodySize::Sized(_)) => {
                self.record.complete();
            }
            _ => {}
        }
        polled
    }
}
