//! What is sent: the client's request, under the upstream's name of the model.

#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use antiphon_types::{chat, completions, embeddings};
use bytes::Bytes;
use serde::Serialize;

use crate::base_url::Endpoint;

/// As much of an upstream's words as a client reads, in bytes.
pub(crate) const MOST_WORDS: usize = 4_096;

/// A shorter name of a model may be a part of any word: it is one only in quotes.
const SHORTEST_REPLACED: usize = 4;

/// One request, ready to be sent, once or twice.
#[derive(Debug)]
pub(crate) struct Outgoing {
    pub(crate) endpoint: Endpoint,
    pub(crate) body: Bytes,
    /// Whether it does no harm to send it twice.
    pub(crate) is_harmless_twice: bool,
    /// How many choices there are to be.
    pub(crate) choices: u32,
    pub(crate) names: Names,
}

/// What must not be told of an upstream, and what is told instead.
#[derive(Clone, Default)]
pub(crate) struct Names {
    /// The model as the client asked for it.
    pub(crate) asked: String,
    /// The upstream's name of it.
    pub(crate) upstream: String,
    /// What no client may read at all: the upstream's machines, and our key.
    pub(crate) secrets: Arc<[String]>,
}

impl fmt::Debug for Names {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { asked, upstream, .. } = self;
        formatter
            .debug_struct("Names")
            .field("asked", asked)
            .field("upstream", upstream)
            .finish_non_exhaustive()
    }
}

impl Names {
    /// The beginning of a text of the upstream with the client's name of the model; `None` where it holds a secret.
    pub(crate) fn as_asked(&self, text: &str) -> Option<String> {
        if self.secrets.iter().any(|secret| !secret.is_empty() && text.contains(&**secret)) {
            return None;
        }
        // Before names are replaced, too: the client's may be long.
        let text = beginning(text);
        if self.upstream.is_empty() || self.upstream == self.asked {
            return Some(text.to_owned());
        }
        if self.upstream.len() >= SHORTEST_REPLACED {
            return Some(beginning(&text.replace(&self.upstream, &self.asked)).to_owned());
        }
        let quoted = |text: String, quote| {
            text.replace(
                &format!("{quote}{}{quote}", self.upstream),
                &format!("{quote}{}{quote}", self.asked),
            )
        };
        let text = ['`', '\'', '"'].into_iter().fold(text.to_owned(), quoted);
        Some(beginning(&text).to_owned())
    }
}

fn beginning(text: &str) -> &str {
    let mut end = text.len().min(MOST_WORDS);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

impl Outgoing {
    pub(crate) fn chat(mut request: chat::Request, names: Names) -> Self {
        request.model.clone_from(&names.upstream);
        if request.is_streaming() {
            request.stream_options.get_or_insert_default().include_usage = Some(true);
        }
        Self {
            endpoint: Endpoint::Chat,
            is_harmless_twice: request.store != Some(true),
            choices: request.choices().max(1),
            body: body(&request),
            names,
        }
    }

    /// The upstream `echoes` the prompt where that is asked for, or it is done above.
    pub(crate) fn completion(mut request: completions::Request, echoes: bool, names: Names) -> Self {
        request.model.clone_from(&names.upstream);
        if request.is_streaming() {
            request.stream_options.get_or_insert_default().include_usage = Some(true);
        }
        // `n` says how many of them are wanted already: the best are chosen above.
        request.best_of = None;
        if !echoes {
            // Done above as well.
            request.echo = None;
        }
        Self {
            endpoint: Endpoint::Completions,
            is_harmless_twice: true,
            choices: request.choices().max(1),
            body: body(&request),
            names,
        }
    }

    pub(crate) fn embedding(mut request: embeddings::Request, names: Names) -> Self {
        request.model.clone_from(&names.upstream);
        Self {
            endpoint: Endpoint::Embeddings,
            is_harmless_twice: true,
            choices: 0,
            body: body(&request),
            names,
        }
    }
}

fn body(request: &impl Serialize) -> Bytes {
    Bytes::from(serde_json::to_vec(request).expect("a request has names as keys and writes to memory"))
}
