//! Tools are called by their schemas, however the model writes its calls.

use antiphon_backend::adapt::WholeChoice;
use antiphon_backend::chat::{self, FinishReason, Function, ToolChoice, ToolChoiceMode};
use antiphon_backend::{ErrorKind, chat::FunctionCallChoice};
use antiphon_llama::{Error, LlamaBackend};
use serde_json::{Value, json};

use crate::model::{self, answer, request, template};

fn weather() -> Value {
    json!({
        "type": "object",
        "properties": {
            "city": {"$ref": "#/$defs/city"},
            "days": {"type": "integer", "minimum": 1, "maximum": 7},
        },
        "required": ["city", "days"],
        "additionalProperties": false,
        "$defs": {"city": {"type": "string", "maxLength": 12}},
    })
}

fn time() -> Value {
    json!({"type": "object", "properties": {"zone": {"enum": ["UTC", "CET"]}}, "required": ["zone"], "additionalProperties": false})
}

/// A request that has to call one of two tools, once.
fn forced() -> chat::Request {
    let tools =
        [Function::new("get_weather").parameters(weather()), Function::new("get_time").parameters(time())];
    let mut request = request("How is the weather in Oslo?").tools(tools).max_completion_tokens(120);
    request.tool_choice = Some(ToolChoiceMode::Required.into());
    request.parallel_tool_calls = Some(false);
    request
}

/// Every call is one of the two tools, by its schema.
fn check(choice: &WholeChoice) {
    for call in &choice.tool_calls {
        let schema = match call.name.as_str() {
            "get_weather" => weather(),
            "get_time" => time(),
            other => panic!("{other} was not offered"),
        };
        let arguments: Value = serde_json::from_str(&call.arguments).expect("arguments are JSON");
        assert!(jsonschema::is_valid(&schema, &arguments), "{arguments}");
    }
}

/// Calls that are forced validate, at any temperature, with this chat template.
async fn check_template(file: Option<&str>) {
    let set = |config: &mut antiphon_llama::Config| {
        config.chat_template_file = file.map(template).unwrap_or_default();
    };
    let Some(backend) = model::loaded(set) else { return };
    for seed in 0..4 {
        let mut request = forced();
        request.temperature = Some(if seed == 0 { 0.0 } else { 1.5 });
        request.seed = Some(seed);
        let choice = answer(&backend, request).await.expect("it answers").choices.remove(0);
        assert_eq!(
            (choice.finish.clone(), choice.text.as_str()),
            (FinishReason::ToolCalls, ""),
            "{choice:?}"
        );
        assert_eq!(choice.tool_calls.len(), 1, "{choice:?}");
        check(&choice);
    }
}

#[tokio::test]
async fn model_that_knows_no_tools_is_told_of_them_and_calls() {
    check_template(None).await;
}

#[tokio::test]
async fn hermes_calls() {
    check_template(Some("hermes.jinja")).await;
}

#[tokio::test]
async fn llama_calls() {
    check_template(Some("llama.jinja")).await;
}

#[tokio::test]
async fn mistral_calls() {
    check_template(Some("mistral.jinja")).await;
    check_template(Some("mistral_arguments.jinja")).await;
}

#[tokio::test]
async fn tool_that_is_named_is_the_one_that_is_called() {
    let Some(backend) = model::backend() else { return };
    let mut named = forced();
    named.tool_choice = Some(ToolChoice::function("get_time"));
    let mut older = forced();
    let function = Function::new("get_time").parameters(time());
    (older.tools, older.tool_choice, older.parallel_tool_calls) = (None, None, None);
    older.functions = Some(vec![function]);
    older.function_call = Some(FunctionCallChoice::function("get_time"));
    for request in [named, older] {
        let choice = answer(&backend, request).await.unwrap().choices.remove(0);
        assert!(
            choice.tool_calls.iter().all(|call| call.name == "get_time") && !choice.tool_calls.is_empty()
        );
        assert!(
            matches!(choice.tool_calls[0].arguments.as_str(), r#"{"zone": "UTC"}"# | r#"{"zone": "CET"}"#),
            "{choice:?}"
        );
    }
}

#[tokio::test]
async fn several_calls_are_told_apart() {
    let Some(backend) = model::loaded(|config| config.chat_template_file = template("mistral.jinja")) else {
        return;
    };
    let mut several = forced();
    several.parallel_tool_calls = None;
    several.temperature = Some(1.5);
    several.n = Some(4);
    several.seed = Some(3);
    let whole = answer(&backend, several).await.unwrap();
    for mut choice in whole.choices {
        if choice.finish == FinishReason::Length {
            // The last was cut off.
            choice.tool_calls.pop();
        }
        check(&choice);
    }
}

#[tokio::test]
async fn free_text_may_be_an_answer_where_no_call_is_forced() {
    let Some(backend) = model::backend() else { return };
    let mut free = forced();
    free.tool_choice = None;
    let choice = answer(&backend, free).await.unwrap().choices.remove(0);
    check(&choice);
    assert_eq!(choice.finish == FinishReason::ToolCalls, !choice.tool_calls.is_empty(), "{choice:?}");
    let mut none = forced();
    none.tool_choice = Some(ToolChoiceMode::None.into());
    let choice = answer(&backend, none).await.unwrap().choices.remove(0);
    assert!(choice.tool_calls.is_empty() && !choice.text.is_empty(), "{choice:?}");
}

#[tokio::test]
async fn schema_of_a_tool_that_cannot_be_kept_to_is_refused() {
    let Some(backend) = model::backend() else { return };
    let mut request = forced();
    request.tools = Some(vec![Function::new("get_weather").parameters(json!({"type": "nonsense"})).into()]);
    let error = answer(&backend, request).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.param(), error.code()),
        (ErrorKind::InvalidRequest, Some("tools"), Some("invalid_function_parameters"))
    );
}

#[test]
fn template_that_is_no_jinja_is_refused_in_a_line() {
    let Some(mut config) = model::config() else { return };
    config.chat_template_file = template("../templates.rs");
    assert!(matches!(LlamaBackend::load(&config), Err(Error::Unreadable { .. })));
    let file = std::env::temp_dir().join(format!("antiphon-llama-{}.jinja", std::process::id()));
    std::fs::write(&file, "{% for message in %}").unwrap();
    config.chat_template_file = file.clone();
    let line = LlamaBackend::load(&config).err().expect("it is no Jinja").to_string();
    std::fs::remove_file(&file).unwrap();
    let begin =
        format!("cannot use the chat template of {}: the chat template is not valid: ", file.display());
    assert!(line.starts_with(&begin) && line.lines().count() == 1, "{line}");
}
