//! Measures the engine beside llama.cpp's own loop, in one run.
//!
//! ```text
//! eval "$(tests/models/install)"
//! cargo run --release -p antiphon-llama --features native --example speed
//! ```
//!
//! Both take turns, each of them short, and what counts is the median of their ratios: what else the machine does falls on
//! both alike.
#![expect(clippy::print_stdout, reason = "it is what a measurement is for")]

use std::error::Error;
use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use antiphon_backend::{Backend, Context, Event, StreamExt, completions};
use antiphon_llama::{Config, LlamaBackend};
use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::context::params::LlamaContextParams;
use llama_cpp_2::llama_backend::LlamaBackend as Library;
use llama_cpp_2::llama_batch::LlamaBatch;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::model::params::LlamaModelParams;
use llama_cpp_2::sampling::LlamaSampler;
use llama_cpp_2::token::LlamaToken;

/// What is completed: a beginning that the model goes on from for long.
const PROMPT: &str = "Once upon a time, in a small village by the sea, there lived an old fisherman who";
/// Tokens of each answer.
const TOKENS: u16 = 48;
const STREAMS: u32 = 8;
const CONTEXT: u32 = 1024;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::var("ANTIPHON_LLAMA_MODEL")?;
    let argument =
        |place: usize, default| std::env::args().nth(place).map_or(Ok(default), |text| text.parse());
    let (threads, rounds): (u32, u32) = (argument(1, 2)?, argument(2, 15)?);
    let mut config = Config::new(&path);
    (config.context_length, config.slots, config.threads) = (CONTEXT, STREAMS, threads);
    let backend = LlamaBackend::load(&config)?;
    let library = antiphon_llama::library()?;
    let model = LlamaModel::load_from_file(library, &path, &LlamaModelParams::default())?;
    let mut bare = Bare::new(library, &model, i32::try_from(threads)?)?;
    println!("threads {threads}, {TOKENS} tokens an answer, median of {rounds} rounds");
    for streams in [1, STREAMS] {
        let (mut bares, mut engines) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            bares.push(bare.rate(streams)?);
            engines.push(engine_rate(&backend, streams).await);
        }
        let ratios = bares.iter().zip(&engines).map(|(bare, engine)| engine / bare).collect();
        let [bare, engine, ratio] = [bares, engines, ratios].map(median);
        println!("{streams} at once:    bare {bare:.1} tokens/s, engine {engine:.1}, {ratio:.3} of it");
    }
    let mut first = Vec::new();
    for round in 0..rounds {
        first.push(first_token(&backend, round).await);
    }
    let of = |value: fn(&[f64; 3]) -> f64| median(first.iter().map(value).collect());
    println!(
        "first token: {:.1} ms alone, {:.1} ms beside {} that decode, whose steps take {:.1} ms: {:.2} steps and its \
         prefill",
        of(|[alone, ..]| alone * 1e3),
        of(|[_, beside, _]| beside * 1e3),
        STREAMS - 1,
        of(|[.., step]| step * 1e3),
        of(|[alone, beside, step]| (beside - alone) / step)
    );
    Ok(())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// llama.cpp's own loop, with its own greedy sampler.
struct Bare<'model> {
    context: LlamaContext<'model>,
    batch: LlamaBatch<'static>,
    sampler: LlamaSampler,
    prompt: Vec<LlamaToken>,
}

impl<'model> Bare<'model> {
    fn new(library: &Library, model: &'model LlamaModel, threads: i32) -> Result<Self, Box<dyn Error>> {
        let parameters = LlamaContextParams::default()
            .with_n_ctx(NonZeroU32::new(CONTEXT * STREAMS))
            .with_n_seq_max(STREAMS)
            .with_n_threads(threads)
            .with_n_threads_batch(threads);
        let context = model.new_context(library, parameters)?;
        let prompt = model.vocab().tokenize(PROMPT.as_bytes(), true, false);
        Ok(Self { context, batch: LlamaBatch::new(512, 1), sampler: LlamaSampler::greedy(), prompt })
    }

