//! The echo passes; backends that are broken, each in its way, fail the check that is for it.

mod claims;
mod completions;
mod embeddings;
mod suite;
mod usage;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::Poll;
use std::thread;
use std::time::Duration;

use antiphon_types::Usage;
use antiphon_types::chat::{FinishReason, Request, ToolChoiceMode};
use futures_util::{StreamExt, stream};

use super::*;
use crate::{BackendError, Capability, Context, EchoBackend, ErrorKind, Event, EventStream, ModelInfo};

/// Answers as a function says.
struct Broken<F> {
    models: Vec<ModelInfo>,
    prompt_tokens: Option<u64>,
    chat: F,
}

impl<F> Backend for Broken<F>
where
    F: Fn(Request, Context) -> EventStream + Send + Sync + 'static,
{
    fn models(&self) -> Vec<ModelInfo> {
        self.models.clone()
    }

    fn chat(&self, request: Request, context: Context) -> EventStream {
        (self.chat)(request, context)
    }

    fn prompt_tokens(&self, _request: &Request) -> Option<u64> {
        self.prompt_tokens
    }
}

fn broken<F>(capabilities: &[Capability], chat: F) -> Arc<Broken<F>>
where
    F: Fn(Request, Context) -> EventStream + Send + Sync + 'static,
{
    let model = capabilities.iter().fold(ModelInfo::new("broken"), |model, one| model.with(*one));
    Arc::new(Broken { models: vec![model], prompt_tokens: None, chat })
}

fn play(items: Vec<Result<Event, BackendError>>) -> EventStream {
    Box::pin(stream::iter(items))
}

/// What the author of a model that samples is told.
const ANSWERS_VARY: &str = "(a model whose answers to the same request vary needs `Suite::answers_vary`)";

fn text() -> Event {
    Event::text("one two")
}

fn finish() -> Event {
    Event::finish(FinishReason::Stop)
}

/// A backend that plays the same to every request.
fn player(events: impl Into<Vec<Event>>) -> impl Backend {
    let events = events.into();
    broken(&[], move |_, _| play(events.iter().cloned().map(Ok).collect()))
}

fn probe(backend: impl Backend) -> Probe {
    Suite::default().with_patience(Duration::from_secs(1)).probe(backend)
}

fn failure(reason: &str) -> Result<(), Failure> {
    Err(Failure(reason.to_owned()))
}

#[tokio::test]
async fn echo_passes() {
    run(EchoBackend::default).await;
    run(|| EchoBackend::default().with_token_delay(Duration::from_millis(1))).await;
}

#[tokio::test]
async fn names_are_checked() {
    let check = async |names: &[&str], reason| {
        let names = names.iter().map(|name| ModelInfo::new(*name).alias("alias"));
        let backend = Broken { models: names.collect(), prompt_tokens: None, chat: |_, _| play(Vec::new()) };
        assert_eq!(models(&probe(backend)).await, failure(reason));
    };
    check(&[], "there is no model").await;
    check(&[" "], "a model has an empty name").await;
    check(&["a", "b"], "the name \"alias\" is given twice").await;
}

#[tokio::test]
async fn order_is_checked() {
    let check = async |events: &[Event], reason| {
        assert_eq!(event_order(&probe(player(events))).await, failure(reason));
    };
    check(&[text().at(1)], "an event came of choice 1, and the choices are 0 to 0").await;
    check(&[Event::arguments(0, "{}")], "slot 0 of choice 0 began without the tool's name").await;
    let start = || Event::tool_call(0, None, "f");
    check(&[start(), start()], "slot 0 of choice 0 began twice").await;
    let usage = || Event::usage(Usage::new(1, 1));
    check(&[usage(), usage()], "usage came twice").await;
}

#[tokio::test]
async fn finishes_are_counted() {
    let check = async |events: &[Event], reason| {
        assert_eq!(one_finish(&probe(player(events))).await, failure(reason));
    };
    check(&[text()], "the stream ended before choice 0 had finished").await;
    check(&[finish(), finish()], "choice 0 finished twice").await;
    let one_of_two = broken(&[Capability::NativeChoices], |_, _| play(vec![Ok(finish())]));
    let reason = "the stream ended before choice 1 had finished: two choices were asked for, because the model \
                  declares NativeChoices";
    assert_eq!(one_finish(&probe(one_of_two)).await, failure(reason));
}

