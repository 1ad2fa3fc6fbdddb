//! `/v1/models`.

use actix_web::HttpResponse;

use crate::api::Api;
use crate::error::ApiError;

/// Characters of a model's name, at the most.
pub(crate) const LONGEST_NAME: usize = 256;

/// Who asks: nobody, as long as nobody is asked for a key.
const PRINCIPAL: Option<&str> = None;

/// `GET /v1/models`: every model that has a name of its own.
pub(crate) fn list(api: &Api) -> HttpResponse {
    HttpResponse::Ok().json(api.with_routes(|routes| routes.list(PRINCIPAL)))
}

/// `GET /v1/models/{id}`: any model that a request may name, listed or not.
pub(crate) fn retrieve(api: &Api, id: &str) -> Result<HttpResponse, ApiError> {
    match api.with_routes(|routes| routes.describe(id, PRINCIPAL)) {
        Some(model) => Ok(HttpResponse::Ok().json(model)),
        None => Err(ApiError::unknown_model(id).param("model")),
    }
}

/// Whether a request may name a model so, and a person read the name.
pub(crate) fn is_name(name: &str) -> bool {
    (1..=LONGEST_NAME).contains(&name.chars().count())
        && !name.contains(char::is_control)
        && !name.trim().is_empty()
}
