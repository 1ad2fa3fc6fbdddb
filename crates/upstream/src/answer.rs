//! What an upstream says: a whole answer, or a chunk of one, as far as events are made of it.
//!
//! One type for both, and for legacy completions: a whole answer is a chunk that says all. Read by hand, for a chunk is
//! read a token: `serde(flatten)`, which keeps unknown fields too, would copy each before it is known where it belongs.

mod call;
mod few;
mod logprobs;
mod object;
#[cfg(test)]
mod tests;
mod text;

use antiphon_types::chat::FinishReason;
use antiphon_types::{Usage, Value};
use serde::de::{IgnoredAny, MapAccess};
use serde::{Deserialize, Deserializer};

pub(crate) use self::call::{Call, Function};
use self::few::Few;
pub(crate) use self::logprobs::Logprobs;
use self::object::{Object, Others};
pub(crate) use self::text::Text;

/// A whole answer or a chunk.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    pub(crate) choices: Option<Few<Choice>>,
    pub(crate) usage: Option<Box<Usage>>,
    /// Whether it tells an error, and nothing else is to be read of it.
    pub(crate) has_error: bool,
    pub(crate) system_fingerprint: Option<Text>,
    pub(crate) service_tier: Option<Text>,
    /// Fields that no event has.
    pub(crate) others: Others,
}

/// One choice of it.
#[derive(Debug, Default)]
pub(crate) struct Choice {
    pub(crate) index: Option<u32>,
    /// The message or the delta.
    pub(crate) message: Message,
    /// Of a legacy completion, which has no message.
    pub(crate) text: Option<Text>,
    pub(crate) logprobs: Option<Box<Logprobs>>,
    pub(crate) finish_reason: Option<FinishReason>,
    pub(crate) others: Others,
}

/// A message, or what a chunk adds to it.
#[derive(Debug, Default)]
pub(crate) struct Message {
    pub(crate) content: Option<Text>,
    pub(crate) refusal: Option<Text>,
    pub(crate) reasoning_content: Option<Text>,
    pub(crate) reasoning: Option<Text>,
    pub(crate) tool_calls: Option<Few<Call>>,
    pub(crate) function_call: Option<Box<Function>>,
    pub(crate) others: Others,
}

/// The envelope is ours: ids, times, names and padding are not passed on.
#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum AnswerField {
    Choices,
    Usage,
    Error,
    Object,
    SystemFingerprint,
    ServiceTier,
    #[serde(alias = "created", alias = "model", alias = "obfuscation")]
    Id,
    Other(String),
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum ChoiceField {
    Index,
    #[serde(alias = "message")]
    Delta,
    Text,
    Logprobs,
    FinishReason,
    Other(String),
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum MessageField {
    Role,
    Content,
    Refusal,
    ReasoningContent,
    Reasoning,
    ToolCalls,
    FunctionCall,
    Annotations,
    Other(String),
}

impl Object for Answer {
    type Field = AnswerField;

    fn read<'de, A: MapAccess<'de>>(&mut self, field: AnswerField, map: &mut A) -> Result<(), A::Error> {
        match field {
            AnswerField::Choices => self.choices = map.next_value()?,
            AnswerField::Usage => self.usage = readable(map.next_value()?),
            AnswerField::Error => self.has_error |= map.next_value::<Option<IgnoredAny>>()?.is_some(),
            AnswerField::Object => {
                let object: Option<Text> = map.next_value()?;
                self.has_error |= object.is_some_and(|object| object.0 == "error");
            }
            AnswerField::SystemFingerprint => self.system_fingerprint = map.next_value()?,
            AnswerField::ServiceTier => self.service_tier = map.next_value()?,
            AnswerField::Id => drop(map.next_value::<IgnoredAny>()?),
            AnswerField::Other(name) => self.others.read(name, map)?,
        }
        Ok(())
    }
}

/// A usage; one without its counts, which some servers send with each chunk, is none.
fn readable(usage: Option<Value>) -> Option<Box<Usage>> {
    usage.and_then(|usage| serde_json::from_value(usage).ok())
}

impl Object for Choice {
    type Field = ChoiceField;

    fn read<'de, A: MapAccess<'de>>(&mut self, field: ChoiceField, map: &mut A) -> Result<(), A::Error> {
        match field {
            ChoiceField::Index => self.index = map.next_value()?,
            ChoiceField::Delta => self.message = map.next_value::<Option<Message>>()?.unwrap_or_default(),
            ChoiceField::Text => self.text = map.next_value()?,
            ChoiceField::Logprobs => self.logprobs = map.next_value()?,
            ChoiceField::FinishReason => self.finish_reason = map.next_value()?,
            ChoiceField::Other(name) => self.others.read(name, map)?,
        }
        Ok(())
    }
}

impl Object for Message {
    type Field = MessageField;

    fn read<'de, A: MapAccess<'de>>(&mut self, field: MessageField, map: &mut A) -> Result<(), A::Error> {
        match field {
            MessageField::Role => drop(map.next_value::<IgnoredAny>()?),
            MessageField::Content => self.content = map.next_value()?,
            MessageField::Refusal => self.refusal = map.next_value()?,
            MessageField::ReasoningContent => self.reasoning_content = map.next_value()?,
            MessageField::Reasoning => self.reasoning = map.next_value()?,
            MessageField::ToolCalls => self.tool_calls = map.next_value()?,
            MessageField::FunctionCall => self.function_call = map.next_value()?,
            MessageField::Annotations => {
                let annotations: Option<Vec<Value>> = map.next_value()?;
                // Whole answers have an empty list where a stream has none.
                if let Some(some) = annotations.filter(|annotations| !annotations.is_empty()) {
                    self.others.insert("annotations", Value::Array(some));
                }
            }
            MessageField::Other(name) => self.others.read(name, map)?,
        }
        Ok(())
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
