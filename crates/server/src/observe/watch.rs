//! Notes what the log tells of a generation, as its events pass.

use std::pin::Pin;
use std::task::{Context, Poll};

use antiphon_backend::{BackendError, ErrorKind, Event, EventStream};
use futures_util::Stream;
use tracing::{debug, error};

use super::Record;
use crate::log::with_sources;

/// Events on their way to an encoder.
pub(crate) struct Watched {
    events: EventStream,
    record: Record,
    spoke: bool,
}

impl Watched {
    pub(super) fn new(events: EventStream, record: Record) -> Self {
        Self { events, record, spoke: false }
    }

    fn note(&mut self, event: &Event) {
        match event {
            Event::Usage(usage) => self.record.usage(usage),
            event if !self.spoke && event.is_content() => {
                self.spoke = true;
                self.record.first_token();
            }
            _ => {}
        }
    }
}

impl Record {
    /// Notes that a backend failed, and why.
    ///
    /// A caller's mistake is told to the caller; the causes of all else only whoever runs the server can mend.
    pub(crate) fn failure(&self, failure: &BackendError) {
        self.failed();
        let request_id = self.id();
        let causes = with_sources(failure);
        match failure.kind() {
            ErrorKind::InvalidRequest
            | ErrorKind::Unsupported
            | ErrorKind::ContextLength
            | ErrorKind::PermissionDenied
            | ErrorKind::NotFound => debug!(request_id, kind = ?failure.kind(), causes, "backend refused"),
            kind => error!(request_id, ?kind, causes, "backend failed"),
        }
    }
}

impl Stream for Watched {
    type Item = Result<Event, BackendError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let polled = self.events.as_mut().poll_next(context);
        match &polled {
            Poll::Ready(Some(Ok(event))) => self.note(event),
            Poll::Ready(Some(Err(failure))) => self.record.failure(failure),
            _ => {}
        }
        polled
    }
}
