//! Messages of every role, with content of every form.

use std::borrow::Cow;

use antiphon_types::chat::{
    AssistantMessage, AssistantPart, Content, DeveloperMessage, FunctionMessage, ImageDetail, ImageUrl,
    InputAudioFormat, Message, ResponseMessage, Role, SystemMessage, TextPart, ToolCall, ToolMessage,
    UserMessage, UserPart,
};

use crate::support::{check_lossless, check_same, read, refused, write};

#[test]
fn wire_22_every_role_is_read() {
    let roles = [
        (r#"{"role":"developer","content":"a"}"#, Role::Developer),
        (r#"{"role":"system","content":"a"}"#, Role::System),
        (r#"{"role":"user","content":"a"}"#, Role::User),
        (r#"{"role":"assistant","content":"a"}"#, Role::Assistant),
        (r#"{"role":"tool","content":"a","tool_call_id":"c"}"#, Role::Tool),
        (r#"{"role":"function","content":"a","name":"f"}"#, Role::Function),
    ];
    for (json, role) in roles {
        let message: Message = read(json);
        assert_eq!((message.role(), message.text()), (role, Cow::Borrowed("a")));
        assert_eq!(write(&message), json);
    }
}

#[test]
fn wire_21_every_role_takes_a_string_or_parts() {
    for role in Role::KNOWN {
        let with = |content: &str| {
            format!(r#"{{"role":"{role}","content":{content},"name":"f","tool_call_id":"c"}}"#)
        };
        assert_eq!(read::<Message>(&with(r#""a b""#)).text(), "a b", "{role}");
        let parts = with(r#"[{"type":"text","text":"a "},{"type":"text","text":"b"}]"#);
        assert_eq!(read::<Message>(&parts).text(), "a b", "{role}");
        check_lossless::<Message>(&parts);
    }
}

#[test]
fn wire_21_assistant_content_is_null_absent_or_empty() {
    let null: Message = read(r#"{"role": "assistant", "content": null}"#);
    assert_eq!(null, read(r#"{"role": "assistant"}"#));
    assert_eq!((null.text(), write(&null)), (Cow::Borrowed(""), r#"{"role":"assistant"}"#.to_owned()));
    let empty: Message = read(r#"{"role": "assistant", "content": ""}"#);
    assert_eq!(
        (empty.text(), write(&empty)),
        (Cow::Borrowed(""), r#"{"role":"assistant","content":""}"#.to_owned())
    );
    assert_ne!(null, empty);
}

#[test]
fn function_results_always_have_content() {
    let message: Message = read(r#"{"role": "function", "name": "f", "content": null}"#);
    assert_eq!(write(&message), r#"{"role":"function","content":null,"name":"f"}"#);
    assert_eq!(message.text(), "");
}

#[test]
fn other_roles_need_content() {
    let user = refused::<Message>(r#"{"role": "user", "content": null}"#);
    assert_eq!(user, "invalid type: null, expected a string or an array of parts");
    assert_eq!(refused::<Message>(r#"{"role": "system"}"#), "missing field `content`");
}

#[test]
fn wire_19_null_equals_absent_within_messages() {
    check_same::<Message>(
        r#"{"role": "assistant", "content": null, "refusal": null, "reasoning_content": null, "reasoning": null, "name": null, "audio": null,
            "tool_calls": null, "function_call": null}"#,
        r#"{"role": "assistant"}"#,
    );
    check_same::<Message>(
        r#"{"role": "user", "name": null, "content": [
            {"type": "text", "text": "", "prompt_cache_breakpoint": null},
            {"type": "image_url", "image_url": {"url": "", "detail": null}, "prompt_cache_breakpoint": null},
            {"type": "file", "file": {"file_id": null, "filename": null, "file_data": null}}]}"#,
        r#"{"role": "user", "content": [{"type": "text", "text": ""},
            {"type": "image_url", "image_url": {"url": ""}}, {"type": "file", "file": {}}]}"#,
    );
}

#[test]
fn the_tag_may_stand_anywhere() {
    check_same::<Message>(
        r#"{"content": [{"text": "a", "x": {"y": [1]}, "type": "text"}], "x": 1, "role": "user", "name": "n"}"#,
        r#"{"role": "user", "name": "n", "content": [{"type": "text", "text": "a", "x": {"y": [1]}}], "x": 1}"#,
    );
    check_same::<Message>(
        r#"{"\u0072ole": "\u0075ser", "content": ""}"#,
        r#"{"role": "user", "content": ""}"#,
    );
}

#[test]
fn unknown_roles_and_parts_are_refused() {
    assert_eq!(
        refused::<Message>(r#"{"role": "foobar", "content": ""}"#),
        "unknown variant `foobar`, expected one of `developer`, `system`, `user`, `assistant`, `tool`, `function`",
    );
    assert_eq!(
        refused::<Message>(
            r#"{"role": "assistant", "content": [{"type": "image_url", "image_url": {"url": ""}}]}"#
        ),
        "unknown variant `image_url`, expected `text` or `refusal`",
    );
    assert_eq!(
        refused::<Message>(r#"{"role": "system", "content": [{"type": "refusal", "refusal": ""}]}"#),
        "unknown variant `refusal`, expected `text`",
    );
    assert_eq!(refused::<Message>(r#"{"content": ""}"#), "missing field `role`");
    assert_eq!(
        refused::<Message>(r#""hello""#),
        "invalid type: string \"hello\", expected an object with a `role`",
    );
}

#[test]
fn texts_are_borrowed_unless_joined() {
    let text = |content: Content<UserPart>| content.text().into_owned();
    let one = Content::from([UserPart::image_url("u"), UserPart::text("a")]);
    assert!(matches!(one.text(), Cow::Borrowed("a")));
    assert!(matches!(Content::<UserPart>::from("a").text(), Cow::Borrowed("a")));
    assert_eq!(text([UserPart::text("a"), UserPart::file_id("f"), UserPart::text("b")].into()), "ab");
    assert_eq!(text([UserPart::text(""), UserPart::text("")].into()), "");
    assert_eq!(text(Vec::new().into()), "");
}

#[test]
fn refusals_are_not_text() {
    let message = Message::assistant([AssistantPart::text("a"), AssistantPart::refusal("no")]);
    assert_eq!(message.text(), "a");
}

#[test]
fn constructors_write_what_openai_expects() {
    let message = Message::user([
        UserPart::text("a"),
        UserPart::image_url("https://example.com/a.png"),
        UserPart::image_url(ImageUrl::new("data:image/png;base64,AA==").detail(ImageDetail::Low)),
        UserPart::input_audio("UklGRg==", InputAudioFormat::Wav),
        UserPart::file_id("file-1"),
        UserPart::file_data("a.pdf", "JVBERg=="),
    ]);
    assert_eq!(
        write(&message),
        concat!(
            r#"{"role":"user","content":[{"type":"text","text":"a"},"#,
            r#"{"type":"image_url","image_url":{"url":"https://example.com/a.png"}},"#,
            r#"{"type":"image_url","image_url":{"url":"data:image/png;base64,AA==","detail":"low"}},"#,
            r#"{"type":"input_audio","input_audio":{"data":"UklGRg==","format":"wav"}},"#,
            r#"{"type":"file","file":{"file_id":"file-1"}},"#,
            r#"{"type":"file","file":{"filename":"a.pdf","file_data":"JVBERg=="}}]}"#,
        )
    );
    assert_eq!(
        write(&Message::Assistant(AssistantMessage::calling([ToolCall::function("call_1", "f", "{}")]))),
        concat!(
            r#"{"role":"assistant","tool_calls":["#,
            r#"{"type":"function","id":"call_1","function":{"name":"f","arguments":"{}"}}]}"#,
        )
    );
    assert_eq!(
        write(&Message::tool("call_1", "2")),
        r#"{"role":"tool","content":"2","tool_call_id":"call_1"}"#
    );
    assert_eq!(write(&Message::function("f", "2")), r#"{"role":"function","content":"2","name":"f"}"#);
}

#[test]
fn messages_of_every_role_convert() {
    for (message, expected) in [
        (DeveloperMessage::new("a").name("n").into(), r#"{"role":"developer","content":"a","name":"n"}"#),
        (SystemMessage::new("a").name("n").into(), r#"{"role":"system","content":"a","name":"n"}"#),
        (UserMessage::new("a").name("n").into(), r#"{"role":"user","content":"a","name":"n"}"#),
        (AssistantMessage::new("a").name("n").into(), r#"{"role":"assistant","content":"a","name":"n"}"#),
        (ToolMessage::new("c", "a").into(), r#"{"role":"tool","content":"a","tool_call_id":"c"}"#),
        (FunctionMessage::new("f", "a").into(), r#"{"role":"function","content":"a","name":"f"}"#),
    ] {
        assert_eq!(write::<Message>(&message), expected);
    }
}

#[test]
fn an_answer_becomes_a_message_of_the_next_request() {
    let answer: ResponseMessage = read(
        r#"{"role": "assistant", "content": "a", "refusal": null, "reasoning_content": "b", "reasoning": "c",
            "reasoning_details": [{"type": "reasoning.text"}], "annotations": [],
            "audio": {"id": "audio_1", "expires_at": 1, "data": "", "transcript": ""},
            "tool_calls": [{"type": "custom", "id": "call_1", "custom": {"name": "c", "input": ""}}]}"#,
    );
    assert_eq!(
        write(&Message::from(answer)),
        concat!(
            r#"{"role":"assistant","content":"a","reasoning_content":"b","reasoning":"c","audio":{"id":"audio_1"},"#,
            r#""tool_calls":[{"type":"custom","id":"call_1","custom":{"name":"c","input":""}}],"#,
            r#""reasoning_details":[{"type":"reasoning.text"}]}"#,
        ),
    );
}

#[test]
fn an_empty_list_of_calls_is_not_sent_back() {
    let mut answer = ResponseMessage::calling([]);
    answer.content = Some("a".to_owned());
    assert_eq!(write(&Message::from(answer)), r#"{"role":"assistant","content":"a"}"#);
}

#[test]
fn a_text_part_has_its_tag_on_its_own() {
    let part = TextPart::new("a");
    assert_eq!(write(&part), r#"{"type":"text","text":"a"}"#);
    assert_eq!(read::<TextPart>(r#"{"text": "a", "type": "text"}"#), part);
    assert_eq!(refused::<TextPart>(r#"{"text": "a"}"#), "missing field `type`");
}
