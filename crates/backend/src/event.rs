//! What a backend yields: the events of one generation.

use antiphon_types::chat::{FinishReason, TokenLogprob};
use antiphon_types::{Extra, Usage, join_extra};
use compact_str::CompactString;

/// One event of a generation.
///
/// All but [`Usage`](Event::Usage), and fields of the [answer](Place::Answer), belong to a choice, numbered from 0 to
/// the request's `n` less one; the constructors make events of choice 0, and [`at`](Event::at) moves them. Text of
/// up to 24 bytes is kept inline, so an event of a token allocates nothing. An event should be one token wherever the
/// engine knows its tokens: limits and usage count events where the engine does not count itself.
///
/// ```
/// use antiphon_backend::{Event, chat::FinishReason};
///
/// let answer = [Event::text("Hello "), Event::text("there"), Event::finish(FinishReason::Stop)];
/// assert!(answer[0].is_content() && !answer[2].is_content());
/// assert_eq!(answer.map(|event| event.at(3).choice()), [Some(3); 3]);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// A piece of the answer's text.
    Text {
        /// The choice it belongs to.
        choice: u32,
        /// Whole characters: an engine whose tokens split them joins the bytes first.
        text: CompactString,
        /// The tokens of this text, in order, where they were asked for.
        logprobs: Option<Box<Vec<TokenLogprob>>>,
    },
    /// A piece of the reasoning that comes before the answer.
    Reasoning {
        /// The choice it belongs to.
        choice: u32,
        /// Whole characters.
        text: CompactString,
    },
    /// A piece of the text with which the model declines to answer.
    Refusal {
        /// The choice it belongs to.
        choice: u32,
        /// Whole characters.
        text: CompactString,
        /// The tokens of this text, in order, where they were asked for.
        logprobs: Option<Box<Vec<TokenLogprob>>>,
    },
    /// A piece of a call to one of the request's tools.
    ToolCall {
        /// The choice it belongs to.
        choice: u32,
        /// Tells the choice's calls apart: any number, the same in all events of a call.
        slot: u32,
        /// Id and name: on the first event of a slot, and on no other.
        start: Option<Box<ToolCallStart>>,
        /// A fragment of the arguments (a JSON text) or of a custom tool's input. May be empty.
        arguments: CompactString,
    },
    /// The end of a choice, with its reason.
    Finish {
        /// The choice that ends.
        choice: u32,
        /// Why it ends.
        reason: FinishReason,
    },
    /// Fields that no other event has, which go out beside those that do: `citations`, `audio`, a `service_tier`.
    ///
    /// They go out with the next chunk of what they belong to, and into a whole answer [joined](Place::join). Names that
    /// the server gives a value itself (an `id`, the `content`) are left out.
    Extra {
        /// What they are fields of.
        place: Place,
        /// The fields.
        fields: Box<Extra>,
    },
    /// The tokens of the whole request: the prompt once, all choices together.
    Usage(Box<Usage>),
}

/// The object that the fields of an [`Event::Extra`] belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// The whole answer, and the chunks of a stream.
    Answer,
    /// A choice: beside `index` and `finish_reason`.
    Choice(u32),
    /// The message of a choice, or the delta of a chunk: beside `content`.
    ///
    /// In a legacy completion, which has no messages, the choice itself.
    Message(u32),
    /// A call of a tool: beside its `id` and `function`.
    ///
    /// Clients send a call back as they read it, and some models want their fields again. They may come before the call
    /// begins, and then go out with its start; without a call of that slot they are of nothing, and lost.
    ToolCall {
        /// The choice that calls.
        choice: u32,
        /// The call, as in [`Event::ToolCall`].
        slot: u32,
    },
}

impl Place {
    /// The choice that it is, or stands in; `None` for the whole answer.
    pub fn choice(self) -> Option<u32> {
        match self {
            Self::Answer => None,
            Self::Choice(choice) | Self::Message(choice) | Self::ToolCall { choice, .. } => Some(choice),
        }
    }

    fn set_choice(&mut self, to: u32) {
        match self {
            Self::Answer => {}
            Self::Choice(choice) | Self::Message(choice) | Self::ToolCall { choice, .. } => *choice = to,
        }
    }

    /// Joins fields to those that came before for the same place.
    ///
    /// Those of a message are pieces, as [`join_extra`] takes them; elsewhere the later value of a name counts.
    pub fn join(self, whole: &mut Extra, fields: Extra) {
        match self {
            Self::Answer | Self::Choice(_) | Self::ToolCall { .. } => whole.extend(fields),
            Self::Message(_) => join_extra(whole, fields),
        }
    }
}

/// What opens a tool call.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ToolCallStart {
    /// The call's id; where there is none, the server makes one.
    pub id: Option<String>,
    /// The name of the tool.
    pub name: String,
    /// The kind of the tool.
    pub kind: ToolKind,
}

/// The kinds of tool that a model can call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ToolKind {
    /// A function, whose arguments are a JSON text.
    #[default]
    Function,
    /// A custom tool, whose input is free text.
    Custom,
}

impl Event {
    /// A piece of the answer's text.
    pub fn text(text: impl Into<CompactString>) -> Self {
        Self::Text { choice: 0, text: text.into(), logprobs: None }
    }

    /// A piece of the reasoning.
    pub fn reasoning(text: impl Into<CompactString>) -> Self {
        Self::Reasoning { choice: 0, text: text.into() }
    }

