//! Calls in texts, wherever they are split.

use antiphon_backend::chat::{Function, Message, ToolChoice, ToolChoiceMode};
use proptest::prelude::*;

use super::*;

/// What came out, joined: the text, and the name and the arguments of each call.
type Read = (String, Vec<(String, String)>);

const FORMATS: [Format; 5] =
    [Format::Hermes, Format::Llama3, Format::Mistral, Format::MistralArguments, Format::Plain];

fn read<'a>(format: Format, pieces: impl IntoIterator<Item = &'a str>) -> Read {
    let mut parser = Parser::new(format, ["f", "g"]);
    let mut events = Vec::new();
    for piece in pieces {
        parser.push(piece, None, &mut events);
    }
    parser.finish(&mut events);
    let (mut joined, mut calls) = (String::new(), Vec::new());
    for event in events {
        match event {
            Event::Text { text, .. } => {
                assert!(!text.is_empty());
                joined.push_str(&text);
            }
            Event::ToolCall { slot, start: Some(start), .. } => {
                assert_eq!(slot as usize, calls.len());
                calls.push((start.name, String::new()));
            }
            Event::ToolCall { slot, arguments, .. } => {
                assert_eq!(slot as usize + 1, calls.len());
                calls[slot as usize].1.push_str(&arguments);
            }
            other => panic!("{other:?}"),
        }
    }
    (joined, calls)
}

/// Compares what is read of a text, whole and letter by letter.
#[track_caller]
fn check(format: Format, text: &str, expected: &str, calls: &[(&str, &str)]) {
    let calls = calls.iter().map(|(name, arguments)| ((*name).to_owned(), (*arguments).to_owned())).collect();
    let expected = (expected.to_owned(), calls);
    assert_eq!(read(format, [text]), expected, "{text}");
    assert_eq!(read(format, text.split_inclusive(|_: char| true)), expected, "{text}, letter by letter");
}

#[test]
fn hermes_calls_are_read() {
    let call = "<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\":  \"}\\\"{\"}}\n</tool_call>";
    let f = ("f", "{\"a\":  \"}\\\"{\"}");
    check(Format::Hermes, call, "", &[f]);
    check(Format::Hermes, &format!("Well.\n{call}\n{call}\n"), "Well.\n", &[f, f]);
    check(Format::Hermes, &format!("\n\n{call} So."), " So.", &[f]);
    check(
        Format::Plain,
        "<tool_call>{\"arguments\": {\"a\": 1}, \"name\": \"f\"}</tool_call>",
        "",
        &[("f", "{\"a\": 1}")],
    );
    check(Format::Hermes, "<tool_call>{\"name\": \"f\"}</tool_call>x", "x", &[("f", "{}")]);
    check(
        Format::Hermes,
        "<tool_call>{\"name\": \"f\", \"arguments\": \"{\\\"a\\\": 1}\"}</tool_call>",
        "",
        &[("f", "{\"a\": 1}")],
    );
    check(
        Format::Hermes,
        "<tool_call>{\"name\": \"other\", \"arguments\": {}}</tool_call>",
        "",
        &[("other", "{}")],
    );
}

#[test]
fn llama_calls_are_read_at_the_start() {
    let f = ("f", "{\"a\": [1, {}]}");
    let call = "{\"name\": \"f\", \"parameters\": {\"a\": [1, {}]}}";
    check(Format::Llama3, call, "", &[f]);
    check(Format::Llama3, &format!(" <|python_tag|>{call}; {call}"), "", &[f, f]);
    check(Format::Llama3, &format!("{{\"type\": \"function\", {}", &call[1..]), "", &[f]);
    check(Format::Llama3, &format!("See: {call}"), &format!("See: {call}"), &[]);
}

