//! Tools, choices among them, and calls of them.

use antiphon_types::{
    Extra,
    chat::{
        AllowedTool, AllowedToolsMode, Custom, Function, FunctionCallChoice, Tool, ToolCall, ToolChoice,
        ToolChoiceMode,
    },
};
use serde_json::json;

use crate::support::{check_lossless, check_same, read, refused, write};

#[test]
fn wire_17_tool_choice_has_every_form() {
    let forms = [
        (r#""none""#, ToolChoice::Mode(ToolChoiceMode::None), false),
        (r#""auto""#, ToolChoice::Mode(ToolChoiceMode::Auto), false),
        (r#""required""#, ToolChoice::Mode(ToolChoiceMode::Required), true),
        (r#"{"type":"function","function":{"name":"f"}}"#, ToolChoice::function("f"), true),
        (r#"{"type":"custom","custom":{"name":"c"}}"#, ToolChoice::custom("c"), true),
        (
            r#"{"type":"allowed_tools","allowed_tools":{"mode":"required","tools":[]}}"#,
            ToolChoice::allowed_tools(AllowedToolsMode::Required, []),
            true,
        ),
        (
            r#"{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[]}}"#,
            ToolChoice::allowed_tools(AllowedToolsMode::Auto, []),
            false,
        ),
    ];
    for (json, choice, forces) in forms {
        assert_eq!(read::<ToolChoice>(json), choice);
        assert_eq!(write(&choice), json);
        assert_eq!(choice.forces_call(), forces, "{json}");
    }
}

#[test]
fn unknown_tool_choices_survive() {
    check_lossless::<ToolChoice>(r#""sometimes""#);
    check_lossless::<ToolChoice>(r#"{"type": "mcp", "server_label": "a"}"#);
    check_lossless::<ToolChoice>(r#"{"server_label": "a", "type": "mcp"}"#);
    let choice: ToolChoice = read(r#"{"type": "mcp"}"#);
    assert_eq!((choice.name(), choice.forces_call()), (None, false));
}

#[test]
fn tool_choices_of_other_shapes_are_refused() {
    assert_eq!(
        refused::<ToolChoice>("true"),
        "invalid type: boolean `true`, expected a string or an object with a `type`",
    );
    assert_eq!(
        refused::<ToolChoice>("[]"),
        "invalid type: sequence, expected a string or an object with a `type`",
    );
    assert_eq!(refused::<ToolChoice>(r#"{"name": "f"}"#), "missing field `type`");
    assert_eq!(refused::<ToolChoice>(r#"{"type": "function"}"#), "missing field `function`");
}

#[test]
fn allowed_tools_are_named() {
    let choice = ToolChoice::allowed_tools(
        AllowedToolsMode::Auto,
        [AllowedTool::function("f"), AllowedTool::custom("c"), AllowedTool::Other(json!({"type": "mcp"}))],
    );
    let json = r#"{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[{"type":"function","function":{"name":"f"}},{"type":"custom","custom":{"name":"c"}},{"type":"mcp"}]}}"#;
    assert_eq!(write(&choice), json);
    assert_eq!(read::<ToolChoice>(json), choice);
    let ToolChoice::AllowedTools(choice) = choice else { panic!("allowed tools") };
    assert_eq!(choice.allowed_tools.names().collect::<Vec<_>>(), [Some("f"), Some("c"), None]);
    assert_eq!(refused::<AllowedTool>(r#"{"type": "function"}"#), "missing field `function`");
}

#[test]
fn function_call_choices_are_modes_or_names() {
    for (json, name) in [(r#""none""#, None), (r#""auto""#, None), (r#"{"name":"f"}"#, Some("f"))] {
        let choice: FunctionCallChoice = read(json);
        assert_eq!(choice.name(), name);
        assert_eq!(write(&choice), json);
    }
    assert_eq!(FunctionCallChoice::function("f").name(), Some("f"));
}

#[test]
fn tools_are_functions_or_custom() {
    let function = Tool::from(Function::new("f"));
    assert_eq!(write(&function), r#"{"type":"function","function":{"name":"f"}}"#);
    let custom = Tool::from(Custom::new("c").description("d"));
    assert_eq!(write(&custom), r#"{"type":"custom","custom":{"name":"c","description":"d"}}"#);
    assert_eq!((function.name(), custom.name()), (Some("f"), Some("c")));
    check_same::<Tool>(
        r#"{"type": "function", "function": {"name": "f", "description": null, "parameters": null, "strict": null}}"#,
        r#"{"type": "function", "function": {"name": "f"}}"#,
    );
}

#[test]
fn tools_of_an_unknown_kind_survive() {
    let tool: Tool = read(r#"{"type": "web_search", "filters": {"domains": ["a"]}}"#);
    assert_eq!(tool, Tool::Other(json!({"type": "web_search", "filters": {"domains": ["a"]}})));
    assert_eq!(tool.name(), None);
    check_lossless::<Tool>(r#"{"filters": {}, "type": "web_search", "more": null}"#);
}

#[test]
fn known_tools_are_not_taken_for_unknown_ones() {
    assert_eq!(
        refused::<Tool>(r#"{"type": "function", "function": {"name": 1}}"#),
        "invalid type: integer `1`, expected a string",
    );
}

#[test]
fn tool_calls_keep_their_arguments_as_text() {
    let calls = r#"[{"type":"function","id":"call_1","function":{"name":"f","arguments":"{\"a\": 1"}},{"type":"custom","id":"call_2","custom":{"name":"c","input":"x"}}]"#;
    let parsed: Vec<ToolCall> = read(calls);
    let named: Vec<_> = parsed.iter().map(|call| (call.id(), call.name())).collect();
    assert_eq!(named, [(Some("call_1"), Some("f")), (Some("call_2"), Some("c"))]);
    assert_eq!(write(&parsed), calls);
}

#[test]
fn tool_calls_of_an_unknown_kind_have_ids() {
    let call: ToolCall = read(r#"{"type": "mcp", "id": "call_3"}"#);
    assert_eq!((call.id(), call.name()), (Some("call_3"), None));
    assert_eq!(ToolCall::Other(Extra::new().into()).id(), None);
}

#[test]
fn tool_calls_are_told_by_their_key_where_there_is_no_type() {
    let function = ToolCall::function("call_1", "f", "{}");
    for json in [
        r#"{"id": "call_1", "function": {"name": "f", "arguments": "{}"}}"#,
        r#"{"type": null, "function": {"name": "f", "arguments": "{}"}, "id": "call_1"}"#,
        r#"{"function": {"name": "f", "arguments": "{}"}, "id": "call_1", "type": null}"#,
    ] {
        assert_eq!(read::<ToolCall>(json), function, "{json}");
        assert_eq!(serde_json::from_value::<ToolCall>(read(json)).expect("a call"), function, "{json}");
    }
    let custom: ToolCall = read(r#"{"id": "call_2", "custom": {"name": "c", "input": "x"}}"#);
    assert_eq!(custom, ToolCall::custom("call_2", "c", "x"));
    assert_eq!(
        write(&function),
        r#"{"type":"function","id":"call_1","function":{"name":"f","arguments":"{}"}}"#
    );
    check_lossless::<ToolCall>(r#"{"function": {"name": "f"}, "type": "mcp"}"#);
    assert_eq!(refused::<ToolCall>(r#"{"id": "call_1", "mcp": {}}"#), "missing field `type`");
    assert_eq!(refused::<Tool>(r#"{"function": {"name": "f"}}"#), "missing field `type`");
}

#[test]
fn what_tool_calls_leave_out_is_empty() {
    for json in [
        r#"{"type": "function", "function": {"name": "f"}}"#,
        r#"{"type": "function", "id": null, "function": {"name": "f", "arguments": null}}"#,
    ] {
        assert_eq!(read::<ToolCall>(json), ToolCall::function("", "f", ""), "{json}");
    }
    for json in [
        r#"{"type": "custom", "custom": {"name": "c"}}"#,
        r#"{"type": "custom", "id": null, "custom": {"name": "c", "input": null}}"#,
    ] {
        assert_eq!(read::<ToolCall>(json), ToolCall::custom("", "c", ""), "{json}");
    }
}

#[test]
fn arguments_that_are_an_object_are_read_as_its_text() {
    let call: ToolCall = read(
        r#"{"type": "function", "id": 0, "function": {"name": "f", "arguments": {"b": [1, 2.5], "a": "x"}}}"#,
    );
    assert_eq!(call, ToolCall::function("0", "f", r#"{"b":[1,2.5],"a":"x"}"#));
}
