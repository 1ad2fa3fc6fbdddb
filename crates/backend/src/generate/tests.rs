//! What a server gets of backends that can more or less by themselves.

use std::sync::Mutex;
use std::time::Duration;

use antiphon_types::Usage;
use antiphon_types::chat::{FinishReason, Message, Request};
use futures_util::StreamExt;
use tokio::time::Instant;

use super::*;
use crate::testing::{Dropped, Step, all, script};

/// Plays the same steps to every request, and notes the requests.
struct Player {
    model: ModelInfo,
    steps: Vec<Step>,
    prompt_tokens: Option<u64>,
    calls: Mutex<Vec<(Request, Context, Dropped)>>,
}

impl Player {
    fn new(capabilities: &[Capability], steps: impl IntoIterator<Item: Into<Step>>) -> Self {
        Self {
            model: capabilities.iter().fold(ModelInfo::new("player"), |model, one| model.with(*one)),
            steps: steps.into_iter().map(Into::into).collect(),
            prompt_tokens: None,
            calls: Mutex::default(),
        }
    }

    fn play(&self, request: Request) -> EventStream {
        generate(self, &self.model, request, Context::default())
    }

    /// Compares all that comes of a request.
    async fn check(&self, request: Request, expected: impl IntoIterator<Item = Result<Event, ErrorKind>>) {
        assert_eq!(all(self.play(request)).await, expected.into_iter().collect::<Vec<_>>());
    }

    fn calls<T>(&self, see: impl FnMut(&(Request, Context, Dropped)) -> T) -> Vec<T> {
        self.calls.lock().expect("no test panics with it").iter().map(see).collect()
    }
}

impl Backend for Player {
    fn models(&self) -> Vec<ModelInfo> {
        vec![self.model.clone()]
    }

    fn chat(&self, request: Request, context: Context) -> EventStream {
        let stream = script(self.steps.clone());
        self.calls.lock().expect("no test panics with it").push((request, context, stream.dropped()));
        Box::pin(stream)
    }

    fn prompt_tokens(&self, _request: &Request) -> Option<u64> {
        self.prompt_tokens
    }
}

/// A request of five bytes of text, so of two tokens by estimate.
fn request() -> Request {
    Request::new("player", [Message::user("Hi"), Message::assistant("you")])
}

fn three_words() -> [Event; 4] {
    [Event::text("one "), Event::text("two "), Event::text("three"), finish(FinishReason::Stop)]
}

fn finish(reason: FinishReason) -> Event {
    Event::finish(reason)
}

fn usage(prompt: u64, completion: u64) -> Event {
    Event::usage(Usage::new(prompt, completion))
}

#[tokio::test]
async fn answer_passes_and_its_usage_is_estimated() {
    let player = Player::new(&[], three_words());
    player.check(request(), three_words().into_iter().chain([usage(2, 3)]).map(Ok)).await;
    assert_eq!(player.calls(|(asked, ..)| asked.clone()), [request()]);
}

#[tokio::test]
async fn prompt_is_as_long_as_the_backend_says() {
    let player = Player { prompt_tokens: Some(9), ..Player::new(&[], three_words()) };
    player.check(request(), three_words().into_iter().chain([usage(9, 3)]).map(Ok)).await;
    assert_eq!(player.calls(|(_, context, _)| context.prompt_tokens()), [Some(9)]);
}

#[tokio::test]
async fn prompt_over_the_context_is_refused_before_any_work() {
    let mut player = Player { prompt_tokens: Some(9), ..Player::new(&[], three_words()) };
    player.model.context_length = Some(8);
    let error = player.play(request()).next().await.and_then(Result::err).expect("it is refused");
    let told = (error.kind(), error.param(), error.code(), error.message());
    let message = "This model's maximum context length is 8 tokens. However, your messages resulted in 9 tokens. \
                   Please reduce the length of the messages.";
    assert_eq!(told, (ErrorKind::ContextLength, Some("messages"), Some("context_length_exceeded"), message));
    assert_eq!(player.calls(|_| ()), []);
}

