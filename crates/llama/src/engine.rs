//! The engine: one thread that has the model's cache and generates all answers.

mod job;
mod outlet;
mod prefix;
mod queue;
mod slot;
mod steps;

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use antiphon_backend::{CancellationToken, mpsc};
use llama_cpp_2::context::params::LlamaContextParams;
use llama_cpp_2::llama_batch::LlamaBatch;

pub(crate) use self::job::{Piece, Reused, Sequence};
pub(crate) use self::outlet::Outlet;
pub(crate) use self::queue::{Place, Places};
use self::slot::Slot;
use self::steps::Steps;
use crate::Error;
use crate::figures::Counters;
use crate::model::Model;

/// What an engine is made for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    /// Tokens of a slot.
    pub(crate) context_length: u32,
    pub(crate) slots: u32,
    pub(crate) threads: i32,
    pub(crate) prefill_tokens: u32,
}

/// A running engine; dropping it ends its thread.
pub(crate) struct Engine {
    jobs: mpsc::UnboundedSender<Vec<Sequence>>,
    counters: Arc<Counters>,
    stop: CancellationToken,
    thread: Option<JoinHandle<()>>,
}

impl Engine {
    /// Starts the thread, and waits until it has its cache.
    pub(crate) fn start(model: Arc<Model>, shape: Shape) -> Result<Self, Error> {
        let (jobs, incoming) = mpsc::unbounded_channel();
        let (ready, started) = std::sync::mpsc::channel();
        let counters = Arc::<Counters>::default();
        let stop = CancellationToken::new();
        let run = {
            let (counters, stop) = (Arc::clone(&counters), stop.clone());
            move || {
                let steps = steps(&model, shape, incoming, counters, stop);
                let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(Error::Thread);
                match steps.and_then(|steps| Ok((steps, runtime?))) {
                    Ok((steps, runtime)) => {
                        // Fails where the backend is given up already; then the engine ends at once.
                        let _ = ready.send(Ok(()));
                        steps.run(&runtime);
                    }
                    Err(error) => {
                        let _ = ready.send(Err(error));
                    }
                }
            }
        };
        let thread =
            thread::Builder::new().name("antiphon-llama".to_owned()).spawn(run).map_err(Error::Thread)?;
        let engine = Self { jobs, counters, stop, thread: Some(thread) };
        let started = started.recv().map_err(|gone| Error::Thread(std::io::Error::other(gone)))?;
        started.map(|()| engine)
    }

    /// Where to send the answers to generate: the choices of a request together.
    pub(crate) fn jobs(&self) -> mpsc::UnboundedSender<Vec<Sequence>> {
        self.jobs.clone()
    }

    pub(crate) fn counters(&self) -> &Counters {
        &self.counters
    }

    /// Whether the thread works.
    pub(crate) fn is_running(&self) -> bool {
        self.thread.as_ref().is_some_and(|thread| !thread.is_finished())
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.stop.cancel();
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has told so already.
            let _ = thread.join();
        }
    }
}

fn steps(
    model: &Model,
    shape: Shape,
    incoming: mpsc::UnboundedReceiver<Vec<Sequence>>,
    counters: Arc<Counters>,
    stop: CancellationToken,
) -> Result<Steps<'_>, Error> {
    let batch = shape.prefill_tokens.saturating_add(shape.slots);
    let parameters = LlamaContextParams::default()
        .with_n_ctx(NonZeroU32::new(shape.context_length.saturating_mul(shape.slots)))
        .with_n_seq_max(shape.slots)
        .with_n_batch(batch)
        .with_n_ubatch(batch)
        .with_n_threads(shape.threads)
        .with_n_threads_batch(shape.threads)
        // A cache for each slot: what an answer is computed from does not change with what its neighbours hold.
        .with_kv_unified(false);
    let cache = model.context(parameters)?;
    Ok(Steps {
        model,
        cache,
        batch: LlamaBatch::new(batch as usize, 1),
        slots: (0..shape.slots.cast_signed()).map(Slot::new).collect(),
        prefill_tokens: shape.prefill_tokens as usize,
        incoming,
        waiting: VecDeque::new(),
        draining: Vec::new(),
        counters,
        stop,
        slot_length: shape.context_length as usize,
        fills_gaps: model.can_take_back(),
        admissions: 0,
        scratch: Vec::new(),
    })
}
