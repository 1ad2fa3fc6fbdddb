//! Inputs that must be refused, however they are nested or repeated.

use antiphon_types::chat::{Chunk, Message, Request, ResponseFormat, Tool};

use crate::support::{read, refused};

#[test]
fn a_field_given_twice_is_refused() {
    let twice = refused::<Request>(r#"{"model": "a", "messages": [], "model": "b"}"#);
    assert!(twice.starts_with("duplicate field `model`"), "{twice}");
    let twice = refused::<Message>(r#"{"role": "user", "content": "a", "content": "b"}"#);
    assert!(twice.starts_with("duplicate field `content`"), "{twice}");
    let twice = refused::<Message>(r#"{"content": "a", "content": "b", "role": "user"}"#);
    assert!(twice.starts_with("duplicate field `content`"), "{twice}");
    let twice = refused::<Chunk>(r#"{"usage": null, "usage": null}"#);
    assert!(twice.starts_with("duplicate field `usage`"), "{twice}");
}

#[test]
fn a_tag_given_twice_is_refused() {
    for json in [
        r#"{"type": "text", "type": "text"}"#,
        r#"{"type": "text", "type": "json_object"}"#,
        r#"{"type": "new", "type": "text"}"#,
        r#"{"x": 1, "type": "json_schema", "json_schema": {"name": "n"}, "type": "json_schema"}"#,
    ] {
        let twice = refused::<ResponseFormat>(json);
        assert!(twice.starts_with("duplicate field `type`"), "{json}: {twice}");
    }
    let twice = refused::<Message>(r#"{"role": "user", "content": "a", "role": "system"}"#);
    assert!(twice.starts_with("duplicate field `role`"), "{twice}");
}

#[test]
fn depth_ends_where_the_parser_ends_it() {
    let nested = |depth: usize| {
        let (open, close) = ("[".repeat(depth), "]".repeat(depth));
        format!(r#"{{"model": "m", "messages": [], "x": {open}{close}}}"#)
    };
    read::<Request>(&nested(126));
    for depth in [128, 100_000] {
        let refusal = refused::<Request>(&nested(depth));
        assert!(refusal.starts_with("recursion limit exceeded"), "{refusal}");
    }
}

#[test]
fn depth_ends_before_a_tag_too() {
    let deep = "[".repeat(100_000);
    for json in [format!(r#"{{"x": {deep}"#), format!(r#"{{"type": "new", "x": {deep}"#), deep.clone()] {
        assert!(serde_json::from_str::<Tool>(&json).is_err());
        assert!(serde_json::from_str::<Message>(&json).is_err());
    }
}
