//! Texts are embedded by what they say.

use antiphon_backend::{Backend, Context, ErrorKind, embeddings};

use crate::model;

fn likeness(one: &[f32], other: &[f32]) -> f32 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

#[tokio::test]
async fn texts_that_are_alike_are_near() {
    let Some(backend) = model::backend() else { return };
    let texts =
        ["The cat sat on the mat.", "A cat is sitting on a mat.", "Stock prices fell by nine per cent."];
    let request = embeddings::Request::new("model", texts.map(str::to_owned).to_vec());
    let embedded = backend.embed(request, Context::default()).await.unwrap();
    let [first, second, third] = &embedded.vectors[..] else { panic!("{} vectors", embedded.vectors.len()) };
    assert_eq!([first, second, third].map(Vec::len), [576; 3]);
    assert!((likeness(first, first) - 1.0).abs() < 1e-4);
    assert!(likeness(first, second) > likeness(first, third) + 0.05);
    let alone = embeddings::Request::new("model", texts[2]);
    let alone = backend.embed(alone, Context::default()).await.unwrap();
    assert!(likeness(&alone.vectors[0], third) > 0.999);
}

#[tokio::test]
async fn input_over_the_context_is_refused() {
    let Some(backend) = model::backend() else { return };
    let request = embeddings::Request::new("model", vec!["a".to_owned(), "word ".repeat(600)]);
    let error = backend.embed(request, Context::default()).await.unwrap_err();
    assert_eq!((error.kind(), error.param()), (ErrorKind::ContextLength, Some("input")));
}
