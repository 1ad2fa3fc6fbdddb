//! A backend that does what a test says, and tells when its streams start, rest and end.

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::{Duration, Instant};

use antiphon_backend::{
    Backend, BackendError, Capability, Context, EmbeddingFuture, Embeddings, Event, EventStream, ModelInfo,
    Place,
};
use antiphon_types::{chat, completions, embeddings};
use async_stream::stream;
use serde_json::Value;
use tokio::sync::{Barrier, Notify};

/// One step of a scripted answer.
#[derive(Clone, Debug)]
pub enum Step {
    /// Yields an event.
    Event(Event),
    /// Yields an error and ends.
    Fail(fn() -> BackendError),
    /// Panics in the stream.
    Panic(&'static str),
    /// Waits for ever.
    Hang,
    /// Is silent for a while.
    Sleep(Duration),
    /// Goes on when the test says so.
    Wait(Arc<Notify>),
    /// Goes on when so many streams have come here.
    Meet(Arc<Barrier>),
}

impl Step {
    /// Yields a text.
    pub fn text(text: &str) -> Self {
        Self::Event(Event::text(text))
    }

    /// Yields fields of the backend's own, the members of an object.
    pub fn extra(place: Place, fields: Value) -> Self {
        Self::Event(Event::extra(place, serde_json::from_value(fields).expect("an object")))
    }

    /// Ends choice 0 with `stop`.
    pub fn stop() -> Self {
        Self::Event(Event::finish(chat::FinishReason::Stop))
    }
}

/// How long a test waits for what has to come: no machine is so slow that it takes longer.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// What a [`Scripted`] backend's stream went through.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sighting {
    /// `chat`, `complete` or `embed` was called.
    Called,
    /// The stream came to [`Step::Hang`], or embeddings never come.
    Hangs,
    /// The stream or the future was dropped, at this time.
    Dropped(Instant),
}

/// Chooses the steps of an answer.
type Script<R> = Box<dyn Fn(&R) -> Vec<Step> + Send + Sync>;

/// Chooses vectors; `None` where they never come.
type Embed = Box<dyn Fn(&embeddings::Request) -> Option<Result<Embeddings, BackendError>> + Send + Sync>;

/// A backend that answers each request with steps chosen from it.
pub struct Scripted {
    models: Vec<ModelInfo>,
    script: Script<chat::Request>,
    completions: Option<Script<completions::Request>>,
    embeddings: Option<Embed>,
    prompt_tokens: Option<u64>,
    sightings: Option<Sender<Sighting>>,
}

impl Scripted {
    /// A backend with the model `scripted`, which can do all but what the adapters do for it.
    pub fn new(script: impl Fn(&chat::Request) -> Vec<Step> + Send + Sync + 'static) -> Self {
        use Capability::{
            CompletionsByChat, NativeChoices, NativeEcho, NativeLimit, NativeStop, ThinkBegun, ThinkTags,
        };
        let adapted =
            [CompletionsByChat, NativeChoices, NativeEcho, NativeLimit, NativeStop, ThinkBegun, ThinkTags];
        let able = Capability::ALL.into_iter().filter(|capability| !adapted.contains(capability));
        let model = able.fold(ModelInfo::new("scripted"), ModelInfo::with);
        Self {
            models: vec![model.without(Capability::Completions).without(Capability::Embeddings)],
            script: Box::new(script),
            completions: None,
            embeddings: None,
            prompt_tokens: None,
            sightings: None,
        }
    }

    /// A backend whose model `scripted` completes prompts, and does not chat.
    pub fn completing(script: impl Fn(&completions::Request) -> Vec<Step> + Send + Sync + 'static) -> Self {
        Self::always([]).completes(script).only(Capability::Completions)
    }

    /// A backend whose model `scripted` embeds as [`embeds`](Self::embeds) says, and does not chat.
    pub fn embedding(
        embed: impl Fn(&embeddings::Request) -> Option<Result<Embeddings, BackendError>> + Send + Sync + 'static,
    ) -> Self {
        Self::always([]).embeds(embed).only(Capability::Embeddings)
    }