#[test]
fn mistral_calls_are_read() {
    let item = "{\"name\": \"f\", \"arguments\": {\"a\": 1}, \"id\": \"abcdefghi\"}";
    let f = ("f", "{\"a\": 1}");
    check(Format::Mistral, &format!("[TOOL_CALLS] [{item}, {item}]"), "", &[f, f]);
    check(Format::Mistral, &format!("a [TOOL_CALLS][{item}]"), "a ", &[f]);
    let (named, with_id) =
        ("[TOOL_CALLS]f[ARGS]{\"a\": 1}", "[TOOL_CALLS]g[CALL_ID]abcdefghi[ARGS]{\"a\": 1}");
    check(Format::MistralArguments, &format!("{named}{with_id}"), "", &[f, ("g", "{\"a\": 1}")]);
    check(Format::MistralArguments, "[TOOL_CALLS]f{}, so.", ", so.", &[("f", "{}")]);
}

#[test]
fn what_only_looks_like_a_call_is_text() {
    for text in [
        "a < b <tool> <tool_call",
        "<tool_call>",
        "<tool_call>f()</tool_call>",
        "<tool_call>{\"a\": 1}</tool_call>",
        "<tool_call>{\"name\": 1}</tool_call>",
        "<tool_call>{name: f}</tool_call>",
        "  ",
    ] {
        check(Format::Hermes, text, text, &[]);
    }
    for text in [
        "{\"name\": \"Ann\", \"parameters\": {}}",
        "{\"age\": 3}",
        "{",
        "{}",
        "\n[1]",
        "<|python_tag|>print(1)",
        "{\"name\": \"f\", \"par",
    ] {
        check(Format::Llama3, text, text, &[]);
    }
    for text in ["[TOOL_CALLS]", "[TOOL_CALLS] [1]", "[TOOL_CALLS]f[ARGS]x", "[TOOL_CALLS]f g", "[TOOL]"] {
        check(Format::Mistral, text, text, &[]);
    }
    let call = "<tool_call>{\"name\": \"f\", \"arguments\": {}}</tool_call>";
    check(Format::Hermes, &format!("<tool_call>x{call}"), "<tool_call>x", &[("f", "{}")]);
}

#[test]
fn call_without_an_end_is_given_out_as_far_as_it_came() {
    check(
        Format::Hermes,
        "<tool_call>{\"name\": \"f\", \"arguments\": {\"a\": \"b",
        "",
        &[("f", "{\"a\": \"b")],
    );
    check(Format::Hermes, "<tool_call>{\"name\": \"f\", \"arguments\": {}", "", &[("f", "{}")]);
    check(Format::Hermes, "<tool_call>{\"name\": \"f\", \"arguments\": {}</tool_call>a", "a", &[("f", "{}")]);
    check(Format::Hermes, "<tool_call>{\"name\": \"f\", \"argu", "<tool_call>{\"name\": \"f\", \"argu", &[]);
}

#[test]
fn long_white_space_is_text() {
    let spaces = " ".repeat(300);
    let text = format!("{spaces}<tool_call>{{\"name\": \"f\"}}</tool_call>");
    check(Format::Hermes, &text, &spaces, &[("f", "{}")]);
    for text in [format!("<tool_call>{spaces}{{\"name\": \"f\"}}"), format!("<tool_call>{spaces}")] {
        check(Format::Hermes, &text, &text, &[]);
    }
}

#[test]
fn long_names_are_no_names() {
    let long = "f".repeat(300);
    for text in [format!("[TOOL_CALLS]{long}{{}}"), format!("[TOOL_CALLS]f[CALL_ID]{long}{long}[ARGS]{{}}")] {
        check(Format::MistralArguments, &text, &text, &[]);
    }
}

#[test]
fn where_no_tool_was_offered_all_is_text() {
    let mut parser = Parser::new(Format::Hermes, [""; 0]);
    let mut events = Vec::new();
    for piece in [" ", "<tool_call>{\"name\": \"f\"}</tool_call>"] {
        parser.push(piece, None, &mut events);
    }
    assert_eq!(events, [Event::text(" "), Event::text("<tool_call>{\"name\": \"f\"}</tool_call>")]);
}

#[test]
fn tool_choice_says_what_may_be_called() {
    let call = "{\"name\": \"f\", \"parameters\": {}}";
    let calls = |choice: ToolChoice| {
        let tools = ["f", "g"].map(Function::new);
        let request = chat::Request::new("m", [Message::user("a")]).tools(tools).tool_choice(choice);
        let mut parser = Parser::for_request(Format::Llama3, &request);
        parser.push(call, None, &mut Vec::new());
        parser.calls()
    };
    let choices = [ToolChoice::function("f"), ToolChoice::function("g"), ToolChoiceMode::None.into()];
    assert_eq!(choices.map(calls), [1, 0, 0]);
}

