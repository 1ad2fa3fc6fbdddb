//! Notes what the log tells of a generation, as its events pass.

use std::pin::Pin;
use std::task::{Context, Poll};

use antiphon_backend::{BackendError, ErrorKind, Event, EventStream};
use futures_util::Stream;
use tracing::error;

use super::Record;

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
            _ if !self.spoke => {
                self.spoke = true;
                self.record.first_token();
            }
            _ => {}
        }
    }

    fn note_failure(&self, failure: &BackendError) {
        self.record.failed();
        // A client reads none of these; whoever runs the server has to.
        if matches!(failure.kind(), ErrorKind::Internal | ErrorKind::Contract) {
            error!(request_id = self.record.id(), error = %failure, "backend failed");
        }
    }
}

impl Stream for Watched {
    type Item = Result<Event, BackendError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let polled = self.events.as_mut().poll_next(context);
        match &polled {
            Poll::Ready(Some(Ok(event))) => self.note(event),
            Poll::Ready(Some(Err(failure))) => self.note_failure(failure),
            _ => {}
        }
        polled
    }
}
