//! Keeps answers to JSON, to a schema, or to a grammar.

mod lark;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use antiphon_chat_template::CallGrammar;
use llama_cpp_2::sampling::LlamaSampler;
use llama_cpp_2::token::LlamaToken;
use llguidance::api::{ParserLimits, TopLevelGrammar};
use llguidance::{Matcher, ParserFactory};
use serde_json::{Value, json};

use self::lark::Lark;
use crate::model::Model;

/// Makes constraints for the vocabulary of a model.
pub(crate) struct Grammars {
    factory: ParserFactory,
    model: Arc<Model>,
}

/// What an answer has to keep to, and how far it is in it.
pub(crate) struct Constraint {
    matcher: Matcher,
}

/// What the answer to a request may be.
pub(crate) struct Allowed<'a> {
    /// Whether the text begins within thoughts.
    pub(crate) is_thinking: bool,
    /// JSON by this schema.
    pub(crate) json: Option<&'a Value>,
    /// Calls of tools.
    pub(crate) calls: Option<&'a CallGrammar>,
}

impl Grammars {
    /// Reads the vocabulary, which takes a while.
    pub(crate) fn new(model: Arc<Model>) -> Result<Self, String> {
        let vocabulary = LlamaSampler::llguidance_tok_env(model.inner());
        let mut factory = ParserFactory::new_simple(&vocabulary).map_err(|error| error.to_string())?;
        *factory.limits_mut() = ParserLimits { verbose_errors: false, ..ParserLimits::default() };
        // It writes to stderr otherwise.
        factory.quiet();
        Ok(Self { factory, model })
    }

    /// Keeps an answer to what is allowed; `None` where nothing is said.
    ///
    /// # Errors
    /// Why it cannot be kept to, in a line.
    pub(crate) fn constraint(&self, allowed: &Allowed<'_>) -> Result<Option<Constraint>, String> {
        let control = |text: &str| self.model.marks().control(text);
        let mut lark = Lark::new(&control);
        if let Some(schema) = allowed.json {
            lark = lark.json(schema.clone());
        }
        if let Some(calls) = allowed.calls {
            lark = lark.calls(calls);
        }
        if lark.is_empty() {
            return Ok(None);
        }
        let lark = if allowed.is_thinking { lark.thinking() } else { lark };
        let grammar = TopLevelGrammar::from_lark(lark.finish());
        let parser = self.factory.create_parser(grammar).map_err(|error| line(&error.to_string()))?;
        let mut matcher = Matcher::new(Ok(parser));
        // What is too complex is found here, before work, and not within the answer.
        matcher.compute_mask_or_eos().map_err(|error| line(&error.to_string()))?;
        Ok(Some(Constraint { matcher }))
    }
}

impl Constraint {
    /// Takes away the chance of all tokens that may not come next.
    pub(crate) fn exclude(&mut self, logits: &mut [f32]) -> Result<(), String> {
        let allowed = self.matcher.compute_mask_or_eos().map_err(|error| line(&error.to_string()))?;
        for (logit, token) in logits.iter_mut().zip(0..) {
            if !allowed.is_allowed(token) {
                *logit = f32::NEG_INFINITY;
            }
        }
        Ok(())
    }

    /// Goes on by a token.
    pub(crate) fn consume(&mut self, token: LlamaToken) -> Result<(), String> {
        self.matcher.consume_token(token.0.cast_unsigned()).map_err(|error| line(&error.to_string()))
    }

    /// Whether nothing can follow any more.
    pub(crate) fn is_complete(&self) -> bool {
        self.matcher.is_stopped()
    }

    /// The same, from the beginning, for another answer.
    pub(crate) fn another(&self) -> Self {
        Self { matcher: self.matcher.deep_clone() }
    }
}

/// A schema whose instances have the white space of one line, and no other.
///
/// Small models would else write blanks until their answer is over.
fn spaced(schema: Value) -> Value {
    let options = json!({"whitespace_flexible": false, "item_separator": ", ?", "key_separator": ": ?"});
    match schema {
        Value::Object(mut keywords) => {
            // The request's own options are none of the schema's: `lenient` would let go of what it says.
            keywords.insert("x-guidance".to_owned(), options);
            Value::Object(keywords)
        }
        // `true` and `false` are schemas too.
        other => json!({"allOf": [other], "x-guidance": options}),
    }
}

/// The first line of an error, shortened: errors may quote a whole grammar.
fn line(error: &str) -> String {
    error.lines().next().unwrap_or_default().chars().take(200).collect()
}
