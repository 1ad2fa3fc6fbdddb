//! Sends a request to a replica, and once more where that can help and does no harm.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use antiphon_types::{ErrorBody, ErrorResponse};
use bytes::{Bytes, BytesMut};
use reqwest::Response;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use tokio::time::{Instant, timeout_at};

use crate::base_url::Endpoint;
use crate::client::Clients;
use crate::config::Timeouts;
use crate::failure::{Failure, Repeat};
use crate::key::Key;
use crate::replicas::{Lease, Replicas};
use crate::request::Outgoing;
use crate::retry_after::retry_after;

/// As much of a refusal as is read, in bytes.
const MOST_REFUSAL: usize = 64 << 10;

/// The most bytes of a list of models.
const MOST_LIST: usize = 8 << 20;

/// How long a list of models may take: a replica that hangs holds up the probes of others.
const LIST_PATIENCE: Duration = Duration::from_secs(10);

/// How long the body of a refusal is waited for, at most: its status says enough.
const REFUSAL_PATIENCE: Duration = Duration::from_secs(2);

/// How long the end of a connection's answer is waited for once the answer is whole.
const END_PATIENCE: Duration = Duration::from_millis(10);

/// How to reach an upstream: what all requests to it share.
#[derive(Debug)]
pub(crate) struct Reach {
    pub(crate) clients: Clients,
    pub(crate) key: Option<Key>,
    pub(crate) replicas: Arc<Replicas>,
    pub(crate) timeouts: Timeouts,
}

/// An answer of status 200 that has begun.
#[derive(Debug)]
pub(crate) struct Opened {
    response: Response,
    pub(crate) lease: Lease,
    clock: Clock,
}

/// When to give up waiting.
#[derive(Clone, Copy, Debug)]
struct Clock {
    timeouts: Timeouts,
    /// The end of all waiting for this answer.
    end: Instant,
    first_byte: Instant,
    has_bytes: bool,
}

impl Reach {
    /// Has a request answered, and the answer read by `read`, at most twice.
    pub(crate) async fn ask<T, F>(
        &self,
        outgoing: &Outgoing,
        read: impl Fn(Opened) -> F,
    ) -> Result<T, Failure>
    where
        F: Future<Output = Result<T, Failure>>,
    {
        let end = Instant::now() + self.timeouts.total;
        let first = self.replicas.choose();
        let failed = first.index();
        let failure = match self.attempt(outgoing, first, end, &read).await {
            Ok(answer) => return Ok(answer),
            Err(failure) => failure,
        };
        let may_be_done_twice = outgoing.is_harmless_twice;
        let second = match failure.repeat() {
            Repeat::Elsewhere => self.replicas.choose_another(failed),
            Repeat::ElsewhereIfHarmless if may_be_done_twice => self.replicas.choose_another(failed),
            Repeat::IfHarmless if may_be_done_twice => {
                Some(self.replicas.choose_another(failed).unwrap_or_else(|| self.replicas.choose()))
            }
            _ => None,
        };
        match second {
            Some(second) => self.attempt(outgoing, second, end, &read).await,
            None => Err(failure),
        }
    }

    async fn attempt<T, F>(
        &self,
        outgoing: &Outgoing,
        lease: Lease,
        end: Instant,
        read: impl Fn(Opened) -> F,
    ) -> Result<T, Failure>
    where
        F: Future<Output = Result<T, Failure>>,
    {
        let (replicas, index) = (Arc::clone(&self.replicas), lease.index());
        let attempt = async { read(self.send(outgoing, lease, end).await?).await };
        let answer = attempt.await;
        if let Err(failure) = &answer {
            replicas.note(index, failure);
        }
        answer
    }

    async fn send(&self, outgoing: &Outgoing, lease: Lease, end: Instant) -> Result<Opened, Failure> {
        let url = lease.base().at(outgoing.endpoint).clone();
        let request = self
            .clients
            .get()?
            .post(url)
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .header(ACCEPT, HeaderValue::from_static("application/json, text/event-stream"))
            .body(outgoing.body.clone());
        let clock = Clock::start(self.timeouts, end);
        let response = clock.wait(self.authorized(request).send()).await?;
        let mut opened = Opened { response, lease, clock };
        if opened.response.status().is_success() {
            return Ok(opened);
        }
        Err(opened.refusal().await)
    }

    fn authorized(&self, request: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
        match &self.key {
            Some(key) => request.header(AUTHORIZATION, key.header()),
            None => request,
        }
    }

