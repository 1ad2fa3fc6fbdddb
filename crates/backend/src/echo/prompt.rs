//! How many tokens a prompt has, with what OpenAI adds around its messages.

use antiphon_types::chat::{self, AssistantMessage, Message, ToolCall};
use antiphon_types::{TextInput, completions};

use super::Tokenizer;

/// The tokens around each message.
const PER_MESSAGE: u64 = 3;
/// The token around a name.
const PER_NAME: u64 = 1;
/// The tokens that open the answer.
const PRIMING: u64 = 3;

/// The length of a chat's prompt.
///
/// Beside the texts: 3 tokens a message and its role, a name and 1, the calls of earlier answers by name and
/// arguments, each tool as its compact JSON, and 3 for the opening of the answer. With [`Tokenizer::Words`] it is the
/// words of the texts alone.
pub(super) fn of_chat(tokenizer: Tokenizer, request: &chat::Request) -> u64 {
    if tokenizer == Tokenizer::Words {
        return request.messages.iter().map(|message| tokenizer.count(&message.text())).sum();
    }
    let messages: u64 = request.messages.iter().map(|message| of_message(tokenizer, message)).sum();
    let tools: u64 =
        request.tools.iter().flatten().map(|tool| of_json(tokenizer, serde_json::to_string(tool))).sum();
    let functions: u64 = request
        .functions
        .iter()
        .flatten()
        .map(|function| of_json(tokenizer, serde_json::to_string(function)))
        .sum();
    messages + tools + functions + PRIMING
}

fn of_message(tokenizer: Tokenizer, message: &Message) -> u64 {
    let name = match message {
        Message::Developer(message) => message.name.as_deref(),
        Message::System(message) => message.name.as_deref(),
        Message::User(message) => message.name.as_deref(),
        Message::Assistant(message) => message.name.as_deref(),
        Message::Function(message) => Some(&*message.name),
        _ => None,
    };
    let name = name.map_or(0, |name| PER_NAME + tokenizer.count(name));
    let calls = if let Message::Assistant(message) = message { of_calls(tokenizer, message) } else { 0 };
    let role = tokenizer.count(message.role().as_str());
    PER_MESSAGE + role + tokenizer.count(&message.text()) + name + calls
}

fn of_calls(tokenizer: Tokenizer, message: &AssistantMessage) -> u64 {
    let of_call = |call: &ToolCall| match call {
        ToolCall::Function(call) => {
            tokenizer.count(&call.function.name) + tokenizer.count(&call.function.arguments)
        }
        ToolCall::Custom(call) => tokenizer.count(&call.custom.name) + tokenizer.count(&call.custom.input),
        other => of_json(tokenizer, serde_json::to_string(other)),
    };
    let calls: u64 = message.tool_calls.iter().flatten().map(of_call).sum();
    let function = message.function_call.as_ref();
    calls + function.map_or(0, |call| tokenizer.count(&call.name) + tokenizer.count(&call.arguments))
}

fn of_json(tokenizer: Tokenizer, json: serde_json::Result<String>) -> u64 {
    // It cannot fail: all keys are strings.
    json.map_or(0, |json| tokenizer.count(&json))
}

/// The length of a completion's prompt; a suffix is a part of it.
pub(super) fn of_completion(tokenizer: Tokenizer, request: &completions::Request) -> u64 {
    let suffix = request.suffix.as_ref().map_or(0, |suffix| tokenizer.count(suffix));
    request.prompt.as_ref().map_or(0, |prompt| of_input(tokenizer, prompt)) + suffix
}

/// The length of all inputs together.
pub(super) fn of_input(tokenizer: Tokenizer, input: &TextInput) -> u64 {
    match input {
        TextInput::Text(text) => tokenizer.count(text),
        TextInput::Texts(texts) => texts.iter().map(|text| tokenizer.count(text)).sum(),
        TextInput::Tokens(tokens) => tokens.len() as u64,
        TextInput::TokenLists(lists) => lists.iter().map(|tokens| tokens.len() as u64).sum(),
    }
}

#[cfg(test)]
mod tests {
    use antiphon_types::chat::{Function, UserMessage};

    use super::*;

    #[test]
    fn prompt_is_counted_as_in_the_cookbook() {
        let check = |messages: &[Message], expected: u64| {
            let request = chat::Request::new("echo", messages.to_vec());
            assert_eq!(of_chat(Tokenizer::Cl100kBase, &request), expected);
        };
        check(&[], 3);
        check(&[Message::user("hello world")], 3 + 1 + 2 + 3);
        check(&[Message::system("hello"), Message::user("")], (3 + 1 + 1) + (3 + 1) + 3);
        check(&[UserMessage::new("hello").name("world").into()], 3 + 1 + 1 + (1 + 1) + 3);
        let call = ToolCall::function("call_1", "hello", "{}");
        check(&[AssistantMessage::calling([call]).into(), Message::tool("call_1", "hello")], 6 + 5 + 3);
    }

    /// The messages of OpenAI's cookbook, and what its API counted for them.
    #[test]
    fn cookbook_agrees() {
        let named = |name: &str, text: &str| {
            let mut message = antiphon_types::chat::SystemMessage::new(text);
            message.name = Some(name.to_owned());
            Message::from(message)
        };
        let request = chat::Request::new(
            "echo",
            [
                Message::system(
                    "You are a helpful, pattern-following assistant that translates corporate jargon into plain English.",
                ),
                named("example_user", "New synergies will help drive top-line growth."),
                named("example_assistant", "Things working well together will increase revenue."),
                named(
                    "example_user",
                    "Let's circle back when we have more bandwidth to touch base on opportunities for increased leverage.",
                ),
                named("example_assistant", "Let's talk later when we're less busy about how to do better."),
                Message::user(
                    "This late pivot means we don't have time to boil the ocean for the client deliverable.",
                ),
            ],
        );
        assert_eq!(of_chat(Tokenizer::Cl100kBase, &request), 129);
        assert_eq!(of_chat(Tokenizer::O200kBase, &request), 124);
    }

    #[test]
    fn tools_are_counted_as_compact_json() {
        let bare = chat::Request::new("echo", [Message::user("hello")]);
        let json = r#"{"type":"function","function":{"name":"weather"}}"#;
        let with_tools = bare.clone().tools([Function::new("weather")]);
        let tokenizer = Tokenizer::O200kBase;
        assert_eq!(of_chat(tokenizer, &with_tools), of_chat(tokenizer, &bare) + tokenizer.count(json));
        assert_eq!(of_chat(Tokenizer::Words, &with_tools), 1);
    }

    #[test]
    fn prompt_of_a_completion_has_its_suffix() {
        let request = completions::Request::new("echo", "hello world").suffix("hello");
        assert_eq!(of_completion(Tokenizer::O200kBase, &request), 3);
        let tokens = completions::Request::new("echo", vec![1, 2, 3]);
        assert_eq!(of_completion(Tokenizer::O200kBase, &tokens), 3);
    }
}
