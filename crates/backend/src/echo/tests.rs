//! The echo: what it answers, in which pieces, when.

use std::time::Duration;

use antiphon_types::Usage;
use antiphon_types::chat::{FinishReason, Message, Request};
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

#[test]
fn models_are_listed_with_what_the_echo_does_itself() {
    let model = |id| ModelInfo::new(id).with(Capability::NativeLimit).with(Capability::EmptyMessages);
    assert_eq!(EchoBackend::default().models(), [model("echo"), model("*")]);
    assert_eq!(EchoBackend::default().with_models(["a"]).models(), [model("a")]);
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
