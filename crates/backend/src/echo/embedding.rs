//! Vectors of texts: near each other where the texts share words.

use std::borrow::Cow;
use std::future::poll_fn;
use std::task::Poll;

use antiphon_types::{TextInputItem, embeddings};

use super::completion::unknown_token;
use super::{EchoBackend, Tokenizer, hash};
use crate::{BackendError, Embeddings, ErrorKind};

/// In how many of its numbers a vector shows a word.
const TRACES: usize = 32;

/// Embeds the inputs, one after the other.
///
/// Others may work between two of them.
pub(super) async fn embed(
    echo: EchoBackend,
    request: embeddings::Request,
) -> Result<Embeddings, BackendError> {
    let most = echo.embedding_dimensions;
    let dimensions = request.dimensions.unwrap_or(most);
    if !(1..=most).contains(&dimensions) {
        return Err(outside(dimensions, most));
    }
    let mut vectors = Vec::with_capacity(request.input.len());
    let mut tokens = 0;
    for input in request.input.iter() {
        tokens += within(echo.context_length, length(echo.tokenizer, input))?;
        vectors.push(vector(&text(echo.tokenizer, input)?, dimensions as usize));
        pause().await;
    }
    Ok(Embeddings::new(vectors, tokens))
}

/// There are no vectors of so many dimensions, but from 1 to the most.
fn outside(dimensions: u32, most: u32) -> BackendError {
    let (code, fault, limit) = if dimensions > most {
        ("integer_above_max_value", "above maximum", format!("<= {most}"))
    } else {
        ("integer_below_min_value", "below minimum", ">= 1".to_owned())
    };
    let message = format!(
        "Invalid 'dimensions': integer {fault} value. Expected a value {limit}, but got {dimensions} instead."
    );
    BackendError::new(ErrorKind::InvalidRequest, message).with_param("dimensions").with_code(code)
}

