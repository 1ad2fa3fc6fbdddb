//! Answers a chat request, whole or streamed, and the list of stored ones.

use std::time::SystemTime;

use actix_web::HttpResponse;
use actix_web::web::Payload;
use antiphon_backend::{ModelInfo, adapt, generate};
use antiphon_types::chat::{Chunk, Completion, CompletionList, Request};

use super::calls::Calls;
use super::encode::Encoder;
use super::{accept, collect, validate};
use crate::api::Api;
use crate::body;
use crate::error::ApiError;
use crate::identifier;
use crate::keep_alive::KeepAlive;
use crate::observe::{Record, Watched};
use crate::purpose::Purpose;
use crate::stream::{self, Options};

/// `POST /v1/chat/completions`.
pub(crate) async fn create(
    api: &Api,
    payload: &mut Payload,
    record: &Record,
) -> Result<HttpResponse, ApiError> {
    let body = body::read(record.request(), payload, api.bounds()).await?;
    let mut request = validate::parse(&body, api.unknown_fields(), |model| record.model(model))?;
    drop(body);
    let route = api.route(&request.model, Purpose::Chat)?;
    accept::check(&request, &route.model, api.limits().max_choices)?;
    request.model = route.name(&request.model).to_owned();
    let answer = Answer::to(&request, &route.model, api);
    let streamed = request.stream == Some(true);
    let context = api.context(record);
    let events = record.watch(generate(route.backend.as_ref(), &route.model, request, context));
    if streamed { answer.stream(events).await } else { answer.whole(events).await }
}

/// `GET /v1/chat/completions`: the stored completions, of which this server keeps none.
pub(crate) fn list() -> HttpResponse {
    let mut list = CompletionList::new(Vec::new());
    // The published schema wants strings, and there is no id to give.
    list.first_id = Some(String::new());
    list.last_id = Some(String::new());
    HttpResponse::Ok().json(list)
}

/// What every answer to a request has, whatever its form.
struct Answer {
    id: String,
    created: u64,
    model: String,
    fingerprint: Option<String>,
    choices: u32,
    calls: Calls,
    options: Options,
    keep_alive: KeepAlive,
}

impl Answer {
    fn to(request: &Request, model: &ModelInfo, api: &Api) -> Self {
        Self {
            id: identifier::chat_completion(),
            created: SystemTime::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_secs()),
            model: request.model.clone(),
            fingerprint: model.system_fingerprint.clone(),
            choices: request.n.unwrap_or(1),
            options: Options::of(request.stream_options.as_ref(), api),
            calls: Calls::of(request),
            keep_alive: api.keep_alive(),
        }
    }

    async fn whole(self, events: Watched) -> Result<HttpResponse, ApiError> {
        let whole = adapt::collect(events, self.choices).await.map_err(|error| ApiError::from(&error))?;
        let mut completion = Completion::new(self.id, self.created, self.model);
        completion.system_fingerprint = self.fingerprint;
        Ok(HttpResponse::Ok().json(collect::complete(completion, whole, self.calls)))
    }

    async fn stream(self, events: Watched) -> Result<HttpResponse, ApiError> {
        let mut chunk = Chunk::new(self.id, self.created, self.model);
        chunk.system_fingerprint = self.fingerprint;
        let encoder = Encoder::new(chunk, self.choices, self.calls, self.options);
        stream::respond(events, encoder, self.keep_alive).await
    }
}
