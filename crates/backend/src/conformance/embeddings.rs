//! The check that a model which embeds texts does it alike for texts that are alike.

use antiphon_types::{TextInput, embeddings};
use futures_util::future::try_join_all;

use super::probe::failed;
use super::{Failure, Probe};
use crate::{Context, Embeddings, embed};

/// How many requests are made at once.
const REQUESTS: usize = 8;
/// How far two numbers may be apart that should be the same: engines add in orders that differ.
const NEAR: f32 = 1e-3;

/// There is a vector for each text, all of one length, and equal texts have equal ones.
///
/// That is for models that declare [`Embeddings`](crate::Capability::Embeddings). Every number is finite, the texts
/// took tokens, and requests at the same time get what each gets alone.
///
/// # Errors
/// What is wrong with the vectors; or why there are none.
pub async fn embeddings(probe: &Probe) -> Result<(), Failure> {
    let texts = |number: usize| {
        let text = format!("The number of this text is {number}.");
        [text.clone(), "Another text.".to_owned(), text]
    };
    let together = try_join_all((0..REQUESTS).map(|number| ask(probe, texts(number)))).await?;
    for (number, beside_others) in together.into_iter().enumerate() {
        judge(&beside_others)?;
        let alone = ask(probe, texts(number)).await?;
        let mut pairs = beside_others.vectors.iter().zip(&alone.vectors);
        if !probe.answers_vary && pairs.any(|(one, other)| !are_near(one, other)) {
            let reason = "alone, a text got another vector than beside others";
            return Err(Failure::differing(reason));
        }
        if !probe.answers_vary && !are_near(&alone.vectors[0], &alone.vectors[2]) {
            return Err(Failure::differing("in one request, the same text got two vectors"));
        }
    }
    Ok(())
}

/// The embeddings as a server gets them: as many as there are texts, of one length, of finite numbers.
async fn ask(probe: &Probe, texts: [String; 3]) -> Result<Embeddings, Failure> {
    let request = embeddings::Request::new(probe.name(), TextInput::from(texts));
    let work = embed(&*probe.backend, request, Context::new("conformance"));
    probe.in_patience(work).await?.map_err(|error| failed(&error))
}

fn judge(embeddings: &Embeddings) -> Result<(), Failure> {
    if embeddings.vectors.iter().any(Vec::is_empty) {
        return Err(Failure("a vector has no numbers".to_owned()));
    }
    if embeddings.prompt_tokens == 0 {
        return Err(Failure("the texts took no tokens".to_owned()));
    }
    Ok(())
}

fn are_near(one: &[f32], other: &[f32]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| (one - other).abs() <= NEAR)
}
