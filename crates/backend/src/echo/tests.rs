//! The echo: what it answers, in which pieces, when.

use std::time::Duration;

use antiphon_types::chat::{
    Custom, FinishReason, Function, JsonSchema, Message, Request, ResponseFormat, Tool, ToolChoiceMode,
};
use antiphon_types::{Usage, json};
use futures_util::StreamExt;
use proptest::prelude::*;
use tokio::time::Instant;

use super::*;
use crate::adapt::collect;
use crate::testing::all;
use crate::{ErrorKind, Event};

fn asked(text: &str) -> Request {
    Request::new("echo", [Message::system("Be brief."), Message::user(text)])
}

/// Compares the whole stream of an echo without a prefix.
async fn check(request: Request, words: &[&str], reason: FinishReason, usage: (u64, u64)) {
    let echo = EchoBackend::default().with_prefix("").with_fallback("nothing");
    let echo = echo.with_tokenizer(Tokenizer::Words);
    let expected = words.iter().map(|word| Event::text(*word));
    let expected = expected.chain([Event::finish(reason), Event::usage(Usage::new(usage.0, usage.1))]);
    assert_eq!(
        all(echo.chat(request, Context::default())).await,
        expected.map(Ok).collect::<Vec<Result<_, ErrorKind>>>()
    );
}

#[tokio::test]
async fn words_keep_their_white_space() {
    use FinishReason::Stop;
    check(asked("Say this"), &["Say ", "this"], Stop, (4, 2)).await;
    check(asked("  one\n\n two\u{2003}é🦀 "), &["  one\n\n ", "two\u{2003}", "é🦀 "], Stop, (5, 3)).await;
    check(asked(" \n"), &[" \n"], Stop, (3, 1)).await;
    check(asked(""), &[], Stop, (2, 0)).await;
}

#[tokio::test]
async fn last_message_is_echoed_whatever_its_role() {
    let request = Request::new("echo", [Message::user("one"), Message::tool("call_1", "two")]);
    check(request, &["two"], FinishReason::Stop, (2, 1)).await;
    check(Request::new("echo", []), &["nothing"], FinishReason::Stop, (0, 1)).await;
}

#[tokio::test]
async fn limit_ends_in_length() {
    use FinishReason::{Length, Stop};
    check(asked("a b c").max_completion_tokens(3), &["a ", "b ", "c"], Stop, (5, 3)).await;
    check(asked("a b c").max_completion_tokens(2), &["a ", "b "], Length, (5, 2)).await;
    check(asked("a b c").max_tokens(1), &["a "], Length, (5, 1)).await;
    check(asked("a b c").max_tokens(1).max_completion_tokens(2), &["a ", "b "], Length, (5, 2)).await;
    check(asked("a b c").max_completion_tokens(0), &[], Length, (5, 0)).await;
}

#[tokio::test]
async fn sentences_are_those_of_the_first_program() {
    let answer = async |request| {
        let stream = EchoBackend::default().chat(request, Context::default());
        collect(stream, 1).await.expect("an echo does not fail").choices.remove(0).text
    };
    let echoed = "As a mock AI assistant, I can only echo your last message: Say this is a test";
    assert_eq!(answer(asked("Say this is a test")).await, echoed);
    let none = "As a mock AI assistant, I can only echo your last message, but there wasn't one!";
    assert_eq!(answer(Request::new("echo", [])).await, none);
}

#[tokio::test(start_paused = true)]
async fn pauses_come_before_the_first_token_and_between_tokens() {
    let echo = EchoBackend::default().with_prefix("");
    let echo = echo.with_first_token_delay(Duration::from_secs(3)).with_token_delay(Duration::from_secs(1));
    let start = Instant::now();
    let stream = echo.chat(asked("a b c"), Context::default());
    let seconds: Vec<_> = stream.map(|_| start.elapsed().as_secs()).collect().await;
    assert_eq!(seconds, [3, 4, 5, 5, 5]);
}

