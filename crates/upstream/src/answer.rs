//! What an upstream says: a whole answer, or a chunk of one, as far as events are made of it.
//!
//! One type for both, and for legacy completions: a whole answer is a chunk that says all. Read by hand, for a chunk is
//! read a token: `serde(flatten)`, which keeps unknown fields too, would copy each before it is known where it belongs.

mod call;
mod logprobs;
mod object;
#[cfg(test)]
mod tests;
mod text;

use antiphon_types::chat::FinishReason;
use antiphon_types::{Extra, Usage, Value};
use serde::de::{IgnoredAny, MapAccess};
use serde::{Deserialize, Deserializer};

pub(crate) use self::call::{Call, Function};
pub(crate) use self::logprobs::Logprobs;
use self::object::Object;
pub(crate) use self::text::Text;

/// A whole answer or a chunk.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    pub(crate) choices: Option<Vec<Choice>>,
    pub(crate) usage: Option<Box<Usage>>,
    /// Whether it tells an error, and nothing else is to be read of it.
    pub(crate) has_error: bool,
    /// Fields that no event has, without those that are null.
    pub(crate) extra: Extra,
}

/// One choice of it.
#[derive(Debug, Default)]
pub(crate) struct Choice {
    pub(crate) index: Option<u32>,
    /// The message or the delta.
    pub(crate) message: Message,
    /// Of a legacy completion, which has no message.
    pub(crate) text: Option<Text>,
    pub(crate) logprobs: Option<Logprobs>,
    pub(crate) finish_reason: Option<FinishReason>,
    pub(crate) extra: Extra,
}

/// A message, or what a chunk adds to it.
#[derive(Debug, Default)]
pub(crate) struct Message {
    pub(crate) content: Option<Text>,
    pub(crate) refusal: Option<Text>,
    pub(crate) reasoning_content: Option<Text>,
    pub(crate) reasoning: Option<Text>,
    pub(crate) tool_calls: Vec<Call>,
    pub(crate) function_call: Option<Function>,
    pub(crate) extra: Extra,
}

impl Object for Answer {
    // The envelope is ours: ids, times, names and padding are not passed on.
    const NAMES: &'static [&'static str] =
        &["choices", "usage", "error", "id", "object", "created", "model", "obfuscation"];

    fn read<'de, A: MapAccess<'de>>(&mut self, name: &'static str, map: &mut A) -> Result<(), A::Error> {
        match name {
            "choices" => self.choices = map.next_value()?,
            "usage" => self.usage = map.next_value()?,
            "error" => self.has_error |= map.next_value::<Option<IgnoredAny>>()?.is_some(),
            "object" => {
                let object: Option<Text> = map.next_value()?;
                self.has_error |= object.is_some_and(|object| object.0 == "error");
            }
            _ => drop(map.next_value::<IgnoredAny>()?),
        }
        Ok(())
    }

    fn extra(&mut self) -> &mut Extra {
        &mut self.extra
    }
}

impl Object for Choice {
    const NAMES: &'static [&'static str] =
        &["index", "delta", "message", "text", "logprobs", "finish_reason"];

    fn read<'de, A: MapAccess<'de>>(&mut self, name: &'static str, map: &mut A) -> Result<(), A::Error> {
        match name {
            "index" => self.index = map.next_value()?,
            "text" => self.text = map.next_value()?,
            "logprobs" => self.logprobs = map.next_value()?,
            "finish_reason" => self.finish_reason = map.next_value()?,
            _ => self.message = map.next_value::<Option<Message>>()?.unwrap_or_default(),
        }
        Ok(())
    }

    fn extra(&mut self) -> &mut Extra {
        &mut self.extra
    }
}

impl Object for Message {
    const NAMES: &'static [&'static str] = &[
        "role",
        "content",
        "refusal",
        "reasoning_content",
        "reasoning",
        "tool_calls",
        "function_call",
        "annotations",
    ];

    fn read<'de, A: MapAccess<'de>>(&mut self, name: &'static str, map: &mut A) -> Result<(), A::Error> {
        match name {
            "content" => self.content = map.next_value()?,
            "refusal" => self.refusal = map.next_value()?,
            "reasoning_content" => self.reasoning_content = map.next_value()?,
            "reasoning" => self.reasoning = map.next_value()?,
            "tool_calls" => self.tool_calls = map.next_value::<Option<_>>()?.unwrap_or_default(),
            "function_call" => self.function_call = map.next_value()?,
            "annotations" => {
                let annotations: Value = map.next_value()?;
                // Whole answers have an empty list where a stream has none.
                if !annotations.is_null() && annotations != Value::Array(Vec::new()) {
                    self.extra.insert(name.to_owned(), annotations);
                }
            }
            _ => drop(map.next_value::<IgnoredAny>()?),
        }
        Ok(())
    }

    fn extra(&mut self) -> &mut Extra {
        &mut self.extra
    }
}

impl<'de> Deserialize<'de> for Answer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        object::read(deserializer)
    }
}

impl<'de> Deserialize<'de> for Choice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        object::read(deserializer)
    }
}

impl<'de> Deserialize<'de> for Message {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        object::read(deserializer)
    }
}
