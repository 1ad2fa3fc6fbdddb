//! Asks a backend for embeddings, and holds it to its word.

#[cfg(test)]
mod tests;

use std::pin::Pin;
use std::task::{self, Poll};

use antiphon_types::embeddings;
use tokio::time::timeout_at;
use tokio_util::sync::DropGuard;

use crate::adapt::{Breach, caught, late};
use crate::{Backend, BackendError, Context, EmbeddingFuture, Embeddings};

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
    let (inputs, dimensions, deadline) = (request.input.len(), request.dimensions, context.deadline());
    let cancel = Some(context.token().clone().drop_guard());
    let work = Work { cancel, future: Some(caught(|| backend.embed(request, context))?) };
    let embeddings = match deadline {
        Some(at) => timeout_at(at, work).await.map_err(|_| late())??,
        None => work.await?,
    };
    check(&embeddings, inputs, dimensions)?;
    Ok(embeddings)
}

/// A backend's work, which fails alone and is called off when it is dropped.
struct Work {
    cancel: Option<DropGuard>,
    /// None once it has ended.
    future: Option<EmbeddingFuture>,
}

impl Future for Work {
    type Output = Result<Embeddings, BackendError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<Self::Output> {
        let Some(future) = &mut self.future else { return Poll::Pending };
        let poll = caught(|| future.as_mut().poll(cx)).unwrap_or_else(|failure| Poll::Ready(Err(failure)));
        if poll.is_ready() {
            self.release();
        }
        poll
    }
}

impl Work {
    /// Calls the work off: the token first, since the drop may wait for a thread.
    fn release(&mut self) {
        self.cancel = None;
        drop(caught(|| self.future = None));
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        self.release();
    }
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