    fn only(mut self, capability: Capability) -> Self {
        let models = self.models.into_iter();
        self.models = models.map(|model| model.without(Capability::Chat).with(capability)).collect();
        self
    }

    /// A backend that gives every request the same answer.
    pub fn always(steps: impl Into<Vec<Step>>) -> Self {
        let steps = steps.into();
        Self::new(move |_| steps.clone())
    }

    /// Sets the models.
    #[must_use]
    pub fn models(mut self, models: impl Into<Vec<ModelInfo>>) -> Self {
        self.models = models.into();
        self
    }

    /// Sets the steps that answer a prompt, for models that declare that they complete prompts.
    #[must_use]
    pub fn completes(
        mut self,
        script: impl Fn(&completions::Request) -> Vec<Step> + Send + Sync + 'static,
    ) -> Self {
        self.completions = Some(Box::new(script));
        self
    }

    /// Sets the vectors of an input, for models that declare that they embed; `None`: they never come.
    #[must_use]
    pub fn embeds(
        mut self,
        embed: impl Fn(&embeddings::Request) -> Option<Result<Embeddings, BackendError>> + Send + Sync + 'static,
    ) -> Self {
        self.embeddings = Some(Box::new(embed));
        self
    }

    /// Sets what it says of every prompt's length, in tokens.
    #[must_use]
    pub fn prompt_tokens(mut self, tokens: u64) -> Self {
        self.prompt_tokens = Some(tokens);
        self
    }

    /// Tells what its streams go through.
    pub fn watched(mut self) -> (Self, Receiver<Sighting>) {
        let (sender, receiver) = mpsc::channel();
        self.sightings = Some(sender);
        (self, receiver)
    }

    /// Watches one call.
    fn watch(&self) -> Watch {
        let watch = Watch(self.sightings.clone());
        watch.tell(Sighting::Called);
        watch
    }
}

impl Backend for Scripted {
    fn models(&self) -> Vec<ModelInfo> {
        self.models.clone()
    }

    fn prompt_tokens(&self, _request: &chat::Request) -> Option<u64> {
        self.prompt_tokens
    }

    fn completion_prompt_tokens(&self, _request: &completions::Request) -> Option<u64> {
        self.prompt_tokens
    }

    fn chat(&self, request: chat::Request, _context: Context) -> EventStream {
        let watch = self.watch();
        play((self.script)(&request), watch)
    }

    fn complete(&self, request: completions::Request, _context: Context) -> EventStream {
        let watch = self.watch();
        let script = self.completions.as_ref().expect("only models that complete are asked to");
        play(script(&request), watch)
    }

    fn embed(&self, request: embeddings::Request, _context: Context) -> EmbeddingFuture {
        let watch = self.watch();
        let embed = self.embeddings.as_ref().expect("only models that embed are asked to");
        let outcome = embed(&request);
        Box::pin(async move {
            // Moved in, so that it is dropped with the future.
            let watch = watch;
            let Some(outcome) = outcome else {
                watch.tell(Sighting::Hangs);
                return std::future::pending().await;
            };
            outcome
        })
    }
}

/// Streams what the steps say.
fn play(steps: Vec<Step>, watch: Watch) -> EventStream {
    Box::pin(stream! {
        // Moved in, so that it is dropped with the stream, polled or not.
        let watch = watch;
        for step in steps {
            match step {
                Step::Event(event) => yield Ok(event),
                Step::Fail(error) => {
                    yield Err(error());
                    return;
                }
                Step::Panic(message) => panic!("{message}"),
                Step::Hang => {
                    watch.tell(Sighting::Hangs);
                    std::future::pending::<()>().await;
                }
                Step::Sleep(duration) => tokio::time::sleep(duration).await,
                Step::Wait(gate) => gate.notified().await,
                Step::Meet(barrier) => { barrier.wait().await; }
            }
        }
    })
}

/// Tells that a stream was dropped when it is dropped itself.
struct Watch(Option<Sender<Sighting>>);

impl Watch {
    fn tell(&self, sighting: Sighting) {
        if let Some(sender) = &self.0 {
            // A test that has ended no longer listens.
            let _ = sender.send(sighting);
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.tell(Sighting::Dropped(Instant::now()));
    }
}
