//! Embeddings that are not what they should be.

use antiphon_types::{TextInput, embeddings as wire};

use super::*;
use crate::{EmbeddingFuture, Embeddings, ModelInfo};

/// Embeds as a function says, by the number of the call.
struct Embedder<F>(F, AtomicU32);

impl<F> Backend for Embedder<F>
where
    F: Fn(&TextInput, u32) -> Embeddings + Send + Sync + 'static,
{
    fn models(&self) -> Vec<ModelInfo> {
        let model = ModelInfo::new("embedder").without(Capability::Chat);
        vec![model.with(Capability::Embeddings)]
    }

    fn chat(&self, _request: Request, _context: Context) -> EventStream {
        BackendError::new(ErrorKind::Unsupported, "it embeds").into_stream()
    }

    fn embed(&self, request: wire::Request, _context: Context) -> EmbeddingFuture {
        let call = self.1.fetch_add(1, Ordering::SeqCst);
        (self.0)(&request.input, call).ready()
    }
}

type Embed = fn(&TextInput, u32) -> Embeddings;

fn embedder(embed: Embed) -> impl Backend {
    Embedder(embed, AtomicU32::new(0))
}

async fn check(embed: Embed, expected: Result<(), Failure>) {
    assert_eq!(embeddings(&probe(embedder(embed))).await, expected);
}

#[tokio::test]
async fn vectors_are_counted_and_measured() {
    check(|input, _| Embeddings::new(vec![vec![1.0, 0.0]; input.len()], 9), Ok(())).await;
    let contract = "the answer failed: the backend broke its contract: ";
    let breach = |breach: &str| failure(&format!("{contract}{breach}"));
    check(|_, _| Embeddings::new(vec![vec![1.0]], 9), breach("there are 1 vectors for 3 inputs")).await;
    let uneven = |_: &TextInput, _| Embeddings::new(vec![vec![1.0], vec![1.0, 0.0], vec![1.0]], 9);
    check(uneven, breach("vector 1 has 2 dimensions, and not 1")).await;
    let endless = |input: &TextInput, _| Embeddings::new(vec![vec![f32::INFINITY]; input.len()], 9);
    check(endless, breach("vector 0 holds a number that is not finite")).await;
    check(|input, _| Embeddings::new(vec![Vec::new(); input.len()], 9), failure("a vector has no numbers"))
        .await;
    check(|input, _| Embeddings::new(vec![vec![1.0]; input.len()], 0), failure("the texts took no tokens"))
        .await;
}

#[tokio::test]
async fn equal_texts_that_are_not_embedded_equally_are_seen() {
    let by_place = |_: &TextInput, _| Embeddings::new(vec![vec![1.0], vec![1.0], vec![-1.0]], 9);
    check(by_place, failure(&format!("in one request, the same text got two vectors {ANSWERS_VARY}"))).await;
    let by_call = |input: &TextInput, call: u32| {
        let sign = if call < 4 { 1.0 } else { -1.0 };
        Embeddings::new(vec![vec![sign]; input.len()], 9)
    };
    let reason = format!("alone, a text got another vector than beside others {ANSWERS_VARY}");
    check(by_call, failure(&reason)).await;
    let varying = Suite::default().answers_vary().probe(embedder(by_call));
    assert_eq!(embeddings(&varying).await, Ok(()));
}

#[tokio::test]
async fn claim_to_embed_is_seen() {
    let claims = broken(&[Capability::Embeddings], |_, _| play(Vec::new()));
    assert_eq!(
        embeddings(&probe(claims)).await,
        failure("the answer failed: This model does not embed texts.")
    );
}
