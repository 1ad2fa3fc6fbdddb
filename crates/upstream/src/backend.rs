//! The backend: requests go on to an upstream, and what comes back is told as events.

use std::fmt;
use std::sync::Arc;

use antiphon_backend::{
    Backend, BackendError, Capabilities, Capability, Context, EmbeddingFuture, Embeddings, EventStream,
    Health, ModelInfo, try_stream,
};
use antiphon_types::embeddings::EmbeddingList;
use antiphon_types::{chat, completions, embeddings};

use crate::base_url::BaseUrl;
use crate::client::Clients;
use crate::config::{Config, duration};
use crate::error::Error;
use crate::exchange::{Opened, Reach};
use crate::failure::Failure;
use crate::housekeeping::{House, Housekeeping};
use crate::incoming::Incoming;
use crate::key::Key;
use crate::models::Models;
use crate::replicas::Replicas;
use crate::request::{Names, Outgoing};

/// The most bytes of an answer of embeddings: 128 MiB, with room for 2,048 of them written as numbers.
const MOST_VECTORS: usize = 128 << 20;

/// A backend that serves the models of another server, or of several replicas of one.
///
/// What a request asks for goes on as it is, unknown fields too; so do the fields of an answer that the API does not
/// know. Stop sequences, token limits and several choices are the upstream's work, but for models that are said to
/// [lack](Config::lacks) them. Where the settings name no models, they are those that the upstream lists: none at
/// first, and others when the list changes.
pub struct Upstream {
    reach: Arc<Reach>,
    models: Arc<Models>,
    secrets: Arc<[String]>,
    /// Its thread ends with this.
    _housekeeping: Housekeeping,
}

impl Upstream {
    /// An upstream of these settings.
    ///
    /// `environment` looks up the variable that [`Config::api_key_env`] names. Nothing is asked of the upstream
    /// before this returns; a thread of its own then reads the list of models.
    ///
    /// # Errors
    /// Where a setting cannot be used, or the thread does not start.
    pub fn new(config: &Config, environment: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let bases = config.base_urls.iter().enumerate().map(|(index, text)| BaseUrl::parse(index, text));
        let bases = bases.collect::<Result<Vec<_>, _>>()?;
        if bases.is_empty() {
            return Err(Error::NoServer);
        }
        let timeouts = config.timeouts();
        let is_encrypted = bases.iter().any(BaseUrl::is_encrypted);
        let key = Key::find(config, environment)?;
        let hosts = bases.iter().map(|base| base.host().to_owned());
        let secrets = hosts.chain(key.as_ref().and_then(Key::secret)).collect();
        let reach = Arc::new(Reach {
            clients: Clients::new(timeouts.connect, is_encrypted)?,
            key,
            replicas: Arc::new(Replicas::new(bases, config.eject_after)),
            timeouts,
        });
        let models = Arc::new(Models::new(config));
        let housekeeping = Housekeeping::start(House {
            reach: Arc::clone(&reach),
            models: Arc::clone(&models),
            refresh: duration(config.models_refresh_s),
            probe: duration(config.probe_interval_s),
        })?;
        Ok(Self { reach, models, secrets, _housekeeping: housekeeping })
    }

    /// The names of a model, and what it can do.
    fn resolve(&self, asked: &str) -> (Names, Capabilities) {
        let (upstream, able) = self.models.resolve(asked);
        let secrets = Arc::clone(&self.secrets);
        (Names { asked: asked.to_owned(), upstream: upstream.to_owned(), secrets }, able)
    }

    /// The events of an answer. Dropping them drops the connection, or the stream on one of HTTP/2.
    fn stream(&self, outgoing: Outgoing, context: Context) -> EventStream {
        let reach = Arc::clone(&self.reach);
        Box::pin(try_stream! {
            // Work goes on for as long as this is held.
            let _context = context;
            let told = |failure: Failure| failure.into_error(&outgoing.names);
            let choices = outgoing.choices;
            let mut incoming =
                reach.ask(&outgoing, |opened| Incoming::begin(opened, choices)).await.map_err(told)?;
            while let Some(event) = incoming.next().await.map_err(told)? {
                yield event;
            }
        })
    }
}

impl Backend for Upstream {
    fn models(&self) -> Vec<ModelInfo> {
        self.models.all()
    }

    fn models_revision(&self) -> u64 {
        self.models.revision()
    }

    fn chat(&self, request: chat::Request, context: Context) -> EventStream {
        let (names, _) = self.resolve(&request.model);
        self.stream(Outgoing::chat(request, names), context)
    }

    fn complete(&self, request: completions::Request, context: Context) -> EventStream {
        let (names, able) = self.resolve(&request.model);
        self.stream(Outgoing::completion(request, able.has(Capability::NativeEcho), names), context)
    }

    fn embed(&self, request: embeddings::Request, context: Context) -> EmbeddingFuture {
        let (names, _) = self.resolve(&request.model);
        let inputs = request.input.len();
        let outgoing = Outgoing::embedding(request, names);
        let reach = Arc::clone(&self.reach);
        Box::pin(async move {
            let _context = context;
            let answer = reach.ask(&outgoing, |opened| vectors(opened, inputs)).await;
            answer.map_err(|failure: Failure| -> BackendError { failure.into_error(&outgoing.names) })
        })
    }

    fn health(&self) -> Health {
        if self.reach.replicas.numbers(true).is_empty() {
            return Health::Unready("no replica of the upstream answers".to_owned());
        }
        match &*self.models {
            Models::Listed(listed) if listed.is_empty() => {
                Health::Unready("the upstream has listed no models".to_owned())
            }
            _ => Health::Ready,
        }
    }
}

impl fmt::Debug for Upstream {
    /// Without what no one may read.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Upstream")
            .field("reach", &self.reach)
            .field("models", &self.models)
            .finish_non_exhaustive()
    }
}

/// Reads an answer of embeddings, each at its place.
async fn vectors(mut opened: Opened, inputs: usize) -> Result<Embeddings, Failure> {
    let body = opened.whole(MOST_VECTORS).await?;
    let mut list: EmbeddingList = serde_json::from_slice(&body).map_err(|_| Failure::Malformed)?;
    opened.lease.succeeded();
    // Where a server numbers none, all are 0 and stay in their order.
    list.data.sort_by_key(|embedding| embedding.index);
    let vectors = list.data.into_iter().map(|one| one.embedding.to_floats()).collect::<Option<Vec<_>>>();
    let vectors = vectors.filter(|vectors| fit(vectors, inputs)).ok_or(Failure::Malformed)?;
    let mut embeddings = Embeddings::new(vectors, list.usage.prompt_tokens);
    (embeddings.extra, embeddings.usage_extra) = (list.extra, list.usage.extra);
    // Antiphon's own, as in the other answers.
    embeddings.extra.retain(|name, _| !matches!(&**name, "id" | "created"));
    Ok(embeddings)
}

/// Whether these can be the vectors of so many inputs. That they are not is the upstream's fault, and none of ours.
fn fit(vectors: &[Vec<f32>], inputs: usize) -> bool {
    let dimensions = vectors.first().map_or(0, Vec::len);
    let is_fit =
        |vector: &Vec<f32>| vector.len() == dimensions && vector.iter().all(|number| number.is_finite());
    vectors.len() == inputs && vectors.iter().all(is_fit)
}
