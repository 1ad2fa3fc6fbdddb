//! The backend: a model, its engine, and the thread that reads prompts.

use std::sync::atomic::AtomicU64;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use antiphon_backend::{
    Backend, BackendError, Capability, Context, ErrorKind, EventStream, Health, ModelInfo, adapt, chat,
    completions,
};

use crate::answer::{self, Count};
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
    asked: mpsc::Sender<Asked>,
    engine: Engine,
}

impl LlamaBackend {
    /// Loads the model and starts its engine.
    ///
    /// Takes as long as that takes.
    ///
    /// # Errors
    /// When a setting is out of its range, or the model cannot be loaded.
    pub fn load(config: &Config) -> Result<Self, Error> {
        config.check()?;
        let model = Arc::new(Model::load(config)?);
        let context_length = match config.context_length {
            0 => model.trained_context().clamp(1, Config::MOST_BY_DEFAULT),
            length => length,
        };
        let shape = Shape {
            context_length,
            slots: config.slots,
            threads: threads(config.threads),
            prefill_tokens: config.prefill_tokens,
        };
        let engine = Engine::start(Arc::clone(&model), shape)?;
        let refused = |reason| Error::Refused { path: config.path.clone(), reason };
        let preparer = Preparer {
            grammars: Grammars::new(&model).map_err(refused)?,
            model: Arc::clone(&model),
            defaults: defaults(config),
            context_length,
            jobs: engine.jobs(),
        };
        let (asked, receiver) = mpsc::channel();
        // Ends when the backend goes, and with it the sender.
        thread::Builder::new()
            .name("antiphon-llama-prompts".to_owned())
            .spawn(move || preparer.run(&receiver))
            .map_err(Error::Thread)?;
        let places = Places::new(config.slots as usize + config.queue as usize);
        Ok(Self { info: info(config, context_length), places, asked, engine })
    }

    /// What the engine did and does.
    pub fn figures(&self) -> Figures {
        self.engine.counters().read()
    }

    fn answer(&self, question: Question, context: Context) -> EventStream {
        let choices = question.choices();
        if choices as usize > self.places.most() {
            let message = format!("This model gives at most {} choices at once.", self.places.most());
            return BackendError::new(ErrorKind::InvalidRequest, message).with_param("n").into_stream();
        }
        let Some(places) = self.places.take(choices as usize) else {
            let error =
                BackendError::new(ErrorKind::Overloaded, "The model has no room for more requests now.");
            return error.with_retry_after(RETRY_AFTER).into_stream();
        };
        let stops = question.stops().to_vec();
        let prompt = Arc::<AtomicU64>::default();
        let mut streams = Vec::new();
        let choices = places.into_iter().map(|place| {
            let (outlet, pieces) = Outlet::new();
            let reused = Arc::<Reused>::default();
            streams.push(answer::choice(
                pieces,
                &stops,
                Count::new(Arc::clone(&prompt), Arc::clone(&reused)),
            ));
            (outlet, reused, place)
        });
        let asked = Asked { question, context, choices: choices.collect(), prompt: Arc::clone(&prompt) };
        if self.asked.send(asked).is_err() {
            return BackendError::new(ErrorKind::Unavailable, "The model has stopped.").into_stream();
        }
        Box::pin(adapt::fan_out(streams))
    }
}

impl Backend for LlamaBackend {
    fn models(&self) -> Vec<ModelInfo> {
        vec![self.info.clone()]
    }

    fn chat(&self, request: chat::Request, context: Context) -> EventStream {
        self.answer(Question::Chat(Box::new(request)), context)
    }

    fn complete(&self, request: completions::Request, context: Context) -> EventStream {
        self.answer(Question::Completion(Box::new(request)), context)
    }

    fn health(&self) -> Health {
        if self.engine.is_running() {
            Health::Ready
        } else {
            Health::Unready("the engine has stopped".to_owned())
        }
    }
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

/// The model as it is listed.
fn info(config: &Config, context_length: u32) -> ModelInfo {
    let mut names = config.names().into_iter();
    let first = names.next().unwrap_or_default();
    let info = names.fold(ModelInfo::new(first), ModelInfo::alias).context_length(context_length.into());
    [
        Capability::Completions,
        Capability::JsonObject,
        Capability::JsonSchema,
        Capability::Logprobs,
        Capability::NativeChoices,
        Capability::NativeStop,
        Capability::NativeLimit,
        Capability::TokenInput,
    ]
    .into_iter()
    .fold(info, ModelInfo::with)
}

/// How many threads compute: as many as are asked for, or one for each core that this process may use.
fn threads(asked: u32) -> i32 {
    let cores =
        || thread::available_parallelism().map_or(1, |cores| i32::try_from(cores.get()).unwrap_or(i32::MAX));
    i32::try_from(asked).ok().filter(|threads| *threads > 0).unwrap_or_else(cores)
}
