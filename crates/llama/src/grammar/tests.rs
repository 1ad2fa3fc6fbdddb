//! Grammars, over the vocabulary of a real model.

use antiphon_backend::chat::{Function, Request};
use antiphon_chat_template::Format;
use serde_json::json;

use super::*;
use crate::Config;

fn grammars() -> Option<Grammars> {
    let Some(path) = std::env::var_os("ANTIPHON_LLAMA_MODEL") else {
        eprintln!("not run: ANTIPHON_LLAMA_MODEL is not set, see tests/models/install");
        return None;
    };
    let model = Model::load(&Config::new(std::path::PathBuf::from(path))).unwrap();
    Some(Grammars::new(Arc::new(model)).unwrap())
}

/// The texts of all tokens that may follow a text.
fn allowed(grammars: &Grammars, constraint: &Constraint, text: &str) -> Vec<String> {
    let mut constraint = constraint.another();
    for token in grammars.model.segment(text) {
        constraint.consume(token).unwrap();
    }
    let mut logits = vec![0.0; grammars.model.vocabulary() as usize];
    constraint.exclude(&mut logits).unwrap();
    let tokens = logits.iter().zip(0..).filter(|(logit, _)| **logit == 0.0);
    let bytes = tokens.map(|(_, token)| grammars.model.bytes(LlamaToken::new(token)));
    bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).collect()
}

#[test]
fn answer_comes_behind_thoughts() {
    let Some(grammars) = grammars() else { return };
    let schema = json!({"type": "boolean"});
    let wanted = Allowed { is_thinking: true, json: Some(&schema), calls: None };
    let constraint = grammars.constraint(&wanted).unwrap().unwrap();
    assert!(allowed(&grammars, &constraint, "Well").len() > 40_000);
    assert!(allowed(&grammars, &constraint, "Well, </thin").len() > 40_000);
    let behind = allowed(&grammars, &constraint, "Well, it is.</think>\n");
    assert!(
        behind.iter().all(|text| "true".starts_with(text.trim()) || "false".starts_with(text.trim())),
        "{behind:?}"
    );
    // Nothing but the tokens that end an answer.
    let ends = ["<|endoftext|>", "<|im_end|>", "<reponame>"];
    assert_eq!(allowed(&grammars, &constraint, "Well</think>true"), ends);
}

#[test]
fn call_or_json_is_allowed_where_calls_are_free() {
    let Some(grammars) = grammars() else { return };
    let request = Request::new("m", []).tools([Function::new("f")]);
    let grammar = Format::Hermes.grammar(&request).unwrap();
    let schema = json!({"type": "object"});
    let wanted = Allowed { is_thinking: false, json: Some(&schema), calls: grammar.as_ref() };
    let constraint = grammars.constraint(&wanted).unwrap().unwrap();
    let first = allowed(&grammars, &constraint, "");
    assert!(
        first.iter().all(|text| text.starts_with('{') || "<tool_call>".starts_with(text.as_str())),
        "{first:?}"
    );
    let call = "<tool_call>\n{\"name\": \"f\", \"arguments\": {}}\n</tool_call>";
    let behind = allowed(&grammars, &constraint, call);
    assert!(behind.contains(&"<|im_end|>".to_owned()) && behind.contains(&"\n".to_owned()), "{behind:?}");
}

#[test]
fn control_token_is_one_that_no_letters_write() {
    let Some(grammars) = grammars() else { return };
    let file = grammars.model.marks().control("<file_sep>").expect("the vocabulary has it");
    let lark = format!("start: \"a\" <[{file}]> \"b\"\n");
    let parser = grammars.factory.create_parser(TopLevelGrammar::from_lark(lark)).unwrap();
    let constraint = Constraint { matcher: Matcher::new(Ok(parser)) };
    assert_eq!(allowed(&grammars, &constraint, "a"), ["<file_sep>"]);
    assert!(allowed(&grammars, &constraint, "a<file_sep>").iter().all(|text| text == "b"));
}
