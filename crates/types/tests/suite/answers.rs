//! Whole answers, usage and models as servers send them.

use antiphon_types::{
    Model, ModelDeleted, ModelList, Object, Usage,
    chat::{
        Annotation, Choice, Completion, CompletionDeleted, CompletionList, FinishReason, Logprobs,
        MessageList, ResponseAudio, ResponseMessage, StoredMessage, StoredPart, TokenLogprob, ToolCall,
        TopLogprob, UrlCitation,
    },
};

use crate::support::{check_lossless, read, write};

/// As recorded from api.openai.com.
const RECORDED: &str = r#"{
    "id": "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT", "object": "chat.completion", "created": 1741569952,
    "model": "gpt-4.1-2025-04-14", "choices": [{"index": 0, "message": {"role": "assistant",
    "content": "Hello! How can I assist you today?", "refusal": null, "annotations": []}, "logprobs": null,
    "finish_reason": "stop"}], "usage": {"prompt_tokens": 19, "completion_tokens": 10, "total_tokens": 29,
    "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0}, "completion_tokens_details":
    {"reasoning_tokens": 0, "audio_tokens": 0, "accepted_prediction_tokens": 0, "rejected_prediction_tokens": 0}},
    "service_tier": "default", "system_fingerprint": "fp_abc"
}"#;

#[test]
fn a_recorded_answer_survives() {
    let completion: Completion = read(RECORDED);
    assert_eq!(completion.text(), "Hello! How can I assist you today?");
    assert_eq!(completion.choices[0].finish_reason, FinishReason::Stop);
    check_lossless::<Completion>(RECORDED);
}

#[test]
fn answers_of_newer_models_lack_logprobs_and_have_null_fingerprints() {
    let completion: Completion = read(
        r#"{"id": "c", "object": "chat.completion", "created": 1, "model": "gpt-5", "choices": [{"index": 0,
            "message": {"role": "assistant", "content": null, "refusal": null, "tool_calls": [{"id": "call_1",
            "type": "function", "function": {"name": "f", "arguments": "{}"}}], "annotations": []},
            "finish_reason": "tool_calls"}], "system_fingerprint": null, "usage": null}"#,
    );
    assert_eq!(completion.choices[0].message.tool_calls, Some(vec![ToolCall::function("call_1", "f", "{}")]));
    assert_eq!(
        (completion.system_fingerprint, completion.usage, completion.choices[0].logprobs.is_some()),
        (None, None, false)
    );
}

#[test]
fn content_refusal_and_logprobs_are_always_written() {
    let choice = Choice::new(1, ResponseMessage::assistant(), FinishReason::ContentFilter);
    assert_eq!(
        write(&choice),
        r#"{"index":1,"message":{"role":"assistant","content":null,"refusal":null},"logprobs":null,"finish_reason":"content_filter"}"#,
    );
}