#[test]
fn text_and_arguments_pass_as_soon_as_they_are_known() {
    let mut parser = Parser::new(Format::Hermes, ["f"]);
    let mut seen = |piece: &str| {
        let mut events = Vec::new();
        parser.push(piece, None, &mut events);
        events
    };
    assert_eq!(seen("a <"), [Event::text("a ")]);
    assert_eq!(seen("b"), [Event::text("<b")]);
    assert_eq!(seen("<tool_call>{\"name\": \"f\", \"arguments\": "), []);
    assert_eq!(seen("{\"é"), [Event::tool_call(0, None, "f"), Event::arguments(0, "{\"é")]);
    assert_eq!(seen("\": 1}}"), [Event::arguments(0, "\": 1}")]);
    assert_eq!(seen("</tool_call>"), []);
}

#[test]
fn tokens_of_text_keep_their_log_probabilities() {
    let mut parser = Parser::new(Format::Hermes, ["f"]);
    let mut events = Vec::new();
    let token = |text: &str| TokenLogprob::new(text, -1.0);
    for piece in ["a", "<tool", "x", "<tool_call>", "{\"name\": \"f\"}", "</tool_call>", "b"] {
        parser.push(piece, Some(vec![token(piece)]), &mut events);
    }
    let text = |text: &str, tokens: &[&str]| {
        Event::text(text).with_logprobs(tokens.iter().map(|text| token(text)).collect::<Vec<_>>())
    };
    let call = [Event::tool_call(0, None, "f"), Event::arguments(0, "{}")];
    let expected =
        [vec![text("a", &["a"]), text("<toolx", &["<tool", "x"])], call.to_vec(), vec![text("b", &["b"])]];
    assert_eq!(events, expected.concat());
}

proptest! {
    #[test]
    fn splits_change_nothing(
        parts in prop::collection::vec(prop::sample::select(vec![
            "<tool_call>", "</tool_call>", "\n", " ", "a", "é", "[TOOL_CALLS]", "[", "]", ",", ";", "f", "[ARGS]", "{}", "<",
            "<|python_tag|>", "{\"name\": \"f\", \"arguments\": {\"a\": \"é}\"}}", "{\"name\": \"g\", \"parameters\": {}}",
            "{\"arguments\": {}, \"name\": \"f\"}", "{\"name\": \"f\"}", "{\"name\": ", "\"f\"", "}", "{", "\"", "[CALL_ID]", ":",
        ]), 0..14),
        cuts in prop::collection::vec(0..200_usize, 0..10),
    ) {
        let text = parts.concat();
        let mut cuts: Vec<_> = cuts.into_iter().filter(|cut| text.is_char_boundary(*cut)).collect();
        cuts.extend([0, text.len()]);
        cuts.sort_unstable();
        for format in FORMATS {
            let whole = read(format, [&*text]);
            let split = cuts.windows(2).map(|ends| &text[ends[0]..ends[1]]);
            prop_assert_eq!(&read(format, split), &whole);
            if whole.1.is_empty() {
                prop_assert_eq!(&whole.0, &text);
            }
        }
    }

    #[test]
    fn arguments_come_out_as_they_were_written(key in "[a-zé\"\\\\{}]{0,6}", number: i32, spaces in " {0,3}") {
        let key = serde_json::to_string(&key).unwrap();
        let arguments = format!("{{{spaces}{key}:{spaces}[{number}, {{}}]{spaces}}}");
        for (format, key) in [(Format::Hermes, "arguments"), (Format::Mistral, "arguments"), (Format::Llama3, "parameters")] {
            let text = format!("{}{{\"name\": \"f\", \"{key}\": {arguments}}}{}", format.begin(), format.end());
            prop_assert_eq!(read(format, [&*text]), (String::new(), vec![("f".to_owned(), arguments.clone())]));
        }
    }
}
