//! A backend under test, and how the checks ask it.

use std::error::Error;
use std::pin::Pin;
use std::task::{self, Poll};
use std::time::{Duration, Instant};

use antiphon_types::{chat, completions};
use futures_core::Stream;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::time::timeout;

use super::tools::weather;
use super::{Failure, Suite};
use crate::adapt::{Panicked, Whole, WholeChoice, collect};
use crate::{Backend, BackendError, Capability, Context, Event, EventStream, ModelInfo, complete, generate};

/// A stream of more events than this is taken for one without end.
const MOST_EVENTS: usize = 1_000_000;

/// A backend under test; [`Suite::probe`] makes one.
pub struct Probe {
    pub(super) backend: Box<dyn Backend>,
    pub(super) model: ModelInfo,
    pub(super) answers_vary: bool,
    template: chat::Request,
    patience: Duration,
}

/// All that a stream yielded.
pub(super) struct Recording {
    pub(super) events: Vec<Event>,
    pub(super) error: Option<BackendError>,
    /// Whether anything followed the error.
    pub(super) went_on: bool,
    /// The longest that the call, or a poll of the stream, took.
    pub(super) longest: Duration,
}

impl Probe {
    pub(super) fn new(backend: impl Backend, suite: &Suite) -> Self {
        let models = backend.models();
        let named = suite
            .template
            .as_ref()
            .and_then(|template| models.iter().find(|model| model.answers(&template.model)));
        let model = named.or(models.first()).cloned().unwrap_or_else(|| ModelInfo::new("none"));
        Self {
            template: suite.template.clone().unwrap_or_else(|| default_template(&model)),
            backend: Box::new(backend),
            model,
            answers_vary: suite.answers_vary,
            patience: suite.patience.unwrap_or(Duration::from_secs(60)),
        }
    }

    /// The template with one more message.
    pub(super) fn request(&self, message: &str) -> chat::Request {
        let mut request = self.template.clone();
        request.messages.push(chat::Message::user(message));
        request
    }

    /// Whether the requests offer a tool that the model may call.
    pub(super) fn offers_tools(&self) -> bool {
        self.template.tools.as_ref().is_some_and(|tools| !tools.is_empty())
    }

    /// As many choices as the backend has to be able to give by itself.
    pub(super) fn choices(&self) -> u32 {
        if self.model.has(Capability::NativeChoices) { 2 } else { 1 }
    }

    /// The backend's own stream, with nothing between.
    pub(super) fn chat(&self, request: chat::Request, context: Context) -> EventStream {
        self.backend.chat(request, context)
    }

    /// The name of the model that is asked.
    pub(super) fn name(&self) -> &str {
        &self.template.model
    }

    /// All that the backend's own stream yields.
    pub(super) async fn record(&self, request: chat::Request) -> Result<Recording, Failure> {
        self.record_of(|context| self.chat(request, context)).await
    }

    /// The same for the completion of a prompt.
    pub(super) async fn record_completion(
        &self,
        request: completions::Request,
    ) -> Result<Recording, Failure> {
        self.record_of(|context| self.backend.complete(request, context)).await
    }

    async fn record_of(&self, ask: impl FnOnce(Context) -> EventStream) -> Result<Recording, Failure> {
        let context = Context::new("conformance");
        let token = context.token().clone();
        let start = Instant::now();
        let stream = ask(context);
        let mut recording =
            Recording { events: Vec::new(), error: None, went_on: false, longest: start.elapsed() };
        let mut stream = Timed { stream, longest: &mut recording.longest };
        // Goes before the stream, as in a server: a stream whose drop waits for a thread would else wait for ever.
        let _cancel = token.drop_guard();
        self.in_patience(async {
            while let Some(item) = stream.next().await {
                match item {
                    Ok(event) if recording.events.len() < MOST_EVENTS => recording.events.push(event),
                    Ok(_) => return Err(Failure(format!("the stream goes on after {MOST_EVENTS} events"))),
                    Err(error) => {
                        recording.error = Some(error);
                        recording.went_on = stream.next().await.is_some();
                        break;
                    }
                }
            }
            Ok(())
        })
        .await??;
        Ok(recording)
    }

    /// The answer as a server gives it.
    pub(super) async fn answer(&self, request: chat::Request) -> Result<Whole, Failure> {
        let choices = request.n.unwrap_or(1);
        let stream = generate(&*self.backend, &self.model, request, Context::new("conformance"));
        self.in_patience(collect(stream, choices)).await?.map_err(|error| failed(&error))
    }

    /// The completion as a server gives it.
    pub(super) async fn complete(&self, request: completions::Request) -> Result<Whole, Failure> {
        let choices = request.choices();
        let stream = complete(&*self.backend, &self.model, request, Context::new("conformance"));
        self.in_patience(collect(stream, choices)).await?.map_err(|error| failed(&error))
    }

    /// Waits for an answer, or for the first of it.
    pub(super) async fn in_patience<T>(&self, work: impl Future<Output = T>) -> Result<T, Failure> {
        let late = |_| Failure(format!("there is no answer after {:?}", self.patience));
        // Polls the work when it is woken, and not when the time is over: else a wake-up that is lost would pass.
        let mut woken: FuturesUnordered<_> = std::iter::once(work).collect();
        timeout(self.patience, woken.select_next_some()).await.map_err(late)
    }
}

/// A stream, and the longest that a poll of it took.
struct Timed<'a> {
    stream: EventStream,
    longest: &'a mut Duration,
}

impl Stream for Timed<'_> {
    type Item = Result<Event, BackendError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<Option<Self::Item>> {
        let start = Instant::now();
        let poll = self.stream.poll_next_unpin(cx);
        *self.longest = start.elapsed().max(*self.longest);
        poll
    }
}

/// An answer that failed, with all its causes.
pub(super) fn failed(error: &BackendError) -> Failure {
    if error.source().is_some_and(<dyn Error>::is::<Panicked>) {
        return Failure::panicked();
    }
    let causes = std::iter::successors(Some(error as &dyn Error), |error| (*error).source());
    let causes: Vec<_> = causes.map(ToString::to_string).collect();
    Failure(format!("the answer failed: {}", causes.join(": ")))
}

/// What two answers to the same request have in common: all but ids and probabilities.
pub(super) fn essence(whole: Whole) -> Vec<WholeChoice> {
    let mut choices = whole.choices;
    for choice in &mut choices {
        choice.logprobs = None;
        choice.tool_calls.iter_mut().for_each(|call| call.id = None);
    }
    choices
}

fn default_template(model: &ModelInfo) -> chat::Request {
    let mut template = chat::Request::new(&*model.id, []);
    template.temperature = Some(0.0);
    template.seed = Some(0);
    template.max_completion_tokens = Some(64);
    if model.has(Capability::Tools) {
        template.tools = Some(vec![weather()]);
        template.tool_choice = Some(chat::ToolChoiceMode::Auto.into());
    }
    template
}
