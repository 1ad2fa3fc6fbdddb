//! What an endpoint asks a model to do, and which models do it.

use antiphon_backend::{Capability, ModelInfo};

use crate::error::ApiError;

/// What an endpoint asks a model to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Chat,
    Complete,
    Embed,
}

impl Purpose {
    const ALL: [Self; 3] = [Self::Chat, Self::Complete, Self::Embed];

    /// Whether a model does it.
    pub(crate) fn suits(self, model: &ModelInfo) -> bool {
        match self {
            Self::Chat => model.has(Capability::Chat),
            Self::Complete => model.has(Capability::Completions) || model.has(Capability::CompletionsByChat),
            Self::Embed => model.has(Capability::Embeddings),
        }
    }

    /// The first thing that a model does; `None` for one that does nothing, which cannot be served.
    pub(crate) fn of(model: &ModelInfo) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.suits(model))
    }

    /// Holds a model that a request names against what the endpoint asks.
    ///
    /// # Errors
    /// 404 in OpenAI's words, with the endpoint that the model has instead.
    pub(crate) fn check(self, model: &ModelInfo) -> Result<(), ApiError> {
        if self.suits(model) {
            return Ok(());
        }
        let other = Self::of(model);
        let what = match (self, other) {
            (Self::Chat, _) => "not a chat model and thus",
            (Self::Complete, Some(Self::Chat)) => "a chat model and",
            (Self::Complete, _) => "not a completion model and thus",
            (Self::Embed, _) => "not an embedding model and thus",
        };
        let mut message = format!("This is {what} not supported in the {} endpoint.", self.endpoint());
        if let Some(other) = other {
            message = format!("{message} Did you mean to use {}?", other.endpoint());
        }
        Err(ApiError::wrong_endpoint(message))
    }

    fn endpoint(self) -> &'static str {
        match self {
            Self::Chat => "v1/chat/completions",
            Self::Complete => "v1/completions",
            Self::Embed => "v1/embeddings",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(asked: Purpose, able: &[Capability], expected: Option<&str>) {
        let bare = ModelInfo::new("m").without(Capability::Chat);
        let model = able.iter().fold(bare, |model, one| model.with(*one));
        let error = asked.check(&model).err().map(|error| error.envelope().error);
        if let Some(error) = &error {
            assert_eq!((error.param.as_deref(), error.code.as_deref()), (Some("model"), None));
        }
        assert_eq!(error.map(|error| error.message).as_deref(), expected, "{asked:?} of {able:?}");
    }

    #[test]
    fn model_does_what_it_declares() {
        check(Purpose::Chat, &[Capability::Chat], None);
        check(Purpose::Complete, &[Capability::Completions], None);
        check(Purpose::Complete, &[Capability::CompletionsByChat], None);
        check(Purpose::Embed, &[Capability::Embeddings], None);
    }

    #[test]
    fn model_of_another_endpoint_names_its_own() {
        check(
            Purpose::Complete,
            &[Capability::Chat],
            Some(
                "This is a chat model and not supported in the v1/completions endpoint. Did you mean to use \
                 v1/chat/completions?",
            ),
        );
        check(
            Purpose::Chat,
            &[Capability::Completions],
            Some(
                "This is not a chat model and thus not supported in the v1/chat/completions endpoint. Did you mean \
                 to use v1/completions?",
            ),
        );
        check(
            Purpose::Complete,
            &[Capability::Embeddings],
            Some(
                "This is not a completion model and thus not supported in the v1/completions endpoint. Did you mean \
                 to use v1/embeddings?",
            ),
        );
        check(
            Purpose::Embed,
            &[Capability::Chat, Capability::Completions],
            Some(
                "This is not an embedding model and thus not supported in the v1/embeddings endpoint. Did you mean \
                 to use v1/chat/completions?",
            ),
        );
    }
}