#[test]
fn messages_of_every_kind_are_made() {
    for (message, expected) in [
        (ResponseMessage::refusal("no"), r#""content":null,"refusal":"no""#),
        (
            ResponseMessage::calling([ToolCall::custom("call_1", "c", "x")]),
            r#""content":null,"refusal":null,"tool_calls":[{"type":"custom","id":"call_1","custom":{"name":"c","input":"x"}}]"#,
        ),
        (
            ResponseMessage::assistant().audio(ResponseAudio::new("audio_1", 1, "AAAA", "a")),
            r#""content":null,"refusal":null,"audio":{"id":"audio_1","expires_at":1,"data":"AAAA","transcript":"a"}"#,
        ),
        (
            ResponseMessage::text("a").annotation(Annotation::url_citation(UrlCitation::new(0, 1, "u", "t"))),
            r#""content":"a","refusal":null,"annotations":[{"type":"url_citation","url_citation":{"start_index":0,"end_index":1,"url":"u","title":"t"}}]"#,
        ),
    ] {
        assert_eq!(write(&message), format!(r#"{{"role":"assistant",{expected}}}"#));
    }
}

#[test]
fn the_first_choice_is_at_hand() {
    let call = ToolCall::function("call_1", "f", "{}");
    let message = ResponseMessage::calling([call.clone()]);
    let choice = Choice::new(0, message.clone(), FinishReason::ToolCalls).logprobs(Logprobs::content([]));
    let completion = Completion::new("c", 1, "m").choice(choice);
    assert_eq!((completion.text(), completion.tool_calls()), ("", &[call][..]));
    assert_eq!(completion.into_message(), Some(message));

    let none = Completion::new("c", 1, "m");
    assert_eq!((none.tool_calls(), none.clone().into_message()), (&[][..], None));
}

#[test]
fn unknown_finish_reasons_and_fields_survive() {
    let answer = r#"{"id":"c","object":"chat.completion.v2","created":1,"model":"m","choices":[{"index":0,"message":{"role":"oracle","content":"","refusal":null,"x":1},"logprobs":{"content":null,"refusal":null,"x":1},"finish_reason":"bored","x":1}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3,"prompt_tokens_details":{"x":1},"x":1},"service_tier":"warp","x":{"y":[]}}"#;
    let completion: Completion = read(answer);
    assert_eq!(completion.choices[0].finish_reason, FinishReason::Other("bored".to_owned()));
    assert_eq!(completion.choices[0].message.extra["x"], 1);
    assert_eq!(write(&completion), answer);
}

#[test]
fn an_absent_object_is_the_right_one() {
    let completion: Completion = read(r#"{"id": "c", "created": 1, "model": "m", "choices": []}"#);
    assert_eq!(completion.object, Object::ChatCompletion);
    assert_eq!(completion.text(), "");
}

#[test]
fn reasoning_has_both_names() {
    let message =
        r#"{"role":"assistant","content":"a","refusal":null,"reasoning_content":"b","reasoning":"c"}"#;
    let parsed: ResponseMessage = read(message);
    assert_eq!((parsed.reasoning_content.as_deref(), parsed.reasoning.as_deref()), (Some("b"), Some("c")));
    assert_eq!(write(&parsed), message);
}

#[test]
fn logprobs_are_written_whole() {
    let mut token = TokenLogprob::new("é", -0.5);
    token.top_logprobs.push(TopLogprob::new("e", -1.5));
    assert_eq!(
        write(&Logprobs::content([token])),
        r#"{"content":[{"token":"é","logprob":-0.5,"bytes":[195,169],"top_logprobs":[{"token":"e","logprob":-1.5,"bytes":[101]}]}],"refusal":null}"#,
    );
    let lean: TokenLogprob = read(r#"{"token": "a", "logprob": -9999, "top_logprobs": null}"#);
    assert_eq!((lean.bytes, lean.top_logprobs), (None, vec![]));
}

#[test]
fn annotations_of_an_unknown_kind_survive() {
    check_lossless::<Annotation>(
        r#"{"type": "url_citation", "url_citation": {"start_index": 0, "end_index": 1, "url": "u", "title": "t"}}"#,
    );
    check_lossless::<Annotation>(r#"{"type": "file_citation", "file_citation": {"file_id": "f"}}"#);
}

#[test]
fn usage_adds_up() {
    assert_eq!(write(&Usage::new(2, 3)), r#"{"prompt_tokens":2,"completion_tokens":3,"total_tokens":5}"#);
    assert_eq!(Usage::new(u64::MAX, 1).total_tokens, u64::MAX);
}

#[test]
fn models_are_listed() {
    let list = ModelList::new([Model::new("echo", 1, "antiphon")]);
    let json =
        r#"{"object":"list","data":[{"id":"echo","object":"model","created":1,"owned_by":"antiphon"}]}"#;
    assert_eq!(write(&list), json);
    assert_eq!(read::<ModelList>(json), list);
    assert_eq!(write(&ModelDeleted::new("echo")), r#"{"id":"echo","object":"model","deleted":true}"#);
}

#[test]
fn stored_completions_are_listed_by_their_ids() {
    let list = CompletionList::new(["a", "b"].map(|id| Completion::new(id, 1, "m")));
    assert_eq!(
        (list.first_id.as_deref(), list.last_id.as_deref(), list.has_more),
        (Some("a"), Some("b"), false)
    );
    assert_eq!(
        write(&CompletionList::new([])),
        r#"{"object":"list","data":[],"first_id":null,"last_id":null,"has_more":false}"#,
    );
    assert_eq!(
        write(&CompletionDeleted::new("a")),
        r#"{"id":"a","object":"chat.completion.deleted","deleted":true}"#,
    );
}

#[test]
fn stored_messages_have_ids_and_parts() {
    let mut message = StoredMessage::new("msg_1", ResponseMessage::text("a"));
    message.message.extra.insert("x".to_owned(), 1.into());
    message.content_parts = Some(vec![read(r#"{"type": "text", "text": "a"}"#)]);
    let list = MessageList::new([message]);
    assert_eq!(
        write(&list),
        r#"{"object":"list","data":[{"id":"msg_1","content_parts":[{"type":"text","text":"a"}],"role":"assistant","content":"a","refusal":null,"x":1}],"first_id":"msg_1","last_id":"msg_1","has_more":false}"#,
    );
    assert_eq!(read::<MessageList>(&write(&list)), list);
    assert!(matches!(read(r#"{"type": "video", "url": "u"}"#), StoredPart::Other(_)));
}
