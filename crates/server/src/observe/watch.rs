//! Notes what the log tells of a generation, as its events pass.

use std::error::Error;
use std::pin::Pin;
use std::task::{Context, Poll};

use antiphon_backend::{BackendError, ErrorKind, Event, EventStream};
use futures_util::Stream;
use tracing::{debug, error};

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
            event if !self.spoke && event.is_content() => {
                self.spoke = true;
                self.record.first_token();
            }
            _ => {}
        }
    }

    /// A caller's mistake is told to the caller; the causes of all else only whoever runs the server can mend.
    fn note_failure(&self, failure: &BackendError) {
        self.record.failed();
        let request_id = self.record.id();
        let causes = causes(failure);
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

/// An error and what it came from, outermost first.
fn causes(failure: &dyn Error) -> String {
    let mut text = failure.to_string();
    let mut cause = failure.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_are_told_outermost_first() {
        let failure = BackendError::new(ErrorKind::Upstream, "the upstream failed")
            .with_source(std::io::Error::other("connection refused"));
        assert_eq!(causes(&failure), "the upstream failed: connection refused");
    }
}
