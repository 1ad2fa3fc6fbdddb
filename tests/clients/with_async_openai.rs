//! async-openai does all that it can do with the endpoints.
#![expect(clippy::print_stdout, reason = "the tests read what was done")]

use std::error::Error;

use async_openai::Client;
use async_openai::config::OpenAIConfig;
use async_openai::types::chat::{
    ChatCompletionMessageToolCall, ChatCompletionMessageToolCalls, ChatCompletionRequestAssistantMessageArgs,
    ChatCompletionRequestMessage, ChatCompletionRequestToolMessage, ChatCompletionRequestUserMessage,
    ChatCompletionTool, ChatCompletionToolChoiceOption, CreateChatCompletionRequestArgs, FinishReason,
    FunctionObjectArgs, ResponseFormat, ResponseFormatJsonSchema, ToolChoiceOptions,
};
use async_openai::types::completions::CreateCompletionRequestArgs;
use async_openai::types::embeddings::{CreateEmbeddingRequestArgs, EmbeddingInput, EncodingFormat};
use futures_util::TryStreamExt;
use serde_json::{Value, json};

type Outcome = Result<(), Box<dyn Error>>;
type OpenAi = Client<OpenAIConfig>;

const PREFIX: &str = "As a mock AI assistant, I can only echo your last message: ";

fn main() -> Outcome {
    // Built with the workspace, reqwest has the features of `antiphon-upstream` too, and then wants to be told whose TLS it uses.
    if rustls::crypto::ring::default_provider().install_default().is_err() {
        return Err("there is a provider of TLS already".into());
    }
    // The address and the key are in `OPENAI_BASE_URL` and `OPENAI_API_KEY`.
    let client = Client::new();
    println!("library async-openai {}", version());
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
        chat(&client).await?;
        stream(&client).await?;
        tools(&client).await?;
        structured(&client).await?;
        embeddings(&client).await?;
        completions(&client).await?;
        models(&client).await
    })
}

/// The version of async-openai, which has no constant for it.
fn version() -> &'static str {
    let lock = include_str!("../../Cargo.lock");
    let entry = lock.split_once("name = \"async-openai\"\nversion = \"").map_or("", |(_, entry)| entry);
    entry.split('"').next().unwrap_or_default()
}

fn ask(messages: impl Into<Vec<ChatCompletionRequestMessage>>) -> CreateChatCompletionRequestArgs {
    let mut request = CreateChatCompletionRequestArgs::default();
    request.model("echo").messages(messages);
    request
}

fn hello() -> CreateChatCompletionRequestArgs {
    ask(ChatCompletionRequestUserMessage::from("hello there"))
}

