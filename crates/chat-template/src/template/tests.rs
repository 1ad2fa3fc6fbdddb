//! Conversations, as templates of several styles write them.

use antiphon_backend::adapt::Thinking;
use antiphon_backend::chat::{
    AllowedTool, AllowedToolsMode, AssistantMessage, Custom, Function, Message, Request, TextPart, Tool,
    ToolCall, ToolChoice, ToolChoiceMode, UserPart,
};
use antiphon_backend::{BackendError, ErrorKind};
use serde_json::json;

use super::*;
use crate::testing::{CHATML, DEEPSEEK, GEMMA, LLAMA, MISTRAL, MISTRAL_ARGUMENTS, PARTS, QWEN};

fn template(source: &str) -> Template {
    Template::new(source, "<s>", "</s>").unwrap()
}

fn asks(messages: impl IntoIterator<Item = Message>) -> Request {
    Request::new("m", messages)
}

fn weather() -> Function {
    Function::new("weather")
        .description("It's <raining>?")
        .parameters(json!({"type": "object", "properties": {"city": {"type": "string"}}}))
}

/// A user's question, the call that it led to, and the result.
fn called() -> [Message; 3] {
    let call = ToolCall::function("call_1", "weather", r#"{"city":  "Oslo"}"#);
    [Message::user("Rain?"), AssistantMessage::calling([call]).into(), Message::tool("call_1", "Yes")]
}

#[track_caller]
fn check(source: &str, request: &Request, expected: &str) {
    assert_eq!(template(source).render(request).unwrap().text(), expected);
}

#[track_caller]
fn check_error(source: &str, request: &Request, kind: ErrorKind, param: &str) -> String {
    let error = BackendError::from(template(source).render(request).unwrap_err());
    assert_eq!((error.kind(), error.param()), (kind, Some(param)), "{error}");
    error.to_string()
}

#[test]
fn formats_are_found_out() {
    let formats =
        [CHATML, QWEN, LLAMA, MISTRAL, GEMMA, DEEPSEEK, PARTS].map(|source| template(source).format());
    let plain = Format::Plain;
    assert_eq!(formats, [plain, Format::Hermes, Format::Llama3, Format::Mistral, plain, plain, plain]);
}

#[test]
fn conversation_is_rendered() {
    let parts = vec![UserPart::Text(TextPart::new("a")), UserPart::Text(TextPart::new("b"))];
    let request = asks([
        Message::developer("Be brief."),
        Message::user(parts),
        Message::assistant("c"),
        Message::user("d"),
    ]);
    check(
        CHATML,
        &request,
        "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nab<|im_end|>\n\
         <|im_start|>assistant\nc<|im_end|>\n<|im_start|>user\nd<|im_end|>\n<|im_start|>assistant\n",
    );
    check(
        GEMMA,
        &request,
        "<s><start_of_turn>user\nBe brief.\n\nab<end_of_turn>\n<start_of_turn>model\nc<end_of_turn>\n\
         <start_of_turn>user\nd<end_of_turn>\n<start_of_turn>model\n",
    );
    check(MISTRAL, &request, "<s>[INST] Be brief.\n\nab[/INST] c</s>[INST] d[/INST]");
    check(PARTS, &request, "system:Be brief.;user:ab;assistant:c;user:d;");
}

#[test]
fn system_message_stands_where_the_template_takes_it() {
    let later = asks([Message::user("a"), Message::assistant("b"), Message::system("c"), Message::user("d")]);
    check(MISTRAL, &later, "<s>[INST] a[/INST] b</s>[INST] c\n\nd[/INST]");
    let last = asks([Message::user("a"), Message::assistant("b"), Message::system("c")]);
    check(MISTRAL, &last, "<s>[INST] a[/INST] b</s>[INST] c[/INST]");
    check(DEEPSEEK, &later, "<s><|User|>a<|Assistant|>b</s>c<|User|>d<|Assistant|><think>\n");
}

#[test]
fn roles_out_of_order_are_the_callers_mistake() {
    let request = asks([Message::user("a"), Message::user("b")]);
    let message = check_error(GEMMA, &request, ErrorKind::InvalidRequest, "messages");
    assert!(message.contains("Conversation roles must alternate"), "{message}");
    check_error(MISTRAL, &request, ErrorKind::InvalidRequest, "messages");
}

#[test]
fn tools_are_offered_as_the_template_has_it() {
    let request = asks(called()).tools([weather()]);
    let tool = r#"{"type": "function", "function": {"name": "weather", "description": "It's <raining>?", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}}"#;
    check(
        QWEN,
        &request,
        &format!(
            "<|im_start|>system\n# Tools\n<tools>\n{tool}\n</tools>\nAnswer with <tool_call></tool_call>.<|im_end|>\n\
             <|im_start|>user\nRain?<|im_end|>\n<|im_start|>assistant\n\n<tool_call>\n\
             {{\"name\": \"weather\", \"arguments\": {{\"city\": \"Oslo\"}}}}\n</tool_call><|im_end|>\n\
             <|im_start|>user\n<tool_response>\nYes\n</tool_response><|im_end|>\n<|im_start|>assistant\n"
        ),
    );
    let llama = template(LLAMA).render(&request).unwrap().text();
    assert!(
        llama.contains("{\"name\": \"weather\", \"parameters\": {\"city\": \"Oslo\"}}<|eot_id|>"),
        "{llama}"
    );
    assert!(llama.contains("\n        \"name\": \"weather\",\n"), "{llama}");
    let calls = "[TOOL_CALLS] [{\"name\": \"weather\", \"arguments\": {\"city\": \"Oslo\"}, \"id\": \"000000000\"}]</s>\
                 [TOOL_RESULTS] {\"content\": \"Yes\", \"call_id\": \"000000000\"}[/TOOL_RESULTS]";
    let mistral = template(MISTRAL).render(&request).unwrap().text();
    assert!(mistral.ends_with(calls), "{mistral}");
}

#[test]
fn arguments_stay_as_they_were_written_where_the_template_takes_texts() {
    let request = asks(called()).tools([weather()]);
    assert_eq!(template(MISTRAL_ARGUMENTS).format(), Format::MistralArguments);
    let text = template(MISTRAL_ARGUMENTS).render(&request).unwrap().text();
    assert!(text.ends_with("[TOOL_CALLS]weather[ARGS]{\"city\":  \"Oslo\"}[tool]Yes"), "{text}");
}

#[test]
fn calls_stand_apart_where_the_template_takes_one_at_a_time() {
    let calls = ["a", "b"].map(|id| ToolCall::function(id, "weather", "{}"));
    let results = ["a", "b"].map(|id| Message::tool(id, id));
    let request =
        asks([vec![Message::user("?"), AssistantMessage::calling(calls).into()], results.to_vec()].concat());
    let text = template(LLAMA).render(&request.tools([weather()])).unwrap().text();
    let call = "assistant<|end_header_id|>\n\n{\"name\": \"weather\", \"parameters\": {}}<|eot_id|>";
    let expected = format!(
        "<|start_header_id|>{call}<|start_header_id|>{call}<|start_header_id|>ipython<|end_header_id|>\n\na<|eot_id|>"
    );
    assert!(text.contains(&expected), "{text}");
}

#[test]
fn model_without_tools_is_told_of_them() {
    let request =
        asks([vec![Message::system("Be brief.")], called().to_vec(), vec![Message::user("And?")]].concat());
    let text = template(GEMMA).render(&request.tools([weather()])).unwrap().text();
    assert!(text.starts_with("<s><start_of_turn>user\nBe brief.\n\nYou can call functions."), "{text}");
    let history = "\n\nRain?<end_of_turn>\n<start_of_turn>model\n<tool_call>\n\
                   {\"name\": \"weather\", \"arguments\": {\"city\":  \"Oslo\"}}\n</tool_call><end_of_turn>\n\
                   <start_of_turn>user\n<tool_response>\nYes\n</tool_response>\n\nAnd?<end_of_turn>\n<start_of_turn>model\n";
    assert!(text.ends_with(history), "{text}");
    let plain = template(CHATML).render(&asks([Message::user("a")]).tools([weather()])).unwrap().text();
    assert!(plain.starts_with("<|im_start|>system\nYou can call functions."), "{plain}");
}

#[test]
fn tools_that_may_not_be_called_are_not_offered() {
    let request = || asks([Message::user("a")]).tools([weather(), Function::new("time")]);
    let offered = |choice: ToolChoice| {
        let text = template(QWEN).render(&request().tool_choice(choice)).unwrap().text();
        ["weather", "time"].map(|name| text.contains(name))
    };
    assert_eq!(offered(ToolChoiceMode::None.into()), [false, false]);
    assert_eq!(offered(ToolChoiceMode::Required.into()), [true, true]);
    assert_eq!(offered(ToolChoice::function("time")), [false, true]);
    let allowed = ToolChoice::allowed_tools(AllowedToolsMode::Auto, [AllowedTool::function("weather")]);
    assert_eq!(offered(allowed), [true, false]);
}

#[test]
fn what_a_text_model_cannot_read_is_refused() {
    let image = json!({"type": "image_url", "image_url": {"url": "data:image/png;base64,"}});
    let content = vec![serde_json::from_value::<UserPart>(image).unwrap()];
    let param = "messages[1].content[0].type";
    check_error(CHATML, &asks([Message::user("a"), Message::user(content)]), ErrorKind::Unsupported, param);
    let custom = asks([Message::user("a")]).tools([Tool::from(Custom::new("sh"))]);
    check_error(CHATML, &custom, ErrorKind::Unsupported, "tools[0].type");
}

#[test]
fn variables_of_the_request_reach_the_template() {
    let mut request = asks([Message::user("a")]);
    request
        .extra
        .insert("chat_template_kwargs".to_owned(), json!({"enable_thinking": false, "messages": []}));
    request.extra.insert("documents".to_owned(), json!([{"text": "d"}]));
    let prompt = template(QWEN).render(&request).unwrap();
    assert!(prompt.text().ends_with("a<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n"));
    check(
        "{{ documents[0].text }}{{ enable_thinking }}{{ messages | length }}{{ reasoning_effort }}",
        &request,
        "dFalse1",
    );
}

#[test]
fn reasoning_begins_where_the_prompt_says() {
    let thinking = |source| template(source).render(&asks([Message::user("a")])).unwrap().thinking();
    assert_eq!(thinking(DEEPSEEK), Some(Thinking::Begun));
    assert_eq!(thinking(QWEN), Some(Thinking::Tagged));
    assert_eq!(thinking(CHATML), None);
    let past = asks([Message::user("a"), Message::assistant("<think>b</think>c"), Message::user("d")]);
    let guarded = template(DEEPSEEK).special_tokens(["<think>", "</think>", "<|User|>"]);
    assert_eq!(
        guarded.render(&past).unwrap().segments(),
        ["<s><|User|>a<|Assistant|>c</s><|User|>d<|Assistant|><think>\n"]
    );
}
