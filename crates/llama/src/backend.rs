//! The backend: a model, its engine, and the threads beside it.

use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use antiphon_backend::{
    Backend, BackendError, Capability, Context, EmbeddingFuture, ErrorKind, EventStream, Health, ModelInfo,
    adapt, chat, completions, embeddings,
};
use tokio::sync::oneshot;

use crate::answer::{self, Count, Prepared};
use crate::chats::Chats;
use crate::embeddings::{Embedder, Job};
use crate::engine::{Engine, Outlet, Places, Reused, Shape};
use crate::grammar::Grammars;
use crate::model::Model;
use crate::prepare::{Asked, Preparer};
use crate::question::Question;
use crate::sampling::Settings;
use crate::{Config, Error, Figures};

/// How long a client should wait before it tries again, where there is no room for its request.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Runs a GGUF model in this process.
pub struct LlamaBackend {
    info: ModelInfo,
    places: Places,
    /// `None` for a model that only embeds.
    generator: Option<Generator>,
    /// `None` for a model that only generates.
    embedder: Option<Embedder>,
}

/// What answers chats and completes prompts.
struct Generator {
    /// Requests, on their way to the thread that reads prompts.
    asked: mpsc::Sender<Asked>,
    chats: Arc<Chats>,
    engine: Engine,
}

impl LlamaBackend {
    /// Loads the model and starts its threads, which takes a while.
    ///
    /// # Errors
    /// When a setting is out of its range, or the model cannot be loaded.
    pub fn load(config: &Config) -> Result<Self, Error> {
        config.check()?;
        let model = Arc::new(Model::load(config)?);
        let length = match config.context_length {
            0 => model.trained_context().clamp(1, Config::MOST_BY_DEFAULT),
            length => length,
        };
        let threads = threads(config.threads);
        let generates = !model.pools();
        let generator = generates.then(|| Generator::start(&model, config, length, threads)).transpose()?;
        let embeds = config.embeddings || !generates;
        let embedder = embeds.then(|| Embedder::start(Arc::clone(&model), length, threads)).transpose()?;
        let places = Places::new(config.slots as usize + config.queue as usize);
        Ok(Self { info: info(config, length, generates, embeds), places, generator, embedder })
    }

    /// What the engine did and does; nothing, for a model that only embeds.
    pub fn figures(&self) -> Figures {
        self.generator.as_ref().map(|generator| generator.engine.counters().read()).unwrap_or_default()
    }

    fn answer(&self, question: Question, context: Context) -> EventStream {
        let Some(generator) = &self.generator else {
            return BackendError::new(ErrorKind::Unsupported, "This model only embeds.").into_stream();
        };
        let choices = question.choices() as usize;
        if choices > self.places.most() {
            let message = format!("This model gives at most {} choices at once.", self.places.most());
            return BackendError::new(ErrorKind::InvalidRequest, message).with_param("n").into_stream();
        }
        let Some(places) = self.places.take(choices) else { return overloaded().into_stream() };
        let format = match &question {
            Question::Chat(request) => generator.chats.format(request),
            Question::Completion(_) => None,
        };
        let prepared = Arc::<Prepared>::default();
        let mut streams = Vec::with_capacity(choices);
        let choices = places.into_iter().map(|place| {
            let (outlet, pieces) = Outlet::new();
            let reused = Arc::<Reused>::default();
            let count = Count::new(Arc::clone(&prepared), Arc::clone(&reused));
            streams.push(answer::choice(pieces, &question, format, count));
            (outlet, reused, place)
        });
        let choices = choices.collect();
        let asked = Asked { question, context, prepared, choices };
        if generator.asked.send(asked).is_err() {
            return stopped().into_stream();
        }
        Box::pin(adapt::fan_out(streams))
    }
}

