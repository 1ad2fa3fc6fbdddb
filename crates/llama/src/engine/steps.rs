//! The steps of the engine: each computes one batch for all answers that go on.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use antiphon_backend::chat::FinishReason;
use antiphon_backend::{BackendError, CancellationToken, mpsc};
use futures_util::future::{BoxFuture, FutureExt, select_all};
use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::llama_batch::LlamaBatch;
use llama_cpp_2::token::LlamaToken;

use super::job::{Piece, Sequence};
use super::prefix::{self, Placement};
use super::slot::{Active, Failed, Slot};
use crate::figures::{Counters, Step};
use crate::model::Model;

/// What generates answers, in its thread.
pub(crate) struct Steps<'model> {
    pub(crate) model: &'model Model,
    pub(crate) cache: LlamaContext<'model>,
    pub(crate) batch: LlamaBatch<'static>,
    pub(crate) slots: Vec<Slot>,
    /// Tokens of prompts that a step takes, at most.
    pub(crate) prefill_tokens: usize,
    pub(crate) incoming: mpsc::UnboundedReceiver<Vec<Sequence>>,
    pub(crate) waiting: VecDeque<Sequence>,
    /// Answers that have ended, and whose readers are behind.
    pub(crate) draining: Vec<Sequence>,
    pub(crate) counters: Arc<Counters>,
    /// Is cancelled when the backend goes.
    pub(crate) stop: CancellationToken,
    /// Tokens that the cache of a slot holds.
    pub(crate) slot_length: usize,
    /// Whether slots that have nothing to compute may be given a token to no purpose.
    pub(crate) fills_gaps: bool,
    pub(crate) admissions: u64,
    pub(crate) scratch: Vec<f32>,
}

/// What a slot has in the batch.
struct Share {
    slot: usize,
    tokens: usize,
}

