//! A model's chat template, and the prompts that it makes.

#[cfg(test)]
mod tests;

use antiphon_backend::adapt::Thinking;
use antiphon_backend::chat;
use minijinja::value::Serde;
use serde_json::{Map, Value};

use crate::abilities::Abilities;
use crate::conversation::messages;
use crate::format::Format;
use crate::jinja::Jinja;
use crate::offer::Offer;
use crate::special::{Guard, Marker, Specials};
use crate::{Prompt, TemplateError};

/// What a caller's own variables may not replace.
const RESERVED: [&str; 6] =
    ["messages", "tools", "bos_token", "eos_token", "add_generation_prompt", "raise_exception"];

/// A model's chat template.
///
/// Jinja, as in Hugging Face's `chat_template` and GGUF's `tokenizer.chat_template`. What it knows (system messages,
/// tools, the shape of arguments) is found out once, by rendering small conversations. What it does not know is told
/// in the texts of the messages instead.
#[derive(Debug)]
pub struct Template {
    jinja: Jinja,
    source: String,
    tokens: Map<String, Value>,
    specials: Specials,
    abilities: Abilities,
    format: Format,
}

impl Template {
    /// Compiles a template.
    ///
    /// The tokens are those that begin and end a text of the model. Texts of no tokens are empty. No special token is
    /// guarded until [`special_tokens`](Self::special_tokens) names them.
    ///
    /// # Errors
    /// [`TemplateError::Syntax`].
    pub fn new(source: &str, bos_token: &str, eos_token: &str) -> Result<Self, TemplateError> {
        let jinja = Jinja::new(source)?;
        let mut tokens = Map::new();
        tokens.insert("bos_token".to_owned(), bos_token.into());
        tokens.insert("eos_token".to_owned(), eos_token.into());
        tokens.insert("add_generation_prompt".to_owned(), true.into());
        let (abilities, format) = Abilities::probe(source, |variables| {
            let context = tokens.iter().chain(&variables).map(|(name, value)| (name.clone(), value.clone()));
            render(&jinja, context.collect())
        });
        let specials = Specials::new([]);
        Ok(Self { jinja, source: source.to_owned(), tokens, specials, abilities, format })
    }

    /// Names the texts of the model's special tokens.
    ///
    /// All that its tokenizer makes of their text alone, but those of one character and the tags of thinking,
    /// `<think>` and `</think>`, which templates look for and which stay whole. Where one stands in a text of a
    /// request, [`render`](Self::render) ends a segment inside of it.
    #[must_use]
    pub fn special_tokens<T: Into<String>>(mut self, texts: impl IntoIterator<Item = T>) -> Self {
        self.specials = Specials::new(texts.into_iter().map(Into::into));
        self
    }

    /// How the model writes its calls of tools.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Renders a conversation up to where the answer begins.
    ///
    /// Taken from the request: messages, tools as far as `tool_choice` allows them, `reasoning_effort`, and of the
    /// unknown fields `documents` and the members of `chat_template_kwargs`, such as `enable_thinking`.
    ///
    /// # Errors
    /// Every [`TemplateError`] but [`Syntax`](TemplateError::Syntax); as a `BackendError` a 400 that names `messages`.
    pub fn render(&self, request: &chat::Request) -> Result<Prompt, TemplateError> {
        let offer = Offer::of(request)?;
        let messages = messages(request, self.abilities, self.format, &offer)?;
        let mut said = variables(request);
        said.insert("messages".to_owned(), Value::Array(messages));
        let tools = if self.format == Format::Plain { Vec::new() } else { offer.objects() };
        said.insert("tools".to_owned(), if tools.is_empty() { Value::Null } else { Value::Array(tools) });
        let segments = self.segments(Value::Object(said))?;
        let thinking = thinking(&segments, &self.source);
        Ok(Prompt::new(segments, thinking))
    }

    /// Renders what was said, with borders inside its special tokens.
    fn segments(&self, said: Value) -> Result<Vec<String>, TemplateError> {
        let Some(needed) = self.specials.needed(&said) else {
            return Ok(vec![self.rendered(said)?]);
        };
        let marker = Marker::absent_from(&said, &self.source)?;
        let guarded = |guard| {
            let mut said = said.clone();
            marker.guard(&mut said, &self.specials, guard);
            self.rendered(said).map(|text| marker.split(&text))
        };
        let segments = guarded(Guard::Inside)?;
        if needed == Guard::Inside {
            return Ok(segments);
        }
        // Texts end in segments of their own only where a special token stood across such an end: the border changes
        // how the text is tokenised.
        let apart = guarded(Guard::Ends)?;
        let count =
            |segments: &[String]| segments.iter().map(|text| self.specials.count(text)).sum::<usize>();
        Ok(if count(&apart) < count(&segments) { apart } else { segments })
    }

    fn rendered(&self, said: Value) -> Result<String, TemplateError> {
        let Value::Object(mut variables) = said else { return render(&self.jinja, Map::new()) };
        variables.extend(self.tokens.clone());
        render(&self.jinja, variables)
    }
}

fn render(jinja: &Jinja, variables: Map<String, Value>) -> Result<String, TemplateError> {
    jinja.render(Serde(variables).into())
}

/// The variables that a request sets beside messages and tools.
fn variables(request: &chat::Request) -> Map<String, Value> {
    let mut variables = Map::new();
    if let Some(effort) = &request.reasoning_effort {
        variables.insert("reasoning_effort".to_owned(), effort.as_str().into());
    }
    let documents = request.extra.get("documents").cloned().unwrap_or_default();
    variables.insert("documents".to_owned(), documents);
    if let Some(Value::Object(own)) = request.extra.get("chat_template_kwargs") {
        let own = own.iter().filter(|(name, _)| !RESERVED.contains(&name.as_str()));
        variables.extend(own.map(|(name, value)| (name.clone(), value.clone())));
    }
    variables
}

fn thinking(segments: &[String], source: &str) -> Option<Thinking> {
    let last = segments.last().map_or("", |text| text.trim_end());
    if last.ends_with("<think>") {
        return Some(Thinking::Begun);
    }
    source.contains("</think>").then_some(Thinking::Tagged)
}
