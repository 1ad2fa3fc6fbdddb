//! Asks a backend for embeddings, and holds it to its word.

#[cfg(test)]
mod tests;

use std::panic::AssertUnwindSafe;

use antiphon_types::embeddings;
use futures_util::FutureExt;
use tokio::time::timeout_at;

use crate::adapt::{Breach, Panicked, caught, late};
use crate::{Backend, BackendError, Context, Embeddings};

/// Embeds the inputs of a request with a backend's model.
///
/// The answer is held to the contract of [`Backend::embed`], keeps the context's deadline, and a panic is an
/// error of this request alone. When the future is dropped, the context's token is cancelled.
///
/// # Errors
/// The backend's own; of kind [`Timeout`](crate::ErrorKind::Timeout) after the deadline, of kind
/// [`Contract`](crate::ErrorKind::Contract) for vectors that are not those that were asked for.
pub async fn embed(
    backend: &dyn Backend,
    request: embeddings::Request,
    context: Context,
) -> Result<Embeddings, BackendError> {
    let _cancelled_on_drop = context.token().clone().drop_guard();
    let (inputs, dimensions, deadline) = (request.input.len(), request.dimensions, context.deadline());
    let work = caught(|| backend.embed(request, context))?;
    let work = AssertUnwindSafe(work).catch_unwind();
    let outcome = match deadline {
        Some(at) => timeout_at(at, work).await.map_err(|_| late())?,
        None => work.await,
    };
    let embeddings = outcome.unwrap_or_else(|_| Err(BackendError::internal(Panicked)))?;
    check(&embeddings, inputs, dimensions)?;
    Ok(embeddings)
}

/// What a vector's contract says of all of them.
fn check(embeddings: &Embeddings, inputs: usize, dimensions: Option<u32>) -> Result<(), Breach> {
    let vectors = &embeddings.vectors;
    if vectors.len() != inputs {
        return Err(Breach::Vectors { vectors: vectors.len(), inputs });
    }
    let expected = dimensions.map(|dimensions| dimensions as usize).or(vectors.first().map(Vec::len));
    let Some(expected) = expected else { return Ok(()) };
    for (index, vector) in vectors.iter().enumerate() {
        if vector.len() != expected {
            return Err(Breach::Dimensions { index, found: vector.len(), expected });
        }
        if !vector.iter().all(|number| number.is_finite()) {
            return Err(Breach::NotFinite { index });
        }
    }
    Ok(())
}
