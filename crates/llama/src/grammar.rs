//! Keeps answers to JSON, to a schema, or to a grammar.

use llama_cpp_2::sampling::LlamaSampler;
use llama_cpp_2::token::LlamaToken;
use llguidance::api::{ParserLimits, TopLevelGrammar};
use llguidance::{Matcher, ParserFactory};
use serde_json::{Value, json};

use crate::model::Model;

/// Makes constraints for the vocabulary of a model.
pub(crate) struct Grammars {
    factory: ParserFactory,
}

/// What an answer has to keep to, and how far it is in it.
pub(crate) struct Constraint {
    matcher: Matcher,
}

impl Grammars {
    /// Reads the vocabulary, which takes a while.
    pub(crate) fn new(model: &Model) -> Result<Self, String> {
        let vocabulary = LlamaSampler::llguidance_tok_env(model.inner());
        let mut factory = ParserFactory::new_simple(&vocabulary).map_err(|error| error.to_string())?;
        *factory.limits_mut() = ParserLimits { verbose_errors: false, ..ParserLimits::default() };
        // It writes to stderr otherwise.
        factory.quiet();
        Ok(Self { factory })
    }

    /// Any JSON object.
    pub(crate) fn json_object(&self) -> Result<Constraint, String> {
        self.json_schema(json!({"type": "object"}))
    }

    /// JSON that a schema allows.
    ///
    /// # Errors
    /// Why the schema cannot be kept to, in a line.
    pub(crate) fn json_schema(&self, schema: Value) -> Result<Constraint, String> {
        self.constraint(TopLevelGrammar::from_json_schema(spaced(schema)))
    }

    fn constraint(&self, grammar: TopLevelGrammar) -> Result<Constraint, String> {
        let parser = self.factory.create_parser(grammar).map_err(|error| line(&error.to_string()))?;
        let mut matcher = Matcher::new(Ok(parser));
        // What is too complex is found here, before work, and not within the answer.
        matcher.compute_mask_or_eos().map_err(|error| line(&error.to_string()))?;
        Ok(Constraint { matcher })
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