impl Generator {
    fn start(model: &Arc<Model>, config: &Config, length: u32, threads: i32) -> Result<Self, Error> {
        let shape = Shape {
            context_length: length,
            slots: config.slots,
            threads,
            prefill_tokens: config.prefill_tokens,
        };
        let chats = Arc::new(Chats::of(model, config)?);
        let engine = Engine::start(Arc::clone(model), shape)?;
        let refused = |reason| Error::Refused { path: config.path.clone(), reason };
        let preparer = Preparer {
            model: Arc::clone(model),
            chats: Arc::clone(&chats),
            grammars: Grammars::new(Arc::clone(model)).map_err(refused)?,
            defaults: defaults(config),
            context_length: length,
            jobs: engine.jobs(),
        };
        let (asked, received) = mpsc::channel();
        // Ends when the backend goes, and with it the sender.
        thread::Builder::new()
            .name("antiphon-llama-prompts".to_owned())
            .spawn(move || preparer.run(&received))
            .map_err(Error::Thread)?;
        Ok(Self { asked, chats, engine })
    }
}

impl Backend for LlamaBackend {
    fn models(&self) -> Vec<ModelInfo> {
        vec![self.info.clone()]
    }

    fn chat(&self, request: chat::Request, context: Context) -> EventStream {
        self.answer(Question::Chat(Arc::new(request)), context)
    }

    fn complete(&self, request: completions::Request, context: Context) -> EventStream {
        self.answer(Question::Completion(Box::new(request)), context)
    }

    fn embed(&self, request: embeddings::Request, context: Context) -> EmbeddingFuture {
        let failed = |error| -> EmbeddingFuture { Box::pin(std::future::ready(Err(error))) };
        let Some(embedder) = &self.embedder else {
            return failed(BackendError::new(ErrorKind::Unsupported, "This model does not embed texts."));
        };
        let Some(place) = self.places.take(1).and_then(|mut places| places.pop()) else {
            return failed(overloaded());
        };
        let (answer, answered) = oneshot::channel();
        let job = Job { input: request.input, answer, context, _place: place };
        embedder.send(job);
        Box::pin(async { answered.await.unwrap_or_else(|gone| Err(stopped().with_source(gone))) })
    }

    fn health(&self) -> Health {
        let runs = self.generator.as_ref().is_none_or(|generator| generator.engine.is_running());
        if runs { Health::Ready } else { Health::Unready("the engine has stopped".to_owned()) }
    }
}

fn overloaded() -> BackendError {
    let error = BackendError::new(ErrorKind::Overloaded, "The model has no room for more requests now.");
    error.with_retry_after(RETRY_AFTER)
}

fn stopped() -> BackendError {
    BackendError::new(ErrorKind::Unavailable, "The model has stopped.")
}

fn defaults(config: &Config) -> Settings {
    Settings {
        temperature: config.temperature,
        top_p: config.top_p,
        top_k: config.top_k as usize,
        min_p: config.min_p,
        ..Settings::default()
    }
}

/// What a model that generates can do, beside chats.
const GENERATES: [Capability; 9] = [
    Capability::Completions,
    Capability::JsonObject,
    Capability::JsonSchema,
    Capability::Logprobs,
    Capability::NativeChoices,
    Capability::NativeStop,
    Capability::NativeLimit,
    Capability::TokenInput,
    Capability::Tools,
];

/// The model as it is listed.
fn info(config: &Config, length: u32, generates: bool, embeds: bool) -> ModelInfo {
    let mut names = config.names().into_iter();
    let first = names.next().unwrap_or_default();
    let info = names.fold(ModelInfo::new(first), ModelInfo::alias).context_length(length.into());
    let info = if generates {
        GENERATES.into_iter().fold(info, ModelInfo::with)
    } else {
        info.without(Capability::Chat).with(Capability::TokenInput)
    };
    if embeds { info.with(Capability::Embeddings) } else { info }
}

/// How many threads compute: as many as are asked for, or one for each core that this process may use.
fn threads(asked: u32) -> i32 {
    let cores =
        || thread::available_parallelism().map_or(1, |cores| i32::try_from(cores.get()).unwrap_or(i32::MAX));
    i32::try_from(asked).ok().filter(|threads| *threads > 0).unwrap_or_else(cores)
}