#[tokio::test]
async fn stops_and_limits_are_kept_for_a_backend_that_keeps_none() {
    let steps = three_words().map(Step::Give).into_iter().take(3).chain([Step::Hang]);
    let player = Player::new(&[], steps);
    let [one, two, _, _] = three_words().map(Ok);
    let end = |reason, tokens| [finish(reason), usage(2, tokens)].map(Ok);
    let stopped = [one.clone()].into_iter().chain(end(FinishReason::Stop, 1));
    player.check(request().stop(["two"]), stopped.clone()).await;
    let limited = [one, two].into_iter().chain(end(FinishReason::Length, 2));
    player.check(request().max_completion_tokens(2), limited.clone()).await;
    player.check(request().max_tokens(1).max_completion_tokens(2), limited).await;
    player.check(request().stop(["two"]).max_completion_tokens(2), stopped).await;
    assert_eq!(
        player.calls(|(_, context, dropped)| (context.is_cancelled(), dropped.get())),
        [(true, true); 4]
    );
}

#[tokio::test]
async fn what_is_native_is_left_to_the_backend() {
    let native = [Capability::NativeStop, Capability::NativeLimit, Capability::NativeChoices];
    let finishes = [finish(FinishReason::Stop).at(1), finish(FinishReason::Stop)];
    let events = [&[Event::text("a"), Event::text("b").at(1)], &finishes[..]].concat();
    let player = Player::new(&native, events.clone());
    let asked = request().stop(["a"]).max_completion_tokens(1).n(2);
    player.check(asked.clone(), events.into_iter().chain([usage(2, 2)]).map(Ok)).await;
    assert_eq!(player.calls(|(request, ..)| request.clone()), [asked]);
}

#[tokio::test]
async fn choices_are_made_of_calls_with_seeds_of_their_own() {
    let player = Player::new(&[], [Event::text("a"), finish(FinishReason::Stop)]);
    let mut asked = request().n(2);
    asked.seed = Some(7);
    let expected = [
        Event::text("a"),
        Event::text("a").at(1),
        finish(FinishReason::Stop),
        finish(FinishReason::Stop).at(1),
    ];
    player.check(asked, expected.into_iter().chain([usage(2, 2)]).map(Ok)).await;
    assert_eq!(
        player.calls(|(request, ..)| (request.n, request.seed)),
        [(Some(1), Some(7)), (Some(1), Some(8))]
    );
}

#[tokio::test]
async fn choice_that_ends_early_is_cancelled_alone() {
    let player = Player::new(&[], [Step::Give(Event::text("a")), Step::Give(Event::text("b")), Step::Hang]);
    let mut stream = player.play(request().n(2).max_completion_tokens(1));
    let seen: Vec<_> = stream.by_ref().take(3).collect().await;
    assert!(seen.iter().all(Result::is_ok));
    assert_eq!(
        player.calls(|(_, context, dropped)| (context.is_cancelled(), dropped.get())),
        [(true, true), (false, false)]
    );
    drop(stream);
    assert_eq!(
        player.calls(|(_, context, dropped)| (context.is_cancelled(), dropped.get())),
        [(true, true); 2]
    );
}

#[tokio::test]
async fn breach_and_panic_are_errors() {
    Player::new(&[], [Event::text("a")])
        .check(request(), [Ok(Event::text("a")), Err(ErrorKind::Contract)])
        .await;
    Player::new(&[], [Step::Panic]).check(request(), [Err(ErrorKind::Internal)]).await;
}

#[tokio::test(start_paused = true)]
async fn deadline_ends_an_answer_that_hangs() {
    let player = Player::new(&[], [Step::Hang]);
    for n in [1, 2] {
        let context = Context::default().with_deadline(Instant::now() + Duration::from_secs(1));
        let stream = generate(&player, &player.model, request().n(n), context);
        assert_eq!(all(stream).await, [Err(ErrorKind::Timeout)]);
    }
    assert_eq!(
        player.calls(|(_, context, dropped)| (context.is_cancelled(), dropped.get())),
        [(true, true); 3]
    );
}
