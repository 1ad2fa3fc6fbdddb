//! What the engine is asked to do: answers to generate.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use antiphon_backend::chat::{FinishReason, TokenLogprob};
use antiphon_backend::{BackendError, CompactString, Context};
use llama_cpp_2::token::LlamaToken;

use super::outlet::Outlet;
use super::queue::Place;
use crate::grammar::Constraint;
use crate::sampling::Sampler;

/// One answer to generate: a choice of a request.
pub(crate) struct Sequence {
    /// Shared by the choices of a request.
    pub(crate) prompt: Arc<[LlamaToken]>,
    pub(crate) sampler: Sampler,
    /// What the answer has to keep to.
    pub(crate) constraint: Option<Constraint>,
    /// How many tokens to generate, at most.
    pub(crate) limit: u64,
    /// How many of the likeliest tokens to tell beside each; `None`: no probabilities at all.
    pub(crate) top_logprobs: Option<usize>,
    /// Whether marks of thoughts and of calls are part of the text.
    pub(crate) reads_marks: bool,
    pub(crate) outlet: Outlet,
    pub(crate) reused: Arc<Reused>,
    /// Held for as long as there is work.
    pub(crate) context: Context,
    /// The place in the queue, free for another when this is dropped.
    pub(crate) _place: Place,
}

/// A piece of an answer.
#[derive(Debug)]
pub(crate) enum Piece {
    /// Whole characters of one token or more.
    Text { text: CompactString, logprobs: Vec<TokenLogprob>, tokens: u64 },
    /// The end.
    End(FinishReason),
    /// The end of the whole request, by a failure.
    Failed(BackendError),
}

/// How many tokens of a prompt were known from before.
#[derive(Debug, Default)]
pub(crate) struct Reused(AtomicU64);

impl Reused {
    pub(crate) fn set(&self, tokens: usize) {
        self.0.store(tokens as u64, Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