fn weather() -> Result<ChatCompletionTool, Box<dyn Error>> {
    let parameters =
        json!({"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]});
    let function = FunctionObjectArgs::default().name("get_weather").parameters(parameters).build()?;
    Ok(ChatCompletionTool { function })
}

async fn chat(client: &OpenAi) -> Outcome {
    let answer = client.chat().create(hello().build()?).await?;
    let text = answer.choices[0].message.content.as_deref().unwrap_or_default();
    assert_eq!(text.strip_prefix(PREFIX), Some("hello there"));
    assert_eq!(answer.choices[0].finish_reason, Some(FinishReason::Stop));
    assert!(answer.usage.is_some_and(|usage| usage.total_tokens > 0));
    println!("ok chat");
    Ok(())
}

async fn stream(client: &OpenAi) -> Outcome {
    let chunks: Vec<_> = client.chat().create_stream(hello().build()?).await?.try_collect().await?;
    let texts = chunks.iter().filter_map(|chunk| chunk.choices.first()?.delta.content.as_deref());
    assert_eq!(texts.collect::<String>().strip_prefix(PREFIX), Some("hello there"));
    println!("ok stream");
    Ok(())
}

async fn tools(client: &OpenAi) -> Outcome {
    let user = ChatCompletionRequestMessage::User("please use get_weather".into());
    let answer = client.chat().create(ask([user.clone()]).tools(weather()?).build()?).await?;
    assert_eq!(answer.choices[0].finish_reason, Some(FinishReason::ToolCalls));
    let calls = answer.choices[0].message.tool_calls.clone().unwrap_or_default();
    let [ChatCompletionMessageToolCalls::Function(call)] = calls.as_slice() else {
        panic!("not one function: {calls:?}")
    };
    check_call(call)?;

    let assistant = ChatCompletionRequestAssistantMessageArgs::default().tool_calls(calls.clone()).build()?;
    let result = ChatCompletionRequestToolMessage { content: "sunny".into(), tool_call_id: call.id.clone() };
    let last =
        client.chat().create(ask([user, assistant.into(), result.into()]).tools(weather()?).build()?).await?;
    let text = last.choices[0].message.content.as_deref().unwrap_or_default();
    assert_eq!(text.strip_prefix(PREFIX), Some("sunny"));

    let forced = hello()
        .tools(weather()?)
        .tool_choice(ChatCompletionToolChoiceOption::Mode(ToolChoiceOptions::Required))
        .build()?;
    let chunks: Vec<_> = client.chat().create_stream(forced).await?.try_collect().await?;
    let mut whole = ChatCompletionMessageToolCall::default();
    for delta in
        chunks.into_iter().flat_map(|chunk| chunk.choices).filter_map(|choice| choice.delta.tool_calls)
    {
        let function = delta.into_iter().filter_map(|call| call.function);
        function.for_each(|function| {
            whole.function.name += &function.name.unwrap_or_default();
            whole.function.arguments += &function.arguments.unwrap_or_default();
        });
    }
    check_call(&whole)?;
    println!("ok tool loop");
    Ok(())
}

fn check_call(call: &ChatCompletionMessageToolCall) -> Outcome {
    assert_eq!(call.function.name, "get_weather");
    let arguments: Value = serde_json::from_str(&call.function.arguments)?;
    assert!(arguments["city"].is_string(), "{arguments}");
    Ok(())
}

async fn structured(client: &OpenAi) -> Outcome {
    let schema = json!({
        "type": "object",
        "properties": {"title": {"type": "string"}, "stars": {"type": "integer"}},
        "required": ["title", "stars"],
        "additionalProperties": false,
    });
    let json_schema =
        ResponseFormatJsonSchema { name: "note".to_owned(), schema, strict: Some(true), description: None };
    let request = hello().response_format(ResponseFormat::JsonSchema { json_schema }).build()?;
    let answer = client.chat().create(request).await?;
    let note: Value = serde_json::from_str(answer.choices[0].message.content.as_deref().unwrap_or_default())?;
    assert!(note["title"].as_str().is_some_and(|title| title.contains("hello there")), "{note}");
    assert!(note["stars"].is_i64(), "{note}");
    println!("ok structured output");
    Ok(())
}

async fn embeddings(client: &OpenAi) -> Outcome {
    let texts = ["hello there", "hello you", "hello there"].map(str::to_owned);
    let input = EmbeddingInput::StringArray(texts.into());
    let mut request = CreateEmbeddingRequestArgs::default();
    request.model("echo").input(input);
    let answer = client.embeddings().create(request.build()?).await?;
    let vectors: Vec<Vec<f32>> = answer.data.into_iter().map(|entry| entry.embedding).collect();
    assert_eq!(vectors[0].len(), 1536);
    assert!(vectors[0] == vectors[2] && vectors[0] != vectors[1]);
    let length = vectors[0].iter().map(|value| value * value).sum::<f32>().sqrt();
    assert!((length - 1.0).abs() < 1e-4, "{length}");
    let request = request.encoding_format(EncodingFormat::Base64).build()?;
    let encoded = client.embeddings().create_base64(request).await?;
    assert_eq!(
        encoded.data.into_iter().map(|entry| Vec::<f32>::from(entry.embedding)).collect::<Vec<_>>(),
        vectors
    );
    println!("ok embeddings");
    Ok(())
}

async fn completions(client: &OpenAi) -> Outcome {
    let mut request = CreateCompletionRequestArgs::default();
    request.model("echo").prompt("hello").max_tokens(64_u32);
    let answer = client.completions().create(request.build()?).await?;
    assert!(answer.choices[0].text.contains("hello"), "{answer:?}");
    let chunks: Vec<_> = client.completions().create_stream(request.build()?).await?.try_collect().await?;
    let texts = chunks.iter().flat_map(|chunk| &chunk.choices).map(|choice| choice.text.as_str());
    assert_eq!(texts.collect::<String>(), answer.choices[0].text);
    println!("ok legacy completions");
    Ok(())
}

async fn models(client: &OpenAi) -> Outcome {
    let models = client.models().list().await?;
    assert!(models.data.iter().any(|model| model.id == "echo"), "{models:?}");
    assert_eq!(client.models().retrieve("echo").await?.id, "echo");
    println!("ok models");
    Ok(())
}
