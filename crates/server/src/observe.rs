//! One log line a request, written when its answer is over: sent whole, failed, left by the client, or
//! cut by the server's own end.
//!
//! Neither prompts nor answers nor keys are ever part of it.

mod body;
mod watch;

use std::cell::{Cell, OnceCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use actix_web::body::{BodySize, MessageBody};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::http::{ConnectionType, StatusCode, Version};
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use antiphon_backend::EventStream;
use antiphon_types::Usage;
use tracing::info;

pub(crate) use body::Recorded;
pub(crate) use watch::Watched;

use crate::error::LONGEST_PATH;
use crate::identifier;
use crate::in_flight::Entry;
use crate::models::LONGEST_NAME;
use crate::validate::{QUOTED, quoted};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const PROCESSING: HeaderName = HeaderName::from_static("openai-processing-ms");

/// As much of a model's name as the log repeats, in bytes: what can be a name is repeated as a whole.
const LONGEST_MODEL: usize = 4 * LONGEST_NAME;

/// The status that the log gives a request whose client left before the answer had one.
const CLIENT_CLOSED: u16 = 499;

/// What is known of a request; shared by its handler, its events and its body, all on one thread.
#[derive(Clone)]
pub(crate) struct Record(Rc<Inner>);

struct Inner {
    request: HttpRequest,
    id: HeaderValue,
    start: Instant,
    model: OnceCell<String>,
    status: Cell<Option<StatusCode>>,
    first_token: Cell<Option<Duration>>,
    usage: Cell<Option<(u64, u64)>>,
    outcome: Cell<Outcome>,
    entry: Entry,
}

/// How a request ended. Of several the greatest counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    /// Before its time: the client left, or the server cut it.
    Unfinished,
    Complete,
    ClientLeft,
    Failed,
}

impl Record {
    /// Begins with the request's head; the client's request id is kept where it is sane.
    pub(crate) fn new(request: HttpRequest, entry: Entry) -> Self {
        let given = request.headers().get(&REQUEST_ID).filter(|id| is_sane(id.as_bytes()));
        let id = given.cloned().unwrap_or_else(|| {
            // Letters and digits are always a header's value.
            HeaderValue::try_from(identifier::request()).unwrap_or(HeaderValue::from_static("req_unknown"))
        });
        Self(Rc::new(Inner {
            request,
            id,
            start: Instant::now(),
            model: OnceCell::new(),
            status: Cell::new(None),
            first_token: Cell::new(None),
            usage: Cell::new(None),
            outcome: Cell::new(Outcome::Unfinished),
            entry,
        }))
    }

    pub(crate) fn request(&self) -> &HttpRequest {
        &self.0.request
    }

    pub(crate) fn id(&self) -> &str {
        self.0.id.to_str().unwrap_or_default()
    }

    /// Notes the model that was asked for, or the beginning of a name that is too long for one.
    pub(crate) fn model(&self, model: &str) {
        let _ = self.0.model.set(quoted(model, LONGEST_MODEL).into_owned());
    }

    /// Notes the first token, the usage and a failure as they pass.
    pub(crate) fn watch(&self, events: EventStream) -> Watched {
        Watched::new(events, self.clone())
    }

    /// Gives the answer its headers, and a body that ends the record.
    ///
    /// The body keeps the request's payload: were it dropped unread, actix-web would read it on to its end, and it may have
    /// none.
    pub(crate) fn answer(self, mut response: HttpResponse, payload: Payload) -> HttpResponse<Recorded> {
        self.0.status.set(Some(response.status()));
        let headers = response.headers_mut();
        headers.insert(REQUEST_ID, self.0.id.clone());
        let elapsed = u64::try_from(self.0.start.elapsed().as_millis()).unwrap_or(u64::MAX);
        headers.insert(PROCESSING, elapsed.into());
        self.frame(&mut response);
        response.map_body(|_, body| Recorded::new(body, payload, self))
    }

    /// Ends the connection with the answer, and says so, where the two cannot be told apart in another way.
    fn frame(&self, response: &mut HttpResponse) {
        let request = self.0.request.head();
        // HTTP/1.0 knows no chunks: the end of the connection is the end of the stream.
        let endless = request.version < Version::HTTP_11 && response.body().size() == BodySize::Stream;
        if endless {
            response.head_mut().no_chunking(true);
        }
        // An upgrade is never taken, and actix-web ends the connection after a request for one, but in silence.
        if endless || request.connection_type() == ConnectionType::Upgrade {
            response.head_mut().set_connection_type(ConnectionType::Close);
        }
    }

    fn first_token(&self) {
        if self.0.first_token.get().is_none() {
            self.0.first_token.set(Some(self.0.start.elapsed()));
        }
    }

    /// Notes the tokens that the answer took.
    pub(crate) fn usage(&self, usage: &Usage) {
        self.0.usage.set(Some((usage.prompt_tokens, usage.completion_tokens)));
    }

    /// Notes that the client left before the whole of its request was there.
    pub(crate) fn client_left(&self) {
        self.note(Outcome::ClientLeft);
    }

    fn failed(&self) {
        self.note(Outcome::Failed);
    }

    fn complete(&self) {
        self.note(Outcome::Complete);
    }

    fn note(&self, outcome: Outcome) {
        self.0.outcome.set(self.0.outcome.get().max(outcome));
    }
}

impl Inner {
    /// The outcome and the status that the log gives it; no status where the server cut it before there was one.
    fn end(&self) -> (&'static str, Option<u16>) {
        let status = self.status.get().map(|status| status.as_u16());
        match self.outcome.get() {
            Outcome::Failed => ("failed", status),
            Outcome::Complete => ("complete", status),
            Outcome::ClientLeft => ("client left", Some(CLIENT_CLOSED)),
            Outcome::Unfinished if self.entry.is_cut() => ("cut", status),
            Outcome::Unfinished => ("client left", status.or(Some(CLIENT_CLOSED))),
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        let milliseconds = |duration: Duration| (duration.as_secs_f64() * 1e6).round() / 1e3;
        let (outcome, status) = self.end();
        let usage = self.usage.get();
        info!(
            request_id = self.id.to_str().unwrap_or_default(),
            method = &*quoted(self.request.method().as_str(), QUOTED),
            path = &*quoted(self.request.path(), LONGEST_PATH),
            model = self.model.get().map(String::as_str),
            status,
            duration_ms = milliseconds(self.start.elapsed()),
            time_to_first_token_ms = self.first_token.get().map(milliseconds),
            prompt_tokens = usage.map(|(prompt, _)| prompt),
            completion_tokens = usage.map(|(_, completion)| completion),
            outcome,
            "request"
        );
    }
}

/// A client's id goes into logs and headers: it is short, and holds nothing but letters, digits and `-_.:/+=`.
fn is_sane(id: &[u8]) -> bool {
    (1..=128).contains(&id.len())
        && id.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:/+=".contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sane_id_is_short_and_plain() {
        for (id, expected) in [
            ("req_0123", true),
            ("00-4bf92f3577b34da6-01", true),
            ("", false),
            ("a b", false),
            ("a\"b", false),
            ("é", false),
        ] {
            assert_eq!(is_sane(id.as_bytes()), expected, "{id}");
        }
        assert!(is_sane(&[b'a'; 128]) && !is_sane(&[b'a'; 129]));
    }
}