impl Steps<'_> {
    /// Generates until the backend goes.
    pub(crate) fn run(mut self, runtime: &tokio::runtime::Runtime) {
        while !self.stop.is_cancelled() {
            while let Ok(sequences) = self.incoming.try_recv() {
                self.waiting.extend(sequences);
            }
            self.clear();
            self.admit();
            self.counters.occupied(self.running().count(), self.waiting.len());
            if self.slots.iter().any(|slot| slot.pending() > 0) {
                self.step();
            } else {
                runtime.block_on(self.wake());
            }
        }
    }

    fn running(&self) -> impl Iterator<Item = &Active> {
        self.slots.iter().filter_map(|slot| slot.active.as_ref())
    }

    /// Waits until there may be something to do.
    async fn wake(&mut self) {
        let incoming = async {
            match self.incoming.recv().await {
                Some(sequences) => Some(sequences),
                // Nobody is left to ask; what runs may still be read.
                None => std::future::pending().await,
            }
        };
        let mut changes: Vec<BoxFuture<'_, ()>> = vec![self.stop.cancelled().boxed()];
        let running = self.slots.iter().filter_map(|slot| slot.active.as_ref());
        for sequence in running.map(|active| &active.sequence).chain(&self.waiting) {
            changes.push(sequence.context.cancelled().boxed());
            changes.push(sequence.outlet.closed().boxed());
            if sequence.outlet.is_full() {
                changes.push(sequence.outlet.has_room().boxed());
            }
        }
        changes.extend(self.draining.iter().map(|sequence| sequence.outlet.has_room().boxed()));
        let arrived = tokio::select! {
            arrived = incoming => arrived,
            _ = select_all(changes) => None,
        };
        self.waiting.extend(arrived.into_iter().flatten());
    }

    /// Lets go of answers that nobody waits for, and of those that are read to their end.
    fn clear(&mut self) {
        self.waiting.retain(|sequence| !sequence.context.is_cancelled() && !sequence.outlet.is_closed());
        self.draining.iter_mut().for_each(|sequence| sequence.outlet.flush());
        self.draining.retain(|sequence| sequence.outlet.is_full());
        for slot in &mut self.slots {
            if let Some(active) = &mut slot.active {
                active.sequence.outlet.flush();
            }
            slot.active.take_if(|active| active.is_left());
        }
    }

    /// Gives free slots to those who wait.
    fn admit(&mut self) {
        let mut passed = VecDeque::new();
        while let Some(sequence) = self.waiting.pop_front() {
            // Its prompt is being computed for another choice: soon it is known.
            if self.slots.iter().any(|slot| slot.is_computing(&sequence.prompt)) {
                passed.push_back(sequence);
                continue;
            }
            let Some(placement) = prefix::place(&self.slots, &sequence.prompt) else {
                passed.push_back(sequence);
                break;
            };
            self.occupy(placement, sequence);
        }
        passed.append(&mut self.waiting);
        self.waiting = passed;
    }

    fn occupy(&mut self, placement: Placement, sequence: Sequence) {
        let Placement { slot, donor, shared } = placement;
        self.admissions += 1;
        let shared = if self.share(slot, donor, shared) { shared } else { 0 };
        if shared == 0 {
            self.forget(slot);
        }
        sequence.reused.set(shared);
        self.counters.reused(shared as u64);
        let slot = &mut self.slots[slot];
        slot.known.clear();
        slot.known.extend_from_slice(&sequence.prompt[..shared]);
        slot.used = self.admissions;
        slot.active = Some(Active::new(sequence));
    }

    /// Makes the cache of a slot the begin of that of another, which may be itself; says whether it could.
    fn share(&mut self, slot: usize, donor: usize, shared: usize) -> bool {
        let (to, from) = (self.slots[slot].id, self.slots[donor].id);
        let Ok(end) = u32::try_from(shared) else { return false };
        if shared == 0 {
            return false;
        }
        if to != from {
            self.forget(slot);
            // Nothing but the whole can be copied between caches.
            if self.cache.copy_kv_cache_seq(from, to, None, None).is_err() {
                return false;
            }
        }
        // Models with a state instead of a cache can take nothing back, and begin anew.
        self.cache.kv_cache_seq_rm(to, Some(end), None).is_ok()
    }

    /// Empties the cache of a slot.
    fn forget(&mut self, slot: usize) {
        let slot = &mut self.slots[slot];
        slot.known.clear();
        // Taking all of a sequence away cannot fail.
        let _ = self.cache.kv_cache_seq_rm(slot.id, None, None);
    }

    /// Computes one batch, and sends what comes of it.
    fn step(&mut self) {
        let start = Instant::now();
        let shares = self.shares();
        let (logits, gaps) = self.fill(&shares);
        let decoded = self.cache.decode(&mut self.batch);
        for gap in gaps {
            self.take_back(gap);
        }
        if let Err(error) = decoded {
            tracing::error!(%error, "llama.cpp could not compute a batch");
            for share in shares {
                self.fail(share.slot, BackendError::internal(error.to_string()));
            }
            return;
        }
        self.count(&shares, &logits);
        for (share, logits) in shares.into_iter().zip(logits) {
            let slot = &mut self.slots[share.slot];
            let Some(active) = &mut slot.active else { continue };
            let known = slot.known.len();
            slot.known.extend_from_slice(&active.tokens[known..known + share.tokens]);
            if let Some(logits) = logits {
                let advanced =
                    active.advance(self.model, self.cache.get_logits_ith(logits), &mut self.scratch);
                self.settle(share.slot, advanced);
            }
        }
        self.counters.busy(start.elapsed());
    }

    /// Counts a step, before anybody reads what came of it.
    fn count(&self, shares: &[Share], logits: &[Option<i32>]) {
        let in_prompts = shares.iter().filter(|share| self.slots[share.slot].is_in_prompt());
        self.counters.step(Step {
            prefilled: in_prompts.map(|share| share.tokens as u64).sum(),
            generated: logits.iter().flatten().count() as u64,
            batch: self.batch.n_tokens().unsigned_abs().into(),
        });
    }

    /// What each slot has in the next batch, in the order of slots: the next token of each answer, and as much of
    /// prompts as a step takes.
    fn shares(&self) -> Vec<Share> {
        let mut order: Vec<_> =
            (0..self.slots.len()).filter(|slot| self.slots[*slot].pending() > 0).collect();
        // Short rests first: a short prompt does not wait for a long one.
        order.sort_by_key(|slot| self.slots[*slot].pending());
        let mut left = self.prefill_tokens;
        let mut shares: Vec<_> = order
            .into_iter()
            .filter_map(|slot| {
                let pending = self.slots[slot].pending();
                let tokens = if self.slots[slot].is_in_prompt() { pending.min(left) } else { pending };
                left -= if self.slots[slot].is_in_prompt() { tokens } else { 0 };
                (tokens > 0).then_some(Share { slot, tokens })
            })
            .collect();
        shares.sort_by_key(|share| share.slot);
        shares
    }

    /// Fills the batch; says where the logits of each share are, if its last token is the last that there is, and which
    /// slots were given a token to no purpose.
    ///
    /// llama.cpp computes neighbouring slots together, and a gap between them as if it were the end of a batch: a token
    /// more costs far less than that.
    fn fill(&mut self, shares: &[Share]) -> (Vec<Option<i32>>, Vec<usize>) {
        self.batch.clear();
        let mut gaps = Vec::new();
        let mut next = shares.first().map_or(0, |share| share.slot);
        let logits = shares.iter().map(|share| {
            for gap in next..share.slot {
                let Slot { id, known, .. } = &self.slots[gap];
                if self.fills_gaps && known.len() < self.slot_length {
                    add(&mut self.batch, LlamaToken::new(0), known.len(), *id, false);
                    gaps.push(gap);
                }
            }
            next = share.slot + 1;
            let slot = &self.slots[share.slot];
            let active = slot.active.as_ref()?;
            let known = slot.known.len();
            let end = known + share.tokens;
            let is_last = end == active.tokens.len();
            for (token, position) in active.tokens[known..end].iter().zip(known..) {
                add(&mut self.batch, *token, position, slot.id, is_last && position + 1 == end);
            }
            is_last.then(|| self.batch.n_tokens() - 1)
        });
        (logits.collect(), gaps)
    }

    /// Takes away what a slot was given to no purpose.
    fn take_back(&mut self, slot: usize) {
        let slot = &self.slots[slot];
        let end = u32::try_from(slot.known.len()).ok();
        // Of a cache, the end can always be taken away.
        let _ = self.cache.kv_cache_seq_rm(slot.id, end, None);
    }

    /// Ends an answer that has come to its end.
    fn settle(&mut self, slot: usize, advanced: Result<Option<FinishReason>, Failed>) {
        match advanced {
            Ok(None) => {}
            Ok(Some(reason)) => self.end(slot, Piece::End(reason)),
            Err(error) => self.end(slot, Piece::Failed(BackendError::internal(error))),
        }
    }

    /// Ends an answer by a failure of the engine; what its cache has is not relied on.
    fn fail(&mut self, slot: usize, error: BackendError) {
        self.end(slot, Piece::Failed(error));
        self.forget(slot);
    }

    fn end(&mut self, slot: usize, piece: Piece) {
        if let Some(Active { mut sequence, .. }) = self.slots[slot].active.take() {
            sequence.outlet.send(piece);
            if sequence.outlet.is_full() {
                self.draining.push(sequence);
            }
        }
    }
}

fn add(batch: &mut LlamaBatch<'_>, token: LlamaToken, position: usize, sequence: i32, wants_logits: bool) {
    let position = i32::try_from(position).expect("a context has fewer than 2^31 tokens");
    let added = batch.add(token, position, &[sequence], wants_logits);
    added.expect("the batch has room for a token of each slot and for the prompts of a step");
}
