//! How the tests ask an upstream.

use std::time::Duration;

use antiphon_backend::{Backend, BackendError, Context, ErrorKind, Event, StreamExt, chat};
use antiphon_types::Usage;
use antiphon_upstream::{Config, ModelConfig, Upstream};

use tokio::time::timeout;

use crate::fake::Fake;

/// No machine is so slow that a test waits longer than this for anything.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// Lets others work until something is so.
pub(crate) async fn until(is_so: impl Fn() -> bool) {
    let waited = async {
        while !is_so() {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, waited).await.expect("what is waited for comes");
}

/// An upstream over these servers, with one model, `fast`, that they call `m-8b`.
pub(crate) fn upstream(fakes: &[&Fake]) -> Upstream {
    configured(fakes, |_| {})
}

/// The same with other settings.
pub(crate) fn configured(fakes: &[&Fake], change: impl FnOnce(&mut Config)) -> Upstream {
    let mut config = Config::default();
    config.base_urls = fakes.iter().map(|fake| fake.base_url()).collect();
    config.models = vec![ModelConfig::new("fast").upstream("m-8b")];
    change(&mut config);
    Upstream::new(&config, |name| (name == "KEY").then(|| "sk-secret".to_owned())).expect("settings that fit")
}

/// A request for a whole answer.
pub(crate) fn whole() -> chat::Request {
    chat::Request::new("fast", [chat::Message::user("Hi")])
}

/// A request for a stream.
pub(crate) fn streamed() -> chat::Request {
    whole().streaming()
}

/// All that an answer yields.
pub(crate) async fn all(upstream: &Upstream, request: chat::Request) -> Vec<Result<Event, BackendError>> {
    upstream.chat(request, Context::new("test")).collect().await
}

/// All events of an answer that succeeds.
pub(crate) async fn events(upstream: &Upstream, request: chat::Request) -> Vec<Event> {
    let items = all(upstream, request).await.into_iter();
    items.collect::<Result<_, _>>().unwrap_or_else(|error| panic!("{error:?}"))
}

/// The error of an answer that fails before anything else.
pub(crate) async fn error(upstream: &Upstream, request: chat::Request) -> BackendError {
    let mut items = all(upstream, request).await;
    assert_eq!(items.len(), 1, "{items:?}");
    items.pop().expect("one").expect_err("it fails")
}

/// The events before the error that an answer ends in, and its kind.
pub(crate) async fn cut(upstream: &Upstream, request: chat::Request) -> (Vec<Event>, ErrorKind) {
    let mut items = all(upstream, request).await;
    let error = items.pop().expect("an item").expect_err("it ends in an error");
    (items.into_iter().map(|item| item.expect("one error alone")).collect(), error.kind())
}

/// What `Hello there` is as events, streamed.
pub(crate) fn hello() -> Vec<Event> {
    vec![
        Event::text("Hello "),
        Event::text("there"),
        Event::finish(chat::FinishReason::Stop),
        Event::usage(Usage::new(3, 2)),
    ]
}
