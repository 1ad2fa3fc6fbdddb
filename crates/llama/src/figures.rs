//! What the engine counts as it works.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Counters of one engine, from its start on.
///
/// They only rise, but for `running` and `waiting`. Rates are the differences of two readings.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    steps: AtomicU64,
    prefilled: AtomicU64,
    generated: AtomicU64,
    reused: AtomicU64,
    busy_microseconds: AtomicU64,
    running: AtomicU64,
    waiting: AtomicU64,
    last_batch: AtomicU64,
}

/// What an engine did and does, at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Figures {
    /// Steps, each of which computes one batch.
    pub steps: u64,
    /// Tokens of prompts that were computed.
    pub prefilled_tokens: u64,
    /// Tokens that were generated.
    pub generated_tokens: u64,
    /// Tokens of prompts that were known from before.
    pub reused_tokens: u64,
    /// The time that all steps took together.
    pub busy: Duration,
    /// Answers that have a slot now.
    pub running: u64,
    /// Answers that wait for one now.
    pub waiting: u64,
    /// Tokens of the last batch.
    pub last_batch_tokens: u64,
}

/// What one step did.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Step {
    pub(crate) prefilled: u64,
    pub(crate) generated: u64,
    pub(crate) batch: u64,
}

impl Counters {
    pub(crate) fn step(&self, step: Step) {
        let add = |counter: &AtomicU64, value| counter.fetch_add(value, Ordering::Relaxed);
        add(&self.steps, 1);
        add(&self.prefilled, step.prefilled);
        add(&self.generated, step.generated);
        self.last_batch.store(step.batch, Ordering::Relaxed);
    }

    /// Adds the time of a step.
    pub(crate) fn busy(&self, took: Duration) {
        let microseconds = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.busy_microseconds.fetch_add(microseconds, Ordering::Relaxed);
    }

    pub(crate) fn reused(&self, tokens: u64) {
        self.reused.fetch_add(tokens, Ordering::Relaxed);
    }

    pub(crate) fn occupied(&self, running: usize, waiting: usize) {
        self.running.store(running as u64, Ordering::Relaxed);
        self.waiting.store(waiting as u64, Ordering::Relaxed);
    }

    pub(crate) fn read(&self) -> Figures {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Figures {
            steps: read(&self.steps),
            prefilled_tokens: read(&self.prefilled),
            generated_tokens: read(&self.generated),
            reused_tokens: read(&self.reused),
            busy: Duration::from_micros(read(&self.busy_microseconds)),
            running: read(&self.running),
            waiting: read(&self.waiting),
            last_batch_tokens: read(&self.last_batch),
        }
    }
}
