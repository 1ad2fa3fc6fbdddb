//! Embeddings that are and are not what was asked for.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use antiphon_types::TextInput;
use tokio::time::Instant;

use super::*;
use crate::{EmbeddingFuture, ErrorKind, EventStream, ModelInfo, chat};

/// Embeds as a function says.
struct Embedder<F>(F);

impl<F: Fn(Context) -> EmbeddingFuture + Send + Sync + 'static> Backend for Embedder<F> {
    fn models(&self) -> Vec<ModelInfo> {
        vec![ModelInfo::new("embedder")]
    }

    fn chat(&self, _request: chat::Request, _context: Context) -> EventStream {
        BackendError::new(ErrorKind::Unsupported, "it embeds").into_stream()
    }

    fn embed(&self, _request: embeddings::Request, context: Context) -> EmbeddingFuture {
        (self.0)(context)
    }
}

/// Compares what comes of two inputs in two dimensions; of an error, its kind and its cause.
async fn check(
    give: impl Fn(Context) -> EmbeddingFuture + Send + Sync + 'static,
    expected: Result<Embeddings, (ErrorKind, &str)>,
) {
    let mut request = embeddings::Request::new("embedder", TextInput::from_iter(["a", "b"]));
    request.dimensions = Some(2);
    let deadline = Instant::now() + Duration::from_secs(1);
    let outcome = embed(&Embedder(give), request, Context::default().with_deadline(deadline)).await;
    let cause =
        |error: &BackendError| std::error::Error::source(error).map_or(String::new(), ToString::to_string);
    let seen = outcome.map_err(|error| (error.kind(), cause(&error)));
    assert_eq!(seen, expected.map_err(|(kind, cause)| (kind, cause.to_owned())));
}

fn embeddings(vectors: &[&[f32]]) -> Embeddings {
    Embeddings::new(vectors.iter().map(|vector| vector.to_vec()).collect::<Vec<_>>(), 2)
}

#[tokio::test]
async fn vectors_are_held_to_the_contract() {
    let good = embeddings(&[&[1.0, 0.0], &[0.0, 1.0]]);
    check(
        {
            let good = good.clone();
            move |_| good.clone().ready()
        },
        Ok(good),
    )
    .await;
    let breach = async |vectors: &'static [&'static [f32]], cause| {
        check(|_| embeddings(vectors).ready(), Err((ErrorKind::Contract, cause))).await;
    };
    breach(&[&[1.0, 0.0]], "there are 1 vectors for 2 inputs").await;
    breach(&[&[1.0, 0.0], &[1.0]], "vector 1 has 1 dimensions, and not 2").await;
    breach(&[&[1.0, 0.0], &[f32::NAN, 0.0]], "vector 1 holds a number that is not finite").await;
}

#[tokio::test(start_paused = true)]
async fn late_and_panicking_work_fails_alone() {
    check(|_| Box::pin(std::future::pending()), Err((ErrorKind::Timeout, ""))).await;
    check(|_| panic!("scripted"), Err((ErrorKind::Internal, "the backend panicked"))).await;
    check(|_| Box::pin(async { panic!("scripted") }), Err((ErrorKind::Internal, "the backend panicked")))
        .await;
}

#[tokio::test]
async fn dropped_future_cancels_the_context() {
    let context = Context::default();
    let embedder = Embedder(|_| -> EmbeddingFuture { Box::pin(std::future::pending()) });
    let mut work = Box::pin(embed(&embedder, embeddings::Request::new("embedder", "a"), context.clone()));
    assert!(futures_util::poll!(&mut work).is_pending() && !context.is_cancelled());
    drop(work);
    assert!(context.is_cancelled());
}

/// Notes whether it is dropped after the work was called off, and panics.
struct Bomb(Context, Arc<AtomicBool>);

impl Drop for Bomb {
    fn drop(&mut self) {
        self.1.store(self.0.is_cancelled(), Ordering::SeqCst);
        panic!("scripted");
    }
}

#[tokio::test]
async fn work_is_called_off_before_it_is_dropped_and_may_panic() {
    let was_cancelled = Arc::new(AtomicBool::new(false));
    let noted = Arc::clone(&was_cancelled);
    let embedder = Embedder(move |context| -> EmbeddingFuture {
        let bomb = Bomb(context, Arc::clone(&noted));
        Box::pin(async move {
            let _bomb = bomb;
            std::future::pending().await
        })
    });
    let mut work = Box::pin(embed(&embedder, embeddings::Request::new("embedder", "a"), Context::default()));
    assert!(futures_util::poll!(&mut work).is_pending());
    drop(work);
    assert!(was_cancelled.load(Ordering::SeqCst));
}