    /// Tokens a second of all sequences together, prompts left out.
    fn rate(&mut self, sequences: u32) -> Result<f64, Box<dyn Error>> {
        self.context.clear_kv_cache();
        let mut last = Vec::new();
        for sequence in 0..i32::try_from(sequences)? {
            self.batch.clear();
            self.batch.add_sequence(&self.prompt, sequence, false)?;
            self.context.decode(&mut self.batch)?;
            last.push(self.sampler.sample(&self.context, self.batch.n_tokens() - 1));
        }
        let start = Instant::now();
        for position in (i32::try_from(self.prompt.len())?..).take(usize::from(TOKENS - 1)) {
            self.batch.clear();
            for (token, sequence) in last.iter().zip(0..) {
                self.batch.add(*token, position, &[sequence], true)?;
            }
            self.context.decode(&mut self.batch)?;
            for (token, place) in last.iter_mut().zip(0..) {
                *token = self.sampler.sample(&self.context, place);
            }
        }
        Ok(rate(sequences, start.elapsed()))
    }
}

fn rate(streams: u32, took: Duration) -> f64 {
    f64::from(TOKENS - 1) * f64::from(streams) / took.as_secs_f64()
}

fn request(prompt: &str, tokens: u16) -> completions::Request {
    let mut request = completions::Request::new("model", prompt).max_tokens(tokens.into());
    request.temperature = Some(0.0);
    request
}

/// Reads an answer to its end; says when its first token came and when its last.
async fn read(backend: &LlamaBackend, prompt: &str, tokens: u16) -> (Instant, Instant) {
    let mut stream = backend.complete(request(prompt, tokens), Context::default());
    let mut times = None;
    while let Some(event) = stream.next().await {
        if let Ok(Event::Text { .. }) = event {
            let now = Instant::now();
            times = Some((times.map_or(now, |(first, _)| first), now));
        }
    }
    times.expect("every answer has tokens")
}

/// Tokens a second of all streams together, from the last first token to the last of all.
async fn engine_rate(backend: &LlamaBackend, streams: u32) -> f64 {
    let times = futures_util::future::join_all((0..streams).map(|_| read(backend, PROMPT, TOKENS))).await;
    let first = times.iter().map(|(first, _)| *first).max().expect("there is a stream");
    let last = times.iter().map(|(_, last)| *last).max().expect("there is a stream");
    rate(streams, last - first)
}

/// The time to the first token of a short prompt: alone, and beside answers that decode; and a step of those.
async fn first_token(backend: &LlamaBackend, round: u32) -> [f64; 3] {
    // Prompts that no slot knows.
    let prompt = |name: &str| format!("{name} number {round} has a question about boats:");
    let start = Instant::now();
    let (first, _) = read(backend, &prompt("One"), 1).await;
    let alone = (first - start).as_secs_f64();
    let mut others: Vec<_> =
        (1..STREAMS).map(|_| backend.complete(request(PROMPT, 512), Context::default())).collect();
    for other in &mut others {
        other.next().await;
    }
    let all = futures_util::future::join_all(others.into_iter().map(|stream| async move {
        // Read on, or they would pause.
        stream.take(100).count().await
    }));
    let asked = async {
        let before = backend.figures();
        tokio::time::sleep(Duration::from_millis(200)).await;
        let after = backend.figures();
        let start = Instant::now();
        let (first, _) = read(backend, &prompt("Another"), 1).await;
        let steps = f64::from(u32::try_from(after.steps - before.steps).unwrap_or(u32::MAX));
        ((first - start).as_secs_f64(), after.busy.saturating_sub(before.busy).as_secs_f64() / steps)
    };
    let ((beside, step), _) = futures_util::future::join(asked, all).await;
    [alone, beside, step]
}