#[tokio::test]
async fn what_follows_an_end_is_seen() {
    let late = probe(player([finish(), text()]));
    assert_eq!(nothing_after_finish(&late).await, failure("choice 0 went on after its finish"));
    let error = || BackendError::new(ErrorKind::Upstream, "gone").with_source("connection reset");
    let zombie = probe(broken(&[], move |_, _| play(vec![Err(error()), Ok(text())])));
    assert_eq!(nothing_after_finish(&zombie).await, failure("the stream went on after its error"));
    let failing = probe(broken(&[], move |_, _| play(vec![Err(error())])));
    assert_eq!(nothing_after_finish(&failing).await, failure("the answer failed: gone: connection reset"));
}

#[tokio::test(start_paused = true)]
async fn answer_without_end_is_not_waited_for() {
    let hanging = probe(broken(&[], |_, _| Box::pin(stream::pending())));
    assert_eq!(one_finish(&hanging).await, failure("there is no answer after 1s"));
    let endless = probe(broken(&[], |_, _| Box::pin(stream::repeat_with(|| Ok(text())))));
    assert_eq!(one_finish(&endless).await, failure("the stream goes on after 1000000 events"));
}

#[tokio::test(start_paused = true)]
async fn wake_up_that_is_lost_is_seen() {
    let backend = || {
        probe(broken(&[], |_, _| {
            let mut polls = 0;
            Box::pin(stream::poll_fn(move |_| {
                polls += 1;
                // Has nothing at first, and wakes nobody when it has.
                if polls == 1 {
                    Poll::Pending
                } else {
                    Poll::Ready([text(), finish()].get(polls - 2).cloned().map(Ok))
                }
            }))
        }))
    };
    let late = failure("there is no answer after 1s");
    assert_eq!(one_finish(&backend()).await, late);
    assert_eq!(cancellation(&backend()).await, late);
    assert_eq!(concurrency(&backend()).await, late);
}

/// The work of an engine that has no thread of its own.
fn compute() {
    thread::sleep(Duration::from_millis(300));
}

#[tokio::test]
async fn call_or_poll_that_blocks_is_seen() {
    let reason =
        "the call or a poll took longer than 250ms: what computes or blocks belongs in a thread of its own";
    let at_once = broken(&[], |_, _| {
        compute();
        play(vec![Ok(text()), Ok(finish())])
    });
    assert_eq!(polls(&probe(at_once)).await, failure(reason));
    let later = broken(&[], |_, _| Box::pin(stream::iter([text(), finish()]).inspect(|_| compute()).map(Ok)));
    assert_eq!(polls(&probe(later)).await, failure(reason));
    assert_eq!(polls(&probe(player([text(), finish()]))).await, Ok(()));
}

/// Starts a thread that works until `is_done`, and streams what it sends, which is one text.
fn threaded(context: Context, is_done: impl Fn(&Context) -> bool + Send + 'static) -> EventStream {
    let (sender, mut receiver) = tokio::sync::mpsc::channel(1);
    thread::spawn(move || {
        drop(sender.blocking_send(Ok(text())));
        // Bounded, for the thread that never is.
        for _ in 0..200 {
            if is_done(&context) {
                break;
            }
            thread::sleep(Duration::from_millis(5));
        }
    });
    Box::pin(stream::poll_fn(move |cx| receiver.poll_recv(cx)).chain(stream::pending()))
}

#[tokio::test]
async fn work_that_goes_on_is_seen() {
    let deaf = probe(broken(&[], |_, context| threaded(context, |_| false)));
    let reason = "250ms after a stream was dropped before its first event, its work went on";
    assert_eq!(cancellation(&deaf).await, failure(reason));

    let calls = AtomicU32::new(0);
    let deaf_later = probe(broken(&[], move |_, context| {
        let is_first = calls.fetch_add(1, Ordering::SeqCst) == 0;
        threaded(context, move |_| is_first)
    }));
    let reason = "250ms after a stream was dropped after its first event, its work went on";
    assert_eq!(cancellation(&deaf_later).await, failure(reason));

    let listening = probe(broken(&[], |_, context| threaded(context, Context::is_cancelled)));
    assert_eq!(cancellation(&listening).await, Ok(()));
}

