//! Grammars are written as llguidance reads them.

use antiphon_backend::chat::{Function, Request};
use antiphon_chat_template::Format;

use super::*;

const OPTIONS: &str =
    r#""x-guidance":{"whitespace_flexible":false,"item_separator":", ?","key_separator":": ?"}"#;

fn request() -> Request {
    Request::new("m", [])
        .tools([Function::new("f").parameters(json!({"type": "object"})), Function::new("g")])
}

fn check(lark: Lark<'_>, expected: &str) {
    assert_eq!(lark.finish().replace(OPTIONS, "…"), expected);
}

/// A vocabulary without marks.
fn none(_: &str) -> Option<u32> {
    None
}

#[test]
fn json_is_a_rule() {
    check(Lark::new(&none).json(json!({})), "start: answer\nanswer: %json {…}\n");
}

#[test]
fn calls_follow_each_other_where_they_may() {
    let grammar = Format::Mistral.grammar(&request()).unwrap().unwrap();
    let call = |name: &str, arguments: &str| {
        format!(
            r#"%json {{"type":"object","properties":{{"name":{{"const":"{name}"}},"arguments":{arguments}}},"required":["name","arguments"],"additionalProperties":false,…}}"#
        )
    };
    let [f, g] = [
        call("f", r#"{"type":"object"}"#),
        call("g", r#"{"type":"object","properties":{},"additionalProperties":false}"#),
    ];
    let expected = format!(
        "start: answer\nanswer: \"[TOOL_CALLS] [\" call (\", \" call)* \"]\"\ncall: {f}\n    | {g}\n"
    );
    check(Lark::new(&none).calls(&grammar), &expected);
}

#[test]
fn marks_stand_for_their_tokens() {
    let control = |text: &str| match text {
        "[TOOL_CALLS]" => Some(5),
        "[ARGS]" => Some(6),
        _ => None,
    };
    let mut grammar = Format::MistralArguments.grammar(&request()).unwrap().unwrap();
    grammar.calls.truncate(1);
    grammar.is_parallel = false;
    let expected = "start: answer\nanswer: <[5]> call\ncall: \"f\" <[6]> %json {\"type\":\"object\",…}\n";
    check(Lark::new(&control).calls(&grammar), expected);
}

#[test]
fn thoughts_end_before_the_answer() {
    check(
        Lark::new(&none).thinking().json(json!({})),
        "start: thought answer\nthought: thoughts /[ \\n]{0,4}/\nthoughts[suffix=\"</think>\"]: /(.|\\n)*/\nanswer: %json {…}\n",
    );
    let control = |text: &str| (text == "</think>").then_some(7);
    check(
        Lark::new(&control).thinking().json(json!({})),
        "start: thought answer\nthought: /(.|\\n)*/ <[7]> /[ \\n]{0,4}/\nanswer: %json {…}\n",
    );
}
