//! A slot: a sequence of the cache, and the answer that has it.

use std::sync::Arc;

use antiphon_backend::CompactString;
use antiphon_backend::chat::{FinishReason, TokenLogprob};
use llama_cpp_2::token::LlamaToken;

use super::job::{Piece, Sequence};
use crate::characters::Characters;
use crate::grammar::Constraint;
use crate::logprobs::Likelihood;
use crate::model::Model;

/// A sequence of llama.cpp's cache.
pub(crate) struct Slot {
    /// The sequence's number.
    pub(crate) id: i32,
    /// The tokens that the cache has for it, in their order.
    pub(crate) known: Vec<LlamaToken>,
    /// When it was last used: the number of an admission.
    pub(crate) used: u64,
    pub(crate) active: Option<Active>,
}

/// An answer that is being generated.
pub(crate) struct Active {
    pub(crate) sequence: Sequence,
    /// Prompt and answer.
    pub(crate) tokens: Vec<LlamaToken>,
    characters: Characters,
    /// The tokens of a character that is not whole yet.
    held: Held,
}

#[derive(Default)]
struct Held {
    logprobs: Vec<TokenLogprob>,
    tokens: u64,
}

impl Slot {
    pub(crate) fn new(id: i32) -> Self {
        Self { id, known: Vec::new(), used: 0, active: None }
    }

    /// How many tokens are to be computed next; none while the reader is behind.
    pub(crate) fn pending(&self) -> usize {
        match &self.active {
            Some(active) if !active.sequence.outlet.is_full() => active.tokens.len() - self.known.len(),
            _ => 0,
        }
    }

    /// Whether it computes this very prompt, which choices of one request share.
    pub(crate) fn is_computing(&self, prompt: &Arc<[LlamaToken]>) -> bool {
        let is_its = |active: &Active| Arc::ptr_eq(&active.sequence.prompt, prompt);
        self.is_in_prompt() && self.active.as_ref().is_some_and(is_its)
    }

    /// Whether the prompt of its answer is not computed yet.
    pub(crate) fn is_in_prompt(&self) -> bool {
        self.active.as_ref().is_some_and(|active| self.known.len() < active.sequence.prompt.len())
    }
}

impl Active {
    pub(crate) fn new(sequence: Sequence) -> Self {
        let tokens = sequence.prompt.to_vec();
        Self { sequence, tokens, characters: Characters::default(), held: Held::default() }
    }

    fn generated(&self) -> u64 {
        (self.tokens.len() - self.sequence.prompt.len()) as u64
    }

    /// Whether nobody waits for the answer.
    pub(crate) fn is_left(&self) -> bool {
        self.sequence.context.is_cancelled() || self.sequence.outlet.is_closed()
    }

    /// Chooses the next token from its logits, and sends it; gives back the reason where the answer ends.
    ///
    /// `scratch` is memory for logits that are changed.
    pub(crate) fn advance(
        &mut self,
        model: &Model,
        logits: &[f32],
        scratch: &mut Vec<f32>,
    ) -> Result<Option<FinishReason>, Failed> {
        let token = self.choose(logits, scratch)?;
        if model.ends(token) {
            return Ok(Some(FinishReason::Stop));
        }
        self.tokens.push(token);
        if let Some(constraint) = &mut self.sequence.constraint {
            constraint.consume(token).map_err(Failed::Constraint)?;
        }
        self.send(model, token, logits);
        let is_complete = self.sequence.constraint.as_ref().is_some_and(Constraint::is_complete);
        Ok(if is_complete {
            Some(FinishReason::Stop)
        } else {
            (self.generated() >= self.sequence.limit).then_some(FinishReason::Length)
        })
    }

    fn choose(&mut self, logits: &[f32], scratch: &mut Vec<f32>) -> Result<LlamaToken, Failed> {
        let Sequence { sampler, constraint, .. } = &mut self.sequence;
        let chosen = if constraint.is_none() && !sampler.shapes_logits() {
            sampler.choose(logits)
        } else {
            scratch.clear();
            scratch.extend_from_slice(logits);
            sampler.shape(scratch);
            if let Some(constraint) = constraint {
                constraint.exclude(scratch).map_err(Failed::Constraint)?;
            }
            sampler.choose(scratch)
        };
        let token = chosen.and_then(|token| i32::try_from(token).ok()).ok_or(Failed::NoToken)?;
        Ok(LlamaToken::new(token))
    }

    /// Sends the characters that the token completes.
    fn send(&mut self, model: &Model, token: LlamaToken, logits: &[f32]) {
        let text = self.characters.push(&model.said(token, self.sequence.reads_marks));
        self.held.tokens += 1;
        if let Some(top) = self.sequence.top_logprobs {
            let likelihood = Likelihood::of(token.0.cast_unsigned(), logits, top);
            let bytes = |token: u32| model.bytes(LlamaToken::new(token.cast_signed()));
            self.held.logprobs.push(likelihood.told(bytes));
        }
        if self.characters.is_within() && text.is_empty() {
            return;
        }
        let Held { logprobs, tokens } = std::mem::take(&mut self.held);
        self.sequence.outlet.send(Piece::Text { text: CompactString::from(text), logprobs, tokens });
    }
}

/// Why an answer cannot go on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failed {
    #[error("the logits are no numbers")]
    NoToken,
    #[error("the constraint failed: {0}")]
    Constraint(String),
}