    /// A piece of a refusal.
    pub fn refusal(text: impl Into<CompactString>) -> Self {
        Self::Refusal { choice: 0, text: text.into(), logprobs: None }
    }

    /// The start of a function call.
    ///
    /// Its arguments follow as [`arguments`](Event::arguments). `id` takes a `&str`, or `None` where the
    /// engine has no ids.
    pub fn tool_call<'a>(slot: u32, id: impl Into<Option<&'a str>>, name: impl Into<String>) -> Self {
        Self::call(slot, id.into(), name.into(), ToolKind::Function)
    }

    /// The start of a call to a custom tool.
    ///
    /// Its input follows as [`arguments`](Event::arguments); `id` as for [`tool_call`](Event::tool_call).
    pub fn custom_tool_call<'a>(slot: u32, id: impl Into<Option<&'a str>>, name: impl Into<String>) -> Self {
        Self::call(slot, id.into(), name.into(), ToolKind::Custom)
    }

    fn call(slot: u32, id: Option<&str>, name: String, kind: ToolKind) -> Self {
        let start = Some(Box::new(ToolCallStart { id: id.map(str::to_owned), name, kind }));
        Self::ToolCall { choice: 0, slot, start, arguments: CompactString::default() }
    }

    /// A fragment of the arguments of the call in `slot`.
    pub fn arguments(slot: u32, fragment: impl Into<CompactString>) -> Self {
        Self::ToolCall { choice: 0, slot, start: None, arguments: fragment.into() }
    }

    /// The end of a choice.
    pub fn finish(reason: FinishReason) -> Self {
        Self::Finish { choice: 0, reason }
    }

    /// Fields that no other event has.
    pub fn extra(place: Place, fields: Extra) -> Self {
        Self::Extra { place, fields: Box::new(fields) }
    }

    /// The tokens of the whole request.
    pub fn usage(usage: Usage) -> Self {
        Self::Usage(Box::new(usage))
    }

    /// Moves the event to a choice.
    #[must_use]
    pub fn at(mut self, to: u32) -> Self {
        match &mut self {
            Self::Text { choice, .. }
            | Self::Reasoning { choice, .. }
            | Self::Refusal { choice, .. }
            | Self::ToolCall { choice, .. }
            | Self::Finish { choice, .. } => *choice = to,
            Self::Extra { place, .. } => place.set_choice(to),
            Self::Usage(_) => {}
        }
        self
    }

    /// Attaches the log probabilities of the event's tokens.
    ///
    /// Only text and refusals carry them; other events stay as they are.
    #[must_use]
    pub fn with_logprobs(mut self, tokens: impl Into<Vec<TokenLogprob>>) -> Self {
        if let Self::Text { logprobs, .. } | Self::Refusal { logprobs, .. } = &mut self {
            *logprobs = Some(Box::new(tokens.into()));
        }
        self
    }

    /// The choice that the event belongs to; `None` for usage and for fields of the whole answer.
    pub fn choice(&self) -> Option<u32> {
        match self {
            Self::Text { choice, .. }
            | Self::Reasoning { choice, .. }
            | Self::Refusal { choice, .. }
            | Self::ToolCall { choice, .. }
            | Self::Finish { choice, .. } => Some(*choice),
            Self::Extra { place, .. } => place.choice(),
            Self::Usage(_) => None,
        }
    }

    /// Whether the text before this event is apart from the text behind it.
    pub(crate) fn ends_text(&self) -> bool {
        match self {
            Self::ToolCall { .. } | Self::Finish { .. } => true,
            // Some engines send all kinds of text with every token, empty where there is none.
            Self::Reasoning { text, .. } | Self::Refusal { text, .. } => !text.is_empty(),
            Self::Text { .. } | Self::Extra { .. } | Self::Usage(_) => false,
        }
    }

    /// Whether the event is a piece of what the model says: what counts as a token.
    pub fn is_content(&self) -> bool {
        !matches!(self, Self::Finish { .. } | Self::Extra { .. } | Self::Usage(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::BackendError;

    #[test]
    fn event_is_48_bytes_and_a_result_no_more() {
        assert_eq!(size_of::<Event>(), 48);
        assert_eq!(size_of::<Option<Result<Event, BackendError>>>(), 48);
    }

    #[test]
    fn fields_move_with_their_choice_and_those_of_the_answer_have_none() {
        let choice = |place| Event::extra(place, Extra::new()).at(2).choice();
        let call = Place::ToolCall { choice: 0, slot: 7 };
        assert_eq!([Place::Choice(0), Place::Message(1), call].map(choice), [Some(2); 3]);
        assert_eq!(choice(Place::Answer), None);
    }

    #[test]
    fn call_has_its_start_and_fragments_have_none() {
        let starts = [
            Event::tool_call(1, "call_7", "add"),
            Event::custom_tool_call(1, None, "sh"),
            Event::arguments(1, "{}"),
        ]
        .map(|event| match event {
            Event::ToolCall { start, .. } => start.map(|start| *start),
            _ => None,
        });
        let call = |id: Option<&str>, name: &str, kind| {
            Some(ToolCallStart { id: id.map(Into::into), name: name.into(), kind })
        };
        assert_eq!(
            starts,
            [call(Some("call_7"), "add", ToolKind::Function), call(None, "sh", ToolKind::Custom), None]
        );
    }
}
