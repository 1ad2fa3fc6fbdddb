//! Prompts and inputs in their four shapes.

use antiphon_types::{TextInput, TextInputItem};

use crate::support::{read, refused, write};

/// Compares an input with its JSON and with its single inputs, in JSON too.
fn check(json: &str, input: &TextInput, singles: &[&str]) {
    assert_eq!(read::<TextInput>(json), *input);
    assert_eq!(write(input), json);
    assert_eq!((input.len(), input.is_empty()), (singles.len(), singles.is_empty()), "{json}");

    let items = input.iter().map(|item| match item {
        TextInputItem::Text(text) => write(&text),
        TextInputItem::Tokens(tokens) => write(&tokens),
    });
    assert_eq!(items.collect::<Vec<_>>(), singles);
    let split = input.clone().into_singles().map(|single| write(&single));
    assert_eq!(split.collect::<Vec<_>>(), singles);
}

#[test]
fn wire_32_an_input_has_four_shapes() {
    check(r#""a""#, &TextInput::from("a"), &[r#""a""#]);
    check(r#"["a","b"]"#, &TextInput::from(["a", "b"]), &[r#""a""#, r#""b""#]);
    check("[1,2]", &TextInput::from(vec![1, 2]), &["[1,2]"]);
    check("[[1,2],[],[3]]", &TextInput::from(vec![vec![1, 2], vec![], vec![3]]), &["[1,2]", "[]", "[3]"]);
}

#[test]
fn an_empty_array_has_no_texts() {
    check("[]", &TextInput::from_iter([""; 0]), &[]);
    check("[[]]", &TextInput::TokenLists(vec![vec![]]), &["[]"]);
}

#[test]
fn an_empty_text_is_an_input() {
    check(r#""""#, &TextInput::from(String::new()), &[r#""""#]);
    check(r#"[""]"#, &TextInput::from(vec![String::new()]), &[r#""""#]);
}

#[test]
fn mixed_arrays_are_refused() {
    for (json, expected) in [
        (r#"["a", 1]"#, "invalid type: integer `1`, expected a string"),
        (r#"["a", null]"#, "invalid type: null, expected a string"),
        (r#"[1, "a"]"#, r#"invalid type: string "a", expected u32"#),
        ("[1, [2]]", "invalid type: sequence, expected u32"),
        ("[[1], 2]", "invalid type: integer `2`, expected a sequence"),
        (r#"[[1], ["a"]]"#, r#"invalid type: string "a", expected u32"#),
    ] {
        assert_eq!(refused::<TextInput>(json), expected, "{json}");
    }
}

#[test]
fn other_items_are_refused() {
    for (json, expected) in [
        ("[-1]", "invalid type: integer `-1`, expected a string, a token or an array of tokens"),
        ("[1.5]", "invalid type: floating point `1.5`, expected a string, a token or an array of tokens"),
        ("[null]", "invalid type: null, expected a string, a token or an array of tokens"),
        ("[{}]", "invalid type: map, expected a string, a token or an array of tokens"),
        ("[4294967296]", "invalid value: integer `4294967296`, expected u32"),
        ("[1, 4294967296]", "invalid value: integer `4294967296`, expected u32"),
        ("[[[1]]]", "invalid type: sequence, expected u32"),
    ] {
        assert_eq!(refused::<TextInput>(json), expected, "{json}");
    }
}

#[test]
fn other_shapes_are_refused() {
    for (json, found) in [("1", "integer `1`"), ("{}", "map"), ("null", "null"), ("true", "boolean `true`")] {
        assert_eq!(
            refused::<TextInput>(json),
            format!(
                "invalid type: {found}, expected a string, or an array of strings, of tokens or of arrays of tokens"
            ),
        );
    }
}
