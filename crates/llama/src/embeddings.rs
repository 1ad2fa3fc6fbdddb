//! Embeds texts, in a thread that has a context of its own.

use std::num::NonZeroU32;
use std::sync::{Arc, mpsc};
use std::thread::{self, JoinHandle};

use antiphon_backend::{BackendError, Context, Embeddings, ErrorKind, TextInput, TextInputItem};
use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::context::params::{LlamaContextParams, LlamaPoolingType};
use llama_cpp_2::llama_batch::LlamaBatch;
use llama_cpp_2::token::LlamaToken;
use tokio::sync::oneshot;

use crate::Error;
use crate::engine::Place;
use crate::model::Model;

/// Inputs that are computed together, at most.
const TOGETHER: u32 = 8;

/// Texts to embed, and who waits for them.
pub(crate) struct Job {
    pub(crate) input: TextInput,
    pub(crate) answer: oneshot::Sender<Result<Embeddings, BackendError>>,
    /// Held for as long as there is work.
    pub(crate) context: Context,
    pub(crate) _place: Place,
}

/// A running thread; dropping it ends it.
pub(crate) struct Embedder {
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Embedder {
    /// Starts the thread, for inputs of up to `length` tokens.
    pub(crate) fn start(model: Arc<Model>, length: u32, threads: i32) -> Result<Self, Error> {
        let (jobs, received) = mpsc::channel();
        let (ready, started) = mpsc::channel();
        let run = move || match Pooler::new(&model, length, threads) {
            Ok(mut pooler) => {
                // Fails where the backend is given up already; then there are no jobs either.
                let _ = ready.send(Ok(()));
                for job in received {
                    pooler.answer(job);
                }
            }
            Err(error) => {
                let _ = ready.send(Err(error));
            }
        };
        let name = "antiphon-llama-embeddings".to_owned();
        let thread = thread::Builder::new().name(name).spawn(run).map_err(Error::Thread)?;
        let embedder = Self { jobs: Some(jobs), thread: Some(thread) };
        let started = started.recv().map_err(|gone| Error::Thread(std::io::Error::other(gone)))?;
        started.map(|()| embedder)
    }

    /// Gives a job to the thread; where that has gone, whoever waits is told by the end of its channel.
    pub(crate) fn send(&self, job: Job) {
        if let Some(jobs) = &self.jobs {
            let _ = jobs.send(job);
        }
    }
}

impl Drop for Embedder {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has told so already.
            let _ = thread.join();
        }
    }
}

/// A context that pools what the model's last layer says of tokens.
struct Pooler<'model> {
    model: &'model Model,
    context: LlamaContext<'model>,
    batch: LlamaBatch<'static>,
    length: usize,
}

impl<'model> Pooler<'model> {
    fn new(model: &'model Model, length: u32, threads: i32) -> Result<Self, Error> {
        let parameters = LlamaContextParams::default()
            .with_embeddings(true)
            // One cache, so that a batch is computed as one: what is pooled is what of a text was computed together.
            .with_kv_unified(true)
            .with_n_ctx(NonZeroU32::new(length.saturating_mul(TOGETHER)))
            .with_n_seq_max(TOGETHER)
            // A text is read at once: what comes later in it may matter to what comes before.
            .with_n_batch(length)
            .with_n_ubatch(length)
            .with_n_threads(threads)
            .with_n_threads_batch(threads);
        let parameters =
            if model.pools() { parameters } else { parameters.with_pooling_type(LlamaPoolingType::Mean) };
        let context = model.context(parameters)?;
        let batch = LlamaBatch::new(length as usize, 1);
        Ok(Self { model, context, batch, length: length as usize })
    }

    fn answer(&mut self, job: Job) {
        let Job { input, answer, context, .. } = job;
        let embedded = self.embed(&input, &|| context.is_cancelled() || answer.is_closed());
        // Nobody may wait any more.
        let _ = answer.send(embedded);
    }

    fn embed(&mut self, input: &TextInput, is_left: &dyn Fn() -> bool) -> Result<Embeddings, BackendError> {
        let inputs: Vec<_> = input
            .iter()
            .zip(0..)
            .map(|(item, number)| self.tokens(item, number))
            .collect::<Result<_, _>>()?;
        let total = inputs.iter().map(|tokens| tokens.len() as u64).sum();
        let mut vectors = Vec::with_capacity(inputs.len());
        let mut rest = inputs.as_slice();
        while !rest.is_empty() {
            if is_left() {
                return Err(BackendError::new(
                    ErrorKind::Cancelled,
                    "Nobody waits for the embeddings any more.",
                ));
            }
            let (now, later) = rest.split_at(self.fit(rest));
            vectors.extend(self.pooled(now)?);
            rest = later;
        }
        Ok(Embeddings::new(vectors, total))
    }

    /// How many of the first inputs are computed together.
    fn fit(&self, inputs: &[Vec<LlamaToken>]) -> usize {
        let mut left = self.length;
        let fits = inputs.iter().take(TOGETHER as usize).take_while(|tokens| {
            let fits = tokens.len() <= left;
            left = left.saturating_sub(tokens.len());
            fits
        });
        fits.count().max(1)
    }

    /// The vectors of inputs that fit one batch, each of length 1.
    fn pooled(&mut self, inputs: &[Vec<LlamaToken>]) -> Result<Vec<Vec<f32>>, BackendError> {
        self.batch.clear();
        for (tokens, sequence) in inputs.iter().zip(0..) {
            for (token, position) in tokens.iter().zip(0..) {
                self.batch.add(*token, position, &[sequence], true).map_err(BackendError::internal)?;
            }
        }
        self.context.clear_kv_cache();
        self.context.decode(&mut self.batch).map_err(BackendError::internal)?;
        let vectors = (0..).take(inputs.len()).map(|sequence| {
            let vector = self.context.embeddings_seq_ith(sequence).map_err(BackendError::internal)?;
            Ok(unit(vector))
        });
        vectors.collect()
    }

    /// The tokens of an input, as many as fit.
    fn tokens(&self, item: TextInputItem<'_>, number: usize) -> Result<Vec<LlamaToken>, BackendError> {
        let tokens = match item {
            TextInputItem::Tokens(tokens) => self.model.known(tokens).map_err(|reason| refused(&reason))?,
            TextInputItem::Text(text)
                if text.len() > self.length.saturating_mul(self.model.longest_token()) =>
            {
                return Err(self.too_long(number));
            }
            TextInputItem::Text(text) => self.model.text(text),
        };
        match tokens.len() {
            0 => Err(refused("an input has no token")),
            length if length > self.length => Err(self.too_long(number)),
            _ => Ok(tokens),
        }
    }

    fn too_long(&self, number: usize) -> BackendError {
        let most = self.length;
        let message = format!(
            "This model's maximum context length is {most} tokens. However, input {number} has more. Please reduce the \
             length of the input."
        );
        let error = BackendError::new(ErrorKind::ContextLength, message).with_param("input");
        error.with_code("context_length_exceeded")
    }
}

fn refused(reason: &str) -> BackendError {
    BackendError::new(ErrorKind::InvalidRequest, format!("Invalid 'input': {reason}.")).with_param("input")
}

/// The vector of length 1 in the same direction; one of length 0 stays.
fn unit(vector: &[f32]) -> Vec<f32> {
    let length = vector.iter().map(|number| number * number).sum::<f32>().sqrt();
    if length > 0.0 { vector.iter().map(|number| number / length).collect() } else { vector.to_vec() }
}
