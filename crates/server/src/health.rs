//! `/healthz` and `/readyz`, for those who watch over the process.

use actix_web::HttpResponse;
use schemars::JsonSchema;
use serde::Serialize;
use tracing::warn;

use crate::api::Api;
use crate::error::ApiError;

/// What is answered where all is well.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Status {
    /// `ok` or `ready`.
    status: &'static str,
}

/// `GET /healthz`: the process answers.
pub(crate) fn alive() -> HttpResponse {
    HttpResponse::Ok().json(Status { status: "ok" })
}

/// `GET /readyz`: every backend can take a request; 503 where one cannot.
pub(crate) fn ready(api: &Api) -> HttpResponse {
    match api.unready() {
        None => HttpResponse::Ok().json(Status { status: "ready" }),
        Some(reason) => {
            // Not for everybody who can reach the port: it may name hosts.
            warn!(reason, "not ready");
            ApiError::not_ready().response()
        }
    }
}
