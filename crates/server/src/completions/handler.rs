//! Answers a request for completions, whole or streamed.

use std::time::SystemTime;

use actix_web::HttpResponse;
use actix_web::web::Payload;
use antiphon_backend::{ModelInfo, complete};
use antiphon_types::completions::{Completion, Request};

use super::encode::Encoder;
use super::logprobs::{self, Position};
use super::{accept, collect, validate};
use crate::api::Api;
use crate::body;
use crate::error::ApiError;
use crate::identifier;
use crate::keep_alive::KeepAlive;
use crate::observe::{Record, Watched};
use crate::purpose::Purpose;
use crate::stream::{self, Options};

/// `POST /v1/completions`.
pub(crate) async fn create(
    api: &Api,
    payload: &mut Payload,
    record: &Record,
) -> Result<HttpResponse, ApiError> {
    let body = body::read(record.request(), payload, api.bounds()).await?;
    let mut request = validate::parse(&body, api.unknown_fields(), |model| record.model(model))?;
    drop(body);
    let route = api.route(&request.model, Purpose::Complete)?;
    accept::check(&request, &route.model, api.limits())?;
    request.model = route.name(&request.model).to_owned();
    let answer = Answer::to(&request, &route.model, api);
    let streamed = request.is_streaming();
    let context = api.context(record);
    let events = record.watch(complete(route.backend.as_ref(), &route.model, request, context));
    if streamed { answer.stream(events).await } else { answer.whole(events).await }
}

/// What every answer to a request has, whatever its form.
struct Answer {
    /// The answer's id, time and model.
    completion: Completion,
    positions: Vec<Option<Position>>,
    options: Options,
    keep_alive: KeepAlive,
}

impl Answer {
    fn to(request: &Request, model: &ModelInfo, api: &Api) -> Self {
        let created = SystemTime::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_secs());
        let mut completion = Completion::new(identifier::completion(), created, &*request.model);
        completion.system_fingerprint.clone_from(&model.system_fingerprint);
        Self {
            completion,
            positions: logprobs::positions(request),
            options: Options::of(request.stream_options.as_ref(), api),
            keep_alive: api.keep_alive(),
        }
    }

    async fn whole(self, events: Watched) -> Result<HttpResponse, ApiError> {
        let completion = collect::complete(self.completion, events, self.positions).await;
        Ok(HttpResponse::Ok().json(completion.map_err(|error| ApiError::from(&error))?))
    }

    async fn stream(self, events: Watched) -> Result<HttpResponse, ApiError> {
        let encoder = Encoder::new(self.completion, self.positions, self.options);
        stream::respond(events, encoder, self.keep_alive).await
    }
}