/// Waits, where it is dropped, for work that does not listen.
struct Waits;

impl Drop for Waits {
    fn drop(&mut self) {
        compute();
    }
}

#[tokio::test]
async fn drop_that_blocks_is_seen() {
    let backend = probe(broken(&[], |_, _| {
        let waits = Waits;
        Box::pin(stream::poll_fn(move |_| {
            let _keep = &waits;
            Poll::Ready(Some(Ok(text())))
        }))
    }));
    let reason = "a stream was dropped before its first event, and that took longer than 250ms";
    assert_eq!(cancellation(&backend).await, failure(reason));
}

/// Panics where it is dropped before its work was called off.
struct Worked(Context);

impl Drop for Worked {
    fn drop(&mut self) {
        assert!(self.0.is_cancelled(), "the work went on, and a drop that waits for it would wait for ever");
    }
}

#[tokio::test]
async fn work_is_called_off_before_its_stream_is_dropped() {
    let backend = || {
        broken(&[], |_, context| {
            let work = Worked(context);
            Box::pin(stream::iter([text(), finish()]).map(move |event| {
                let _keep = &work;
                Ok(event)
            }))
        })
    };
    run(backend).await;
}

#[tokio::test]
async fn answers_that_meet_are_seen() {
    let shared = Arc::new(AtomicU32::new(0));
    let backend = broken(&[], move |_, _| {
        let place = shared.fetch_add(1, Ordering::SeqCst);
        play(vec![Ok(Event::text(format!("{place}"))), Ok(finish())])
    });
    let outcome = concurrency(&probe(Arc::clone(&backend))).await;
    let reason = outcome.expect_err("the eighth answer differs from the first").to_string();
    assert!(reason.starts_with("alone, a request got") && reason.contains("text: \"8\""), "{reason}");
    assert!(reason.ends_with(ANSWERS_VARY), "{reason}");
    let varying = Suite::default().answers_vary();
    assert_eq!(concurrency(&varying.probe(backend)).await, Ok(()));
    let cut = probe(player([text()]));
    let reason =
        "the answer failed: the backend broke its contract: the stream ended before choice 0 had finished";
    assert_eq!(concurrency(&cut).await, failure(reason));
}

#[tokio::test]
async fn stream_that_says_something_else_is_seen() {
    let backend = broken(&[], |request, _| {
        let text = if request.stream == Some(true) { "streamed" } else { "whole" };
        play(vec![Ok(Event::text(text)), Ok(finish())])
    });
    let outcome = whole_equals_stream(&probe(Arc::clone(&backend))).await;
    let reason = outcome.expect_err("the answers differ").to_string();
    assert!(reason.contains("text: \"whole\"") && reason.contains("text: \"streamed\""), "{reason}");
    assert!(reason.ends_with(ANSWERS_VARY), "{reason}");
    assert_eq!(whole_equals_stream(&Suite::default().answers_vary().probe(backend)).await, Ok(()));
}

#[tokio::test]
async fn model_with_tools_is_offered_one_that_it_may_call() {
    // Calls what it is offered, and forgets the name.
    let nameless = |request: Request, _| {
        let is_free = request.tool_choice == Some(ToolChoiceMode::Auto.into());
        let called = request.tools.is_some_and(|tools| tools.len() == 1) && is_free;
        let event = if called { Event::arguments(0, "{}") } else { text() };
        play(vec![Ok(event), Ok(finish())])
    };
    let reason = "slot 0 of choice 0 began without the tool's name";
    assert_eq!(event_order(&probe(broken(&[Capability::Tools], nameless))).await, failure(reason));
    assert_eq!(event_order(&probe(broken(&[], nameless))).await, Ok(()));
}
