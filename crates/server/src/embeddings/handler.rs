//! Answers a request for embeddings.

use actix_web::HttpResponse;
use actix_web::web::Payload;
use antiphon_backend::embed;
use antiphon_types::Usage;
use antiphon_types::embeddings::EncodingFormat;

use super::{accept, collect, validate};
use crate::api::Api;
use crate::body;
use crate::error::ApiError;
use crate::observe::Record;
use crate::purpose::Purpose;

/// `POST /v1/embeddings`.
///
/// A client that leaves drops the future, and the work with it.
pub(crate) async fn create(
    api: &Api,
    payload: &mut Payload,
    record: &Record,
) -> Result<HttpResponse, ApiError> {
    let body = body::read(record.request(), payload, api.bounds()).await?;
    let mut request = validate::parse(&body, api.unknown_fields(), |model| record.model(model))?;
    drop(body);
    let route = api.route(&request.model, Purpose::Embed)?;
    accept::check(&request, &route.model)?;
    request.model = route.name(&request.model).to_owned();
    let model = request.model.clone();
    let format = request.encoding_format.clone().unwrap_or(EncodingFormat::Float);
    let context = api.context(record);
    let embeddings = embed(route.backend.as_ref(), request, context).await.map_err(|error| {
        record.failure(&error);
        ApiError::from(&error)
    })?;
    record.usage(&Usage::new(embeddings.prompt_tokens, 0));
    Ok(HttpResponse::Ok().json(collect::list(model, embeddings, &format)))
}
