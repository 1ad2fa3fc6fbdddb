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
//! [`Suite`] has settings for backends that need them; each check is a function too, for a [`Probe`]. What
//! cannot be seen from outside no check can see: work in threads is found only if it holds its
//! [`Context`](crate::Context), as the contract asks. The clock of the runtime must be the real one:
//! cancellation is measured.

mod cancellation;
mod concurrency;
mod models;
mod native;
mod order;
mod probe;
mod report;
#[cfg(test)]
mod tests;
mod usage;
mod whole;

use std::time::Duration;

use antiphon_types::chat;

use crate::Backend;

pub use self::{
    cancellation::{CANCELLED_WITHIN, cancellation},
    concurrency::concurrency,
    models::models,
    native::native_claims,
    order::{event_order, nothing_after_finish, one_finish},
    probe::Probe,
    report::{Failure, Report},
    usage::usage,
    whole::whole_equals_stream,
};

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
    /// the temperature 0, the seed 0 and a limit of 64 tokens.
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
    #[must_use]
    pub fn answers_vary(mut self) -> Self {
        self.answers_vary = true;
        self
    }

    /// Runs all checks in turn, each with a backend of its own.
    pub async fn run<B: Backend>(&self, factory: impl Fn() -> B) -> Report {
        let mut report = Report::default();
        let probe = || self.probe(factory());
        report.add("models", models(&probe()).await);
        report.add("event_order", event_order(&probe()).await);
        report.add("one_finish", one_finish(&probe()).await);
        report.add("nothing_after_finish", nothing_after_finish(&probe()).await);
        report.add("cancellation", cancellation(&probe()).await);
        report.add("concurrency", concurrency(&probe()).await);
        report.add("usage", usage(&probe()).await);
        report.add("whole_equals_stream", whole_equals_stream(&probe()).await);
        report.add("native_claims", native_claims(&probe()).await);
        report
    }

    /// A backend with these settings, for a single check.
    pub fn probe(&self, backend: impl Backend) -> Probe {
        Probe::new(backend, self)
    }
}