#[tokio::test]
async fn tokens_are_those_of_the_tokenizer() {
    use FinishReason::{Length, Stop};
    let answer = async |echo: &EchoBackend, request: Request| {
        let stream = echo.chat(request, Context::default());
        let whole = collect(stream, 1).await.expect("an echo does not fail");
        let usage = whole.usage.expect("the echo counts");
        (
            whole.choices[0].text.clone(),
            whole.choices[0].finish.clone(),
            usage.prompt_tokens,
            usage.completion_tokens,
        )
    };
    let echo = EchoBackend::default().with_prefix("");
    let hello = |text: &str| Request::new("echo", [Message::user(text)]);
    assert_eq!(answer(&echo, hello("antidisestablishmentarianism")).await.3, 6);
    assert_eq!(answer(&echo, hello("hello world")).await, ("hello world".into(), Stop, 9, 2));
    assert_eq!(answer(&echo, hello("hello world").max_tokens(1)).await, ("hello".into(), Length, 9, 1));
    assert_eq!(answer(&echo, hello("🦀").max_tokens(2)).await, (String::new(), Length, 10, 0));
    let stopped = hello("one two three").stop(["three", "two"]);
    assert_eq!(answer(&echo, stopped.clone()).await, ("one ".into(), Stop, 10, 2));
    assert_eq!(answer(&echo, stopped.max_tokens(1)).await, ("one".into(), Length, 10, 1));
    let small = echo.with_context_length(10);
    assert_eq!(answer(&small, hello("hello world")).await, ("hello".into(), Length, 9, 1));
}

#[tokio::test]
async fn stream_is_of_words_or_of_tokens() {
    let pieces = async |echo: &EchoBackend, request: Request| {
        let events = all(echo.chat(request, Context::default())).await;
        let text =
            |event| if let Ok(Event::Text { text, .. }) = event { Some(text.into_string()) } else { None };
        events.into_iter().filter_map(text).collect::<Vec<_>>()
    };
    let echo = EchoBackend::default().with_prefix("");
    let crabs = Request::new("echo", [Message::user("unbelievable 🦀s here")]);
    assert_eq!(pieces(&echo, crabs.clone()).await, ["unbelievable ", "🦀s ", "here"]);
    assert_eq!(pieces(&echo, crabs.clone().max_tokens(2)).await, ["unbel"]);
    assert_eq!(pieces(&echo, crabs.clone().logprobs(0)).await, ["un", "bel", "ievable", " 🦀", "s", " here"]);
    let by_token = echo.with_stream_by(StreamBy::Tokens);
    assert_eq!(pieces(&by_token, crabs.clone()).await, ["un", "bel", "ievable", " 🦀", "s", " here"]);
    let words = by_token.with_tokenizer(Tokenizer::Words);
    assert_eq!(pieces(&words, crabs.logprobs(0)).await, ["unbelievable ", "🦀s ", "here"]);
}

/// All events of an echo without a prefix, of words.
async fn events_of(request: Request) -> Vec<Result<Event, ErrorKind>> {
    let echo = EchoBackend::default().with_prefix("").with_tokenizer(Tokenizer::Words);
    all(echo.chat(request, Context::default())).await
}

#[tokio::test]
async fn calls_are_streamed_in_fragments_and_cut_at_the_limit() {
    let schema =
        json!({"type": "object", "properties": {"place": {"type": "string"}}, "required": ["place"]});
    let request = asked("where is it")
        .tools([Tool::from(Function::new("go").parameters(schema)), Tool::from(Custom::new("run"))]);
    let request = request.tool_choice(ToolChoiceMode::Required);
    let arguments = ["{\"place\"", ":\"where ", "is it\"}"].map(|part| Event::arguments(0, part));
    let expected = |parts: usize, reason, tokens| {
        let start = [Event::tool_call(0, None, "go")].into_iter();
        let end = [Event::finish(reason), Event::usage(Usage::new(5, tokens))];
        start.chain(arguments.clone().into_iter().take(parts)).chain(end).map(Ok).collect::<Vec<_>>()
    };
    assert_eq!(events_of(request.clone()).await, expected(3, FinishReason::ToolCalls, 4));
    let mut cut = expected(2, FinishReason::Length, 2);
    assert_eq!(events_of(request.clone().max_tokens(2)).await, cut);
    cut = vec![Ok(Event::finish(FinishReason::Length)), Ok(Event::usage(Usage::new(5, 0)))];
    assert_eq!(events_of(request.max_tokens(0)).await, cut);
    let custom = asked("run it").tools([Custom::new("run")]);
    assert_eq!(
        events_of(custom).await[..2],
        [Ok(Event::custom_tool_call(0, None, "run")), Ok(Event::arguments(0, "run it"))]
    );
}

