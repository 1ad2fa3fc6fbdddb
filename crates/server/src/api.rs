//! The whole API as one actix-web scope, for the binary and for applications that mount it.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use actix_web::http::Method;
use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, Scope};
use antiphon_backend::{Backend, Context};
use bytes::Bytes;
use futures_util::FutureExt;
use tokio::time::Instant;

use crate::body::Bounds;
use crate::config::{Config, KeepAlive as KeepAliveForm, Limits};
use crate::error::ApiError;
use crate::in_flight::InFlight;
use crate::keep_alive::{Form, KeepAlive};
use crate::observe::{Record, Recorded};
use crate::paths::Endpoint;
use crate::purpose::Purpose;
use crate::routing::{Route, Routes, Routing};
use crate::run::RunError;
use crate::validate::Unknown;
use crate::{chat, completions, embeddings, head, health, models, openapi};

/// An OpenAI-compatible API over a set of backends, ready to be mounted.
///
/// Cheap to clone; one serves all workers.
///
/// # Example
/// ```
/// use std::sync::Arc;
///
/// use actix_web::App;
/// use antiphon_backend::EchoBackend;
/// use antiphon_server::{Api, Config};
///
/// let api = Api::new(&Config::default(), vec![Arc::new(EchoBackend::default())])?;
/// // Answers at `/ai/v1/chat/completions`, and at `/ai/chat/completions`.
/// let app = App::new().service(api.scope("/ai"));
/// # Ok::<(), antiphon_server::RunError>(())
/// ```
#[derive(Clone)]
pub struct Api(Arc<Inner>);

struct Inner {
    config: Config,
    routing: Routing,
    openapi: Bytes,
    in_flight: InFlight,
}

impl Api {
    /// Asks each backend for its models and prepares to serve them.
    ///
    /// The sections `server`, `log` and `backends` of the configuration are not used here.
    ///
    /// # Errors
    /// [`RunError::Models`] where two models answer to one name, or where there is none.
    pub fn new(config: &Config, backends: Vec<Arc<dyn Backend>>) -> Result<Self, RunError> {
        let routing = Routing::new(backends, &config.models).map_err(RunError::Models)?;
        let openapi = openapi::document(unknown_fields(config));
        Ok(Self(Arc::new(Inner { config: config.clone(), routing, openapi, in_flight: InFlight::default() })))
    }

    /// The API below a path, as in `/ai`; `""` is the root.
    ///
    /// Everything below the path is answered, unknown paths too. A server that runs the scope should be told
    /// [`h1_allow_half_closed(false)`](actix_web::HttpServer::h1_allow_half_closed): without it actix-web does not notice
    /// that a client has left, and backends work on for nobody.
    pub fn scope(&self, path: &str) -> Scope {
        web::scope(path).app_data(Data::new(self.clone())).default_service(web::to(answer))
    }

    /// The API at every path, `*` included, for a server that has nothing else.
    pub(crate) fn everywhere(&self, app: &mut ServiceConfig) {
        app.app_data(Data::new(self.clone())).default_service(web::to(answer));
    }

    pub(crate) fn in_flight(&self) -> &InFlight {
        &self.0.in_flight
    }

    /// The routes as the backends' models are now.
    pub(crate) fn with_routes<T>(&self, look: impl FnOnce(&Routes) -> T) -> T {
        look(&self.0.routing.now().routes)
    }

    /// The first reason why a backend is not ready.
    pub(crate) fn unready(&self) -> Option<String> {
        self.0.routing.unready()
    }

    /// The route of the model that a request names.
    ///
    /// # Errors
    /// 404 for a model that is not there, and for one that does not do what the endpoint asks.
    pub(crate) fn route(&self, model: &str, purpose: Purpose) -> Result<Route, ApiError> {
        let found = self.with_routes(|routes| routes.find(model).cloned());
        let route = found.ok_or_else(|| ApiError::unknown_model(model))?;
        purpose.check(&route.model)?;
        Ok(route)
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.0.config.limits
    }

    pub(crate) fn bounds(&self) -> Bounds {
        let limits = self.limits();
        Bounds { size: limits.body_bytes, time: Duration::from_secs(limits.body_timeout_s) }
    }

    pub(crate) fn unknown_fields(&self) -> Unknown {
        unknown_fields(&self.0.config)
    }

    /// The OpenAPI document, as it is served.
    pub(crate) fn openapi(&self) -> Bytes {
        self.0.openapi.clone()
    }

    pub(crate) fn obfuscation(&self) -> bool {
        self.0.config.stream.obfuscation
    }

    /// What goes with a request to its backend: its id, and when the answer has to be over that begins now.
    pub(crate) fn context(&self, record: &Record) -> Context {
        let deadline = Instant::now() + Duration::from_secs(self.0.config.limits.request_timeout_s);
        Context::new(record.id()).with_deadline(deadline)
    }

    pub(crate) fn keep_alive(&self) -> KeepAlive {
        let stream = &self.0.config.stream;
        let interval = Duration::from_secs(stream.keep_alive_interval_s);
        match stream.keep_alive {
            KeepAliveForm::Off => KeepAlive::never(),
            KeepAliveForm::Comment => KeepAlive::every(interval, Form::Comment),
            KeepAliveForm::Chunk => KeepAlive::every(interval, Form::Chunk),
        }
    }
}

fn unknown_fields(config: &Config) -> Unknown {
    if config.api.strict { Unknown::Refused } else { Unknown::Accepted }
}

/// Answers whatever comes, a panic of our own included.
async fn answer(api: Data<Api>, request: HttpRequest, mut payload: Payload) -> HttpResponse<Recorded> {
    let record = Record::new(request, api.in_flight().enter());
    let answered = AssertUnwindSafe(dispatch(&api, &mut payload, &record)).catch_unwind().await;
    let response = match answered {
        Ok(Ok(response)) => response,
        Ok(Err(error)) => {
            if error.client_left {
                record.client_left();
            }
            error.response()
        }
        Err(_) => ApiError::internal().response(),
    };
    record.answer(response, payload)
}

/// Finds the endpoint of a path. A new endpoint is named here, in `paths` and in `openapi::operations`.
async fn dispatch(api: &Api, payload: &mut Payload, record: &Record) -> Result<HttpResponse, ApiError> {
    let request = record.request();
    head::check(request)?;
    let (method, path) = (request.method(), request.match_info().unprocessed());
    let endpoint = Endpoint::at(path).ok_or_else(|| ApiError::unknown_url(method, request.path()))?;
    if !endpoint.takes(method) {
        return Err(ApiError::method_not_allowed(method, request.path(), endpoint.methods()));
    }
    match endpoint {
        Endpoint::ChatCompletions if method == Method::POST => chat::create(api, payload, record).await,
        Endpoint::ChatCompletions => Ok(chat::list()),
        Endpoint::Completions => completions::create(api, payload, record).await,
        Endpoint::Embeddings => embeddings::create(api, payload, record).await,
        Endpoint::Models => Ok(models::list(api)),
        Endpoint::Model(id) => models::retrieve(api, &id),
        Endpoint::OpenApi => Ok(openapi::serve(api)),
        Endpoint::Health => Ok(health::alive()),
        Endpoint::Ready => Ok(health::ready(api)),
    }
}