    /// The status of a replica's list of models, and the list itself where it is one.
    pub(crate) async fn get_models(&self, replica: usize) -> Result<(u16, Bytes), Failure> {
        let url = self.replicas.base(replica).at(Endpoint::Models).clone();
        let request = self.clients.get()?.get(url);
        let mut clock = Clock::start(self.timeouts, Instant::now() + self.timeouts.total.min(LIST_PATIENCE));
        let mut response = clock.wait(self.authorized(request).send()).await?;
        let status = response.status().as_u16();
        let body =
            if status == 200 { read_to(&mut response, &mut clock, MOST_LIST).await? } else { Bytes::new() };
        Ok((status, body))
    }
}

impl Opened {
    /// The next bytes of the body; `None` at its end.
    pub(crate) async fn bytes(&mut self) -> Result<Option<Bytes>, Failure> {
        next(&mut self.response, &mut self.clock).await
    }

    /// The whole body, of at most so many bytes.
    pub(crate) async fn whole(&mut self, most: usize) -> Result<Bytes, Failure> {
        read_to(&mut self.response, &mut self.clock, most).await
    }

    /// Whether the body is of this media type; `None` where nothing says so.
    pub(crate) fn is_of(&self, media_type: &str) -> Option<bool> {
        let value = self.response.headers().get(CONTENT_TYPE)?.to_str().ok()?;
        let essence = value.split(';').next().unwrap_or_default().trim();
        Some(essence.eq_ignore_ascii_case(media_type))
    }

    /// Reads what is left of an answer that is whole, so that its connection can be used again.
    pub(crate) async fn drain(&mut self) {
        // Late, or broken: the connection goes, and nothing of the answer with it.
        let _ = tokio::time::timeout(END_PATIENCE, async {
            while let Ok(Some(_)) = self.response.chunk().await {}
        })
        .await;
    }

    async fn refusal(&mut self) -> Failure {
        let status = self.response.status().as_u16();
        let retry_after = retry_after(self.response.headers(), SystemTime::now());
        // What cannot be read, or is no error of the API's, tells nothing.
        let patience = self.clock.timeouts.stall.min(REFUSAL_PATIENCE);
        let body = tokio::time::timeout(patience, self.whole(MOST_REFUSAL)).await;
        let body = body.ok().and_then(Result::ok).unwrap_or_default();
        let told = serde_json::from_slice::<ErrorResponse>(&body).ok();
        let told: Option<Box<ErrorBody>> = told.map(|response| Box::new(response.error));
        // Of an address that it does not have, a server speaks in a page or in a form of its own.
        if status == 404 && told.as_ref().is_none_or(|body| body.code.as_deref() == Some("unknown_url")) {
            return Failure::NoEndpoint;
        }
        Failure::Refused { status, told, retry_after }
    }
}

async fn next(response: &mut Response, clock: &mut Clock) -> Result<Option<Bytes>, Failure> {
    let bytes = clock.wait(response.chunk()).await?;
    // From now on it must not fall silent.
    clock.has_bytes |= bytes.is_some();
    Ok(bytes)
}

async fn read_to(response: &mut Response, clock: &mut Clock, most: usize) -> Result<Bytes, Failure> {
    let mut body = BytesMut::new();
    while let Some(bytes) = next(response, clock).await? {
        if body.len() + bytes.len() > most {
            return Err(Failure::TooLong);
        }
        body.extend_from_slice(&bytes);
    }
    Ok(body.freeze())
}

impl Clock {
    fn start(timeouts: Timeouts, end: Instant) -> Self {
        Self { timeouts, end, first_byte: Instant::now() + timeouts.first_byte, has_bytes: false }
    }

    /// Waits for what the client does next, for as long as is left.
    async fn wait<T>(&self, work: impl Future<Output = reqwest::Result<T>>) -> Result<T, Failure> {
        let (limit, late) = if self.has_bytes {
            (Instant::now() + self.timeouts.stall, Failure::Stall)
        } else {
            (self.first_byte, Failure::FirstByte)
        };
        let (limit, late) = match self.end < limit {
            true if self.has_bytes => (self.end, Failure::Total),
            // Of a replica that has said nothing it is a failure, whichever limit is the shorter.
            true => (self.end, late),
            false => (limit, late),
        };
        match timeout_at(limit, work).await {
            Ok(done) => done.map_err(Failure::of_client),
            Err(_) => Err(late),
        }
    }
}