#[tokio::test]
async fn json_says_the_whole_echo() {
    let text = async |format: ResponseFormat| {
        let request = Request::new("echo", [Message::user("a \"b\"")]).response_format(format);
        let echo = EchoBackend::default().with_prefix("Said: ");
        collect(echo.chat(request, Context::default()), 1).await.map(|mut whole| whole.choices.remove(0).text)
    };
    let said = r#"{"message":"Said: a \"b\""}"#;
    assert_eq!(text(ResponseFormat::json_object()).await.expect("JSON"), said);
    let schema = |schema| ResponseFormat::json_schema(JsonSchema::new("answer", schema));
    let of_own = json!({"type": "object", "properties": {"n": {"type": "integer"}, "message": {"type": "string"}}, "required": ["n"]});
    assert_eq!(text(schema(of_own)).await.expect("JSON"), r#"{"n":0,"message":"Said: a \"b\""}"#);
    let error = text(schema(json!({"type": "nothing"}))).await.expect_err("it is no schema");
    let param = Some("response_format.json_schema.schema");
    assert_eq!(
        (error.kind(), error.param(), error.code()),
        (ErrorKind::InvalidRequest, param, Some("invalid_json_schema"))
    );
    assert!(
        error.message().starts_with("Invalid schema for response_format 'answer': \"nothing\" is not valid"),
        "{error}"
    );
    let error = text(schema(json!({"$ref": "#"}))).await.expect_err("it has no end");
    assert_eq!(
        (error.kind(), error.param(), error.code(), error.message()),
        (
            ErrorKind::Unsupported,
            Some("response_format"),
            Some("unsupported_value"),
            "Unsupported schema for response_format 'answer': this model found no value for it."
        )
    );
}

#[test]
fn models_are_listed_with_what_the_echo_does_itself() {
    let models = EchoBackend::default().models();
    assert_eq!(models.iter().map(|model| &*model.id).collect::<Vec<_>>(), ["echo", "*"]);
    assert!(CAPABILITIES.iter().all(|one| models[0].has(*one)) && models[0].has(Capability::TokenInput));
    assert_eq!(models[0].context_length, Some(EchoBackend::CONTEXT_LENGTH));
    let small =
        EchoBackend::default().with_models(["a"]).with_context_length(9).with_tokenizer(Tokenizer::Words);
    let [small] = small.models().try_into().expect("one model");
    assert!(small.id == "a" && small.context_length == Some(9) && !small.has(Capability::TokenInput));
}

#[test]
fn fingerprint_changes_with_what_is_answered() {
    let fingerprint = |echo: EchoBackend| echo.models()[0].system_fingerprint.clone().expect("there is one");
    let echo = || EchoBackend::default().with_tokenizer(Tokenizer::Words);
    let first = fingerprint(echo());
    assert!(first.len() == 13 && first.starts_with("fp_"), "{first}");
    assert_eq!(fingerprint(echo().with_token_delay(Duration::from_secs(1))), first);
    assert_ne!(fingerprint(echo().with_prefix("")), first);
}

proptest! {
    #[test]
    fn joined_words_are_the_text(text in "[ \\n\u{a0}ab🦀]{0,20}") {
        let (mut rest, mut count) = (text.as_str(), 0);
        while !rest.is_empty() {
            let word = words::first(rest);
            prop_assert!(!word.is_empty() && rest.starts_with(word));
            // Each ends before the next one's first letter, so only the first may begin with white space.
            prop_assert!(count == 0 || !word.starts_with(char::is_whitespace));
            rest = &rest[word.len()..];
            count += 1;
        }
        prop_assert_eq!(words::count(&text), count);
    }
}