/// Lets others work.
async fn pause() {
    let mut has_paused = false;
    poll_fn(|cx| {
        if std::mem::replace(&mut has_paused, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

fn length(tokenizer: Tokenizer, input: TextInputItem<'_>) -> u64 {
    match input {
        TextInputItem::Text(text) => tokenizer.count(text),
        TextInputItem::Tokens(ids) => ids.len() as u64,
    }
}

/// The tokens of an input, where the context has room for them.
fn within(context_length: u64, tokens: u64) -> Result<u64, BackendError> {
    if context_length == 0 || tokens <= context_length {
        return Ok(tokens);
    }
    let message = format!(
        "This model's maximum context length is {context_length} tokens. However, an input resulted in {tokens} tokens. \
         Please reduce the length of the input."
    );
    let error = BackendError::new(ErrorKind::ContextLength, message).with_param("input");
    Err(error.with_code("context_length_exceeded"))
}

fn text(tokenizer: Tokenizer, input: TextInputItem<'_>) -> Result<Cow<'_, str>, BackendError> {
    match input {
        TextInputItem::Text(text) => Ok(text.into()),
        TextInputItem::Tokens(ids) => {
            let bytes = tokenizer.decode(ids).ok_or_else(|| unknown_token("input"))?;
            Ok(String::from_utf8_lossy(&bytes).into_owned().into())
        }
    }
}

/// The sum of the words' own vectors, at length 1.
///
/// A text without words is a word itself. Where words cancel each other out, it is a vector that is always the same.
fn vector(text: &str, dimensions: usize) -> Vec<f32> {
    let mut sums = vec![0_i32; dimensions];
    let words = text.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty());
    let itself = Some(text).filter(|text| !text.contains(char::is_alphanumeric));
    for word in words.chain(itself) {
        let mut hash = hash::of(word.to_lowercase().as_bytes());
        for _ in 0..TRACES {
            hash = hash::next(hash);
            let sign = if hash & 1 == 0 { 1 } else { -1 };
            let place = usize::try_from(hash >> 32).unwrap_or_default() % dimensions;
            sums[place] = sums[place].saturating_add(sign);
        }
    }
    if sums.iter().all(|sum| *sum == 0) {
        sums[0] = 1;
    }
    let length = sums.iter().map(|sum| f64::from(*sum).powi(2)).sum::<f64>().sqrt();
    #[expect(clippy::cast_possible_truncation, reason = "a number of at most 1 keeps its size")]
    let scaled = |sum: i32| (f64::from(sum) / length) as f32;
    sums.into_iter().map(scaled).collect()
}

#[cfg(test)]
mod tests {
    use antiphon_types::TextInput;
    use proptest::prelude::*;

    use super::*;

    async fn embeddings(input: impl Into<TextInput>) -> Embeddings {
        embed(EchoBackend::default(), embeddings::Request::new("echo", input)).await.expect("it embeds")
    }

    fn dot(one: &[f32], other: &[f32]) -> f32 {
        one.iter().zip(other).map(|(one, other)| one * other).sum()
    }

    #[tokio::test]
    async fn texts_that_share_words_are_nearer() {
        let texts = ["the cat sat on the mat", "The cat, on the mat!", "a cat ran", "stock prices fell"];
        let vectors = embeddings(TextInput::from_iter(texts)).await.vectors;
        let near: Vec<_> = vectors.iter().map(|vector| dot(&vectors[0], vector)).collect();
        assert!(
            (near[0] - 1.0).abs() < 1e-5 && near[0] > near[1] && near[1] > near[2] && near[2] > near[3],
            "{near:?}"
        );
        assert!(near[3].abs() < 0.1, "{near:?}");
    }

    #[tokio::test]
    async fn texts_without_words_differ() {
        let vectors = embeddings(TextInput::from_iter(["!", "?", "!!", "🦀"])).await.vectors;
        for (at, vector) in vectors.iter().enumerate() {
            assert_eq!(vectors.iter().position(|other| other == vector), Some(at));
        }
    }

    #[tokio::test]
    async fn tokens_are_embedded_as_their_text_and_counted() {
        let text = embeddings("hello world").await;
        let tokens = embeddings(TextInput::TokenLists(vec![vec![24_912, 2_375], vec![24_912]])).await;
        assert_eq!(
            (text.vectors[0] == tokens.vectors[0], text.prompt_tokens, tokens.prompt_tokens),
            (true, 2, 3)
        );
        assert_eq!(text.vectors[0].len(), 1_536);
    }

    /// Compares why nothing is embedded.
    async fn check_refused(
        echo: EchoBackend,
        request: embeddings::Request,
        expected: (ErrorKind, &str, &str),
    ) {
        let error = embed(echo, request).await.expect_err("it is refused");
        let told = (error.kind(), error.param().unwrap_or_default(), error.code().unwrap_or_default());
        assert_eq!(told, expected);
    }

    #[tokio::test]
    async fn what_cannot_be_embedded_is_refused() {
        let echo = || EchoBackend::default().with_embedding_dimensions(8);
        let request = embeddings::Request::new("echo", "a b c");
        let invalid = |param, code| (ErrorKind::InvalidRequest, param, code);
        let above = invalid("dimensions", "integer_above_max_value");
        check_refused(echo(), request.clone().dimensions(9), above).await;
        let below = invalid("dimensions", "integer_below_min_value");
        check_refused(echo(), request.clone().dimensions(0), below).await;
        check_refused(echo(), embeddings::Request::new("echo", vec![u32::MAX]), invalid("input", "")).await;
        let small = echo().with_context_length(2);
        check_refused(small, request, (ErrorKind::ContextLength, "input", "context_length_exceeded")).await;
    }

    proptest! {
        #[test]
        fn vectors_have_length_1_and_are_always_the_same(text in any::<String>(), dimensions in 1_usize..=64) {
            let vector = super::vector(&text, dimensions);
            prop_assert_eq!(vector.len(), dimensions);
            prop_assert!((dot(&vector, &vector) - 1.0).abs() < 1e-5);
            prop_assert_eq!(super::vector(&text, dimensions), vector);
        }
    }
}
