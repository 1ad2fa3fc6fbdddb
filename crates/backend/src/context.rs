//! What a request brings with it beside its body.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// The circumstances of one request: id, principal, deadline, cancellation.
///
/// Cheap to clone. Work that goes on outside of the stream (a thread, a task, a job in an engine's queue)
/// holds a clone for as long as it goes on, and ends when the token is cancelled: by that the server knows
/// what still runs.
#[derive(Clone, Default)]
pub struct Context {
    request_id: Arc<str>,
    principal: Option<Arc<str>>,
    deadline: Option<Instant>,
    prompt_tokens: Option<u64>,
    token: CancellationToken,
    guard: Option<Arc<dyn Any + Send + Sync>>,
}

impl Context {
    /// The context of a request, without principal or deadline.
    ///
    /// [`Context::default`] has an empty request id, for tests.
    pub fn new(request_id: impl Into<Arc<str>>) -> Self {
        Self { request_id: request_id.into(), ..Self::default() }
    }

    /// Sets on whose behalf the request is made.
    ///
    /// The name of a key, never the key.
    #[must_use]
    pub fn with_principal(mut self, principal: impl Into<Arc<str>>) -> Self {
        self.principal = Some(principal.into());
        self
    }

    /// Sets when the answer must be whole.
    ///
    /// Takes the `Instant` of std or of tokio.
    #[must_use]
    pub fn with_deadline(mut self, deadline: impl Into<Instant>) -> Self {
        self.deadline = Some(deadline.into());
        self
    }

    /// Sets the length of the prompt, as the backend told it before the work.
    #[must_use]
    pub fn with_prompt_tokens(mut self, tokens: u64) -> Self {
        self.prompt_tokens = Some(tokens);
        self
    }

    /// Keeps a value until the last clone of this context is dropped.
    ///
    /// A permit, say, or a signal that the work has ended. A second guard is kept beside the first.
    #[must_use]
    pub fn with_guard(mut self, guard: impl Any + Send + Sync) -> Self {
        self.guard = Some(match self.guard.take() {
            Some(first) => Arc::new((first, guard)),
            None => Arc::new(guard),
        });
        self
    }

    /// A context for a part of the work.
    ///
    /// It is cancelled with this one, or alone.
    #[must_use]
    pub fn child(&self) -> Self {
        Self { token: self.token.child_token(), ..self.clone() }
    }

    /// The id of the request in logs and headers.
    pub fn request_id(&self) -> &str {
        &self.request_id
    }

    /// On whose behalf the request is made.
    ///
    /// `None` where nobody is asked for a key.
    pub fn principal(&self) -> Option<&str> {
        self.principal.as_deref()
    }

    /// When the answer must be whole; `None`: whenever it is.
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// The length of the prompt, where [`Backend::prompt_tokens`](crate::Backend::prompt_tokens) told it before.
    ///
    /// So that a backend counts a prompt once, and not again when it answers.
    pub fn prompt_tokens(&self) -> Option<u64> {
        self.prompt_tokens
    }

    /// Is cancelled when nobody waits for the answer any more.
    pub fn token(&self) -> &CancellationToken {
        &self.token
    }

    /// Waits until nobody waits for the answer any more.
    pub async fn cancelled(&self) {
        self.token.cancelled().await;
    }

    /// Whether nobody waits for the answer any more.
    ///
    /// A thread asks this between two tokens.
    pub fn is_cancelled(&self) -> bool {
        self.token.is_cancelled()
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("request_id", &self.request_id)
            .field("principal", &self.principal)
            .field("deadline", &self.deadline)
            .field("cancelled", &self.is_cancelled())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guards_go_with_the_last_clone() {
        let [first, second] = [CancellationToken::new(), CancellationToken::new()];
        let context = Context::new("req_1")
            .with_guard(first.clone().drop_guard())
            .with_guard(second.clone().drop_guard());
        let clone = context.child();
        drop(context);
        assert_eq!([first.is_cancelled(), second.is_cancelled()], [false, false]);
        drop(clone);
        assert_eq!([first.is_cancelled(), second.is_cancelled()], [true, true]);
    }

    #[test]
    fn child_is_cancelled_with_its_parent_and_not_the_reverse() {
        let parent = Context::default();
        let [left, right] = [parent.child(), parent.child()];
        left.token().cancel();
        assert_eq!([&parent, &left, &right].map(Context::is_cancelled), [false, true, false]);
        parent.token().cancel();
        assert!(right.is_cancelled());
    }
}
