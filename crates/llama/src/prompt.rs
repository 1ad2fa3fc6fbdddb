//! The prompt of a chat, by the model's own template.

use antiphon_backend::chat::{Message, Request};
use antiphon_backend::{BackendError, ErrorKind};
use llama_cpp_2::model::{LlamaChatMessage, LlamaChatTemplate};

use crate::model::Model;

/// A part of a prompt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Segment {
    /// Written by the template: marks of the vocabulary in it are marks.
    Template(String),
    /// Written by a person or a model: marks in it are letters.
    Content(String),
}

/// Stands for the text of a message while the template is rendered: a character that Unicode gives to no text.
const CONTENT: char = '\u{fdd0}';

/// Renders a conversation up to where the answer begins.
///
/// The template is one of those that llama.cpp knows, found by that of the model; `ChatML` where the model has none.
pub(crate) fn render(model: &Model, request: &Request) -> Result<Vec<Segment>, BackendError> {
    let template = model
        .inner()
        .chat_template(None)
        .or_else(|_| LlamaChatTemplate::new("chatml"))
        .map_err(BackendError::internal)?;
    let place = || CONTENT.to_string();
    let messages: Result<Vec<_>, _> =
        request.messages.iter().map(|message| LlamaChatMessage::new(role(message), place())).collect();
    let messages = messages.map_err(BackendError::internal)?;
    let rendered = model.inner().apply_chat_template(&template, &messages, true).map_err(|error| {
        let error = BackendError::new(
            ErrorKind::Unsupported,
            "The model's chat template cannot render this conversation.",
        )
        .with_source(error);
        error.with_param("messages")
    })?;
    let mut contents = request.messages.iter().map(Message::text);
    let mut segments = Vec::new();
    for (number, text) in rendered.split(CONTENT).enumerate() {
        if number > 0 {
            segments.extend(contents.next().map(|text| Segment::Content(text.into_owned())));
        }
        segments.push(Segment::Template(text.to_owned()));
    }
    Ok(segments)
}

fn role(message: &Message) -> String {
    message.role().as_str().to_owned()
}

impl Segment {
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Template(text) | Self::Content(text) => text,
        }
    }

    pub(crate) fn has_marks(&self) -> bool {
        matches!(self, Self::Template(_))
    }
}
