//! Which tools are called with what, for every choice.

use antiphon_types::chat::{AllowedTool, AssistantMessage, Request, ToolCall, ToolName};
use antiphon_types::json;

use super::*;

/// A conversation that ends in a message of the user, and two functions and a custom tool.
fn asked(text: &str) -> Request {
    let parameters =
        json!({"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]});
    Request::new("echo", [Message::user(text)]).tools([
        Tool::from(Function::new("get_weather").parameters(parameters)),
        Tool::from(Function::new("get_time")),
        Tool::from(Custom::new("run")),
    ])
}

/// Compares the calls, each by its name and arguments.
#[track_caller]
fn check(request: &Request, expected: &[(&str, &str)]) {
    let calls = calls(request).expect("the tools can be called");
    let seen: Vec<_> = calls.iter().map(|call| (&*call.name, &*call.arguments)).collect();
    assert_eq!(seen, expected);
}

/// Compares why no tool can be called: kind, parameter, code.
#[track_caller]
fn check_refused(request: &Request, expected: (ErrorKind, &str, Option<&str>)) {
    let error = calls(request).expect_err("the tools cannot be called");
    assert_eq!((error.kind(), error.param().unwrap_or_default(), error.code()), expected);
}

fn required(text: &str) -> Request {
    asked(text).tool_choice(ToolChoiceMode::Required)
}

#[test]
fn auto_calls_what_the_message_names() {
    check(&asked("hello"), &[]);
    check(&asked("Use get_weather."), &[("get_weather", r#"{"city":"Use get_weather."}"#)]);
    check(&asked("my_get_weather get_weather2 get_weather-now"), &[]);
    let both = "run(get_weather)";
    check(&asked(both), &[("get_weather", r#"{"city":"run(get_weather)"}"#), ("run", both)]);
    check(&asked("run run run"), &[("run", "run run run")]);
    check(&asked("run").tool_choice(ToolChoiceMode::None), &[]);
}

#[test]
fn forced_choice_calls_though_nothing_is_named() {
    check(&required("hello"), &[("get_weather", r#"{"city":"hello"}"#)]);
    check(&required("get_time"), &[("get_time", "{}")]);
    check(&asked("run").tool_choice(ToolChoice::function("get_time")), &[("get_time", "{}")]);
    check(&asked("hello").tool_choice(ToolChoice::custom("run")), &[("run", "hello")]);
    let unknown = (ErrorKind::InvalidRequest, "tool_choice", None);
    check_refused(&asked("hello").tool_choice(ToolChoice::function("run")), unknown);
}

#[test]
fn allowed_tools_alone_are_called() {
    let choice = |mode| ToolChoice::allowed_tools(mode, [AllowedTool::function("get_time")]);
    check(&asked("get_weather").tool_choice(choice(AllowedToolsMode::Auto)), &[]);
    check(&asked("get_time get_weather").tool_choice(choice(AllowedToolsMode::Auto)), &[("get_time", "{}")]);
    check(&asked("get_weather").tool_choice(choice(AllowedToolsMode::Required)), &[("get_time", "{}")]);
}

#[test]
fn one_tool_is_called_where_several_may_not_be() {
    let mut request = asked("run get_time");
    request.parallel_tool_calls = Some(false);
    check(&request, &[("get_time", "{}")]);
}

#[test]
fn result_of_a_call_ends_the_calling() {
    let call = ToolCall::function("call_1", "get_time", "{}");
    let mut request = required("get_time")
        .message(AssistantMessage::calling([call]).into())
        .message(Message::tool("call_1", "noon"));
    check(&request, &[]);
    request.messages.push(Message::user("get_time"));
    check(&request, &[("get_time", "{}")]);
    check(
        &required("hello").message(Message::system("Be brief.")),
        &[("get_weather", r#"{"city":"hello"}"#)],
    );
}

#[test]
fn functions_of_the_deprecated_kind_are_called_one_at_a_time() {
    let mut request = Request::new("echo", [Message::user("f or g")]);
    request.functions = Some(vec![Function::new("f"), Function::new("g")]);
    check(&request, &[("f", "{}")]);
    request.function_call = Some(FunctionCallChoice::Function(ToolName::new("g")));
    check(&request, &[("g", "{}")]);
    request.function_call = Some(FunctionCallChoice::Mode(FunctionCallMode::None));
    check(&request, &[]);
    let results = request.clone().message(Message::function("f", "1"));
    check(&results, &[]);
    request.function_call = None;
    request.functions = Some(vec![Function::new("f").parameters(json!({"type": "objet"}))]);
    let invalid = (ErrorKind::InvalidRequest, "functions[0].parameters", Some("invalid_function_parameters"));
    check_refused(&request, invalid);
}

#[test]
fn schema_without_an_instance_is_refused() {
    let of = |schema| required("hello").tools([Function::new("f").parameters(schema)]);
    let path = "tools[0].function.parameters";
    check_refused(&of(json!({"type": "string"})), (ErrorKind::Unsupported, path, Some("unsupported_value")));
    let invalid = (ErrorKind::InvalidRequest, path, Some("invalid_function_parameters"));
    check_refused(&of(json!({"properties": {"a": {"type": "objet"}}})), invalid);
}

#[test]
fn custom_tool_has_a_text_of_its_grammar() {
    let of = |syntax, definition: &str| {
        required("hello").tools([Custom::new("sum").format(CustomFormat::grammar(syntax, definition))])
    };
    check(&of(GrammarSyntax::Regex, r"\d+\+\d+|none at all"), &[("sum", "0+0")]);
    let definition = (ErrorKind::InvalidRequest, "tools[0].custom.format.grammar.definition", None);
    check_refused(&of(GrammarSyntax::Regex, "("), definition);
    let syntax = (ErrorKind::Unsupported, "tools[0].custom.format.grammar.syntax", None);
    check_refused(&of(GrammarSyntax::Lark, "start: WORD"), syntax);
}
