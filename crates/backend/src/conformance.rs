//! One suite that every backend runs in its own tests: does it keep the contract of [`Backend`]?
//!
//! The feature `conformance` turns it on, in `[dev-dependencies]`:
//!
//! ```
//! use antiphon_backend::{EchoBackend, conformance};
//!
//! # tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime starts").block_on(
//! async { // #[tokio::test]
//!     conformance::run(EchoBackend::default).await;
//! }
//! # );
//! ```
//!
//! [`Suite`] has settings for backends that need them: a model that samples needs
//! [`answers_vary`](Suite::answers_vary). Each check is a function too, for a [`Probe`]. What cannot be seen
//! from outside no check can see: work in threads is found only if it holds its
//! [`Context`](crate::Context), as the contract asks. The clock of the runtime must be the real one:
//! cancellation is measured.

mod cancellation;
mod completions;
mod concurrency;
mod embeddings;
mod logprobs;
mod models;
mod native;
mod order;
mod polls;
mod probe;
mod report;
#[cfg(test)]
mod tests;
mod tools;
mod usage;
mod whole;

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use antiphon_types::chat;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use crate::{Backend, Capability};

pub use self::{
    cancellation::{CANCELLED_WITHIN, cancellation},
    completions::completions,
    concurrency::concurrency,
    embeddings::embeddings,
    logprobs::logprobs,
    models::models,
    native::native_claims,
    order::{event_order, nothing_after_finish, one_finish},
    polls::{POLLED_WITHIN, polls},
    probe::Probe,
    report::{Failure, Report},
    tools::forced_calls,
    usage::usage,
    whole::whole_equals_stream,
};

/// A check, as all of them can be called.
type Check = fn(&Probe) -> BoxFuture<'_, Result<(), Failure>>;

const CHAT: Option<Capability> = Some(Capability::Chat);
const COMPLETIONS: Option<Capability> = Some(Capability::Completions);
const EMBEDDINGS: Option<Capability> = Some(Capability::Embeddings);

/// The checks by name, each with what a model must do to be asked, in the order in which they are made.
const CHECKS: [(&str, Option<Capability>, Check); 14] = [
    ("models", None, |probe| Box::pin(models(probe))),
    ("event_order", CHAT, |probe| Box::pin(event_order(probe))),
    ("one_finish", CHAT, |probe| Box::pin(one_finish(probe))),
    ("nothing_after_finish", CHAT, |probe| Box::pin(nothing_after_finish(probe))),
    ("polls", CHAT, |probe| Box::pin(polls(probe))),
    ("cancellation", CHAT, |probe| Box::pin(cancellation(probe))),
    ("concurrency", CHAT, |probe| Box::pin(concurrency(probe))),
    ("usage", CHAT, |probe| Box::pin(usage(probe))),
    ("whole_equals_stream", CHAT, |probe| Box::pin(whole_equals_stream(probe))),
    ("native_claims", CHAT, |probe| Box::pin(native_claims(probe))),
    ("forced_calls", CHAT, |probe| Box::pin(forced_calls(probe))),
    ("logprobs", CHAT, |probe| Box::pin(logprobs(probe))),
    ("completions", COMPLETIONS, |probe| Box::pin(completions(probe))),
    ("embeddings", EMBEDDINGS, |probe| Box::pin(embeddings(probe))),
];

/// Runs all checks with the default settings.
///
/// `factory` makes a backend for each check; one that is costly to make can be an `Arc` that the factory
/// clones.
///
/// # Panics
/// If a check fails: with a line for each check, and the reasons.
pub async fn run<B: Backend>(factory: impl Fn() -> B) {
    Suite::default().run(factory).await.assert_passed();
}

/// The checks with their settings.
#[derive(Clone, Debug, Default)]
pub struct Suite {
    template: Option<chat::Request>,
    patience: Option<Duration>,
    answers_vary: bool,
}

impl Suite {
    /// Sets the request that all others are made of.
    ///
    /// A message of the user is added to it. By default it names the backend's first model, has no messages,
    /// the temperature 0, the seed 0 and a limit of 64 tokens. To a model that declares
    /// [`Tools`](crate::Capability::Tools) it offers one, which the model is free to call, but where
    /// [`forced_calls`] says that it must. With a template that forces a call all other checks see calls too:
    ///
    /// ```
    /// use antiphon_backend::chat::{Function, Request, Tool, ToolChoiceMode};
    /// use antiphon_backend::conformance::Suite;
    ///
    /// let mut template = Request::new("poet-7b", []).tools([Tool::function(Function::new("get_weather"))]);
    /// template.tool_choice = Some(ToolChoiceMode::Required.into());
    /// let suite = Suite::default().with_template(template);
    /// ```
    #[must_use]
    pub fn with_template(mut self, template: chat::Request) -> Self {
        self.template = Some(template);
        self
    }

    /// Sets how long one answer may take; a minute by default.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = Some(patience);
        self
    }

    /// Says that answers to the same request differ: none are compared.
    ///
    /// For a model that samples whatever the seed and the temperature.
    #[must_use]
    pub fn answers_vary(mut self) -> Self {
        self.answers_vary = true;
        self
    }

    /// Runs all checks in turn, each with a backend of its own.
    ///
    /// A check in which the backend panics has failed. All others ask the models for answers, so they are
    /// skipped where `models` fails, and where the model is for something else.
    pub async fn run<B: Backend>(&self, factory: impl Fn() -> B) -> Report {
        let mut report = Report::default();
        for (name, needed, check) in CHECKS {
            if report.has_failed("models") {
                report.skip(name, "no model to ask");
                continue;
            }
            let work = async {
                let probe = self.probe(factory());
                let is_for_it = needed.is_none_or(|capability| probe.model.has(capability));
                if is_for_it { Some(check(&probe).await) } else { None }
            };
            match AssertUnwindSafe(work).catch_unwind().await {
                Ok(Some(outcome)) => report.add(name, outcome),
                Ok(None) => report.skip(name, "not what the model does"),
                Err(_) => report.add(name, Err(Failure::panicked())),
            }
        }
        report
    }

    /// A backend with these settings, for a single check.
    pub fn probe(&self, backend: impl Backend) -> Probe {
        Probe::new(backend, self)
    }
}
