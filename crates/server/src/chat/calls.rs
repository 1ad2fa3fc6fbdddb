//! How an answer calls: by tool calls, or by the one function call of old.

use antiphon_types::chat::{FinishReason, Request};

/// The form that a request's calls take in the answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Calls {
    /// `tool_calls`.
    #[default]
    Tools,
    /// `function_call`, deprecated, which has room for one: for a request whose tools are `functions`.
    Function,
}

impl Calls {
    /// The form that `request` knows.
    pub(super) fn of(request: &Request) -> Self {
        if request.functions.is_some() && request.tools.is_none() { Self::Function } else { Self::Tools }
    }

    /// The reason of a choice's end on the wire, one of the API's five.
    ///
    /// A call that was made is the reason of the end, whatever a backend that knows only of text says; one that was not
    /// made is none.
    pub(super) fn finish_reason(self, reason: FinishReason, called: bool) -> FinishReason {
        match (reason, self) {
            (FinishReason::Length, _) => FinishReason::Length,
            (FinishReason::ContentFilter, _) => FinishReason::ContentFilter,
            (_, Self::Tools) if called => FinishReason::ToolCalls,
            (_, Self::Function) if called => FinishReason::FunctionCall,
            // What a backend ends by beside these, such as its own token for the end, is an end like any other.
            _ => FinishReason::Stop,
        }
    }
}

#[cfg(test)]
mod tests {
    use antiphon_types::chat::{Function, Message, Tool};

    use super::*;

    #[test]
    fn functions_without_tools_are_called_in_the_old_form() {
        let mut request = Request::new("m", [Message::user("x")]);
        assert_eq!(Calls::of(&request), Calls::Tools);
        request.functions = Some(vec![Function::new("f")]);
        assert_eq!(Calls::of(&request), Calls::Function);
        request.tools = Some(vec![Tool::function(Function::new("f"))]);
        assert_eq!(Calls::of(&request), Calls::Tools);
    }

    #[test]
    fn every_reason_is_one_of_the_api() {
        use FinishReason::{ContentFilter, FunctionCall, Length, Other, Stop, ToolCalls};
        let other = || Other("eos_token".to_owned());
        for reason in [Stop, ToolCalls, FunctionCall, other()] {
            let seen = [
                (Calls::Tools, true),
                (Calls::Function, true),
                (Calls::Tools, false),
                (Calls::Function, false),
            ]
            .map(|(calls, called)| calls.finish_reason(reason.clone(), called));
            assert_eq!(seen, [ToolCalls, FunctionCall, Stop, Stop], "{reason}");
        }
        for reason in [Length, ContentFilter] {
            assert_eq!(Calls::Tools.finish_reason(reason.clone(), true), reason);
        }
    }
}
