//! What a server gets of prompts, of backends that can more or less by themselves.

use std::sync::Mutex;

use antiphon_types::Usage;
use antiphon_types::chat::{FinishReason, TokenLogprob};

use super::*;
use crate::testing::{Step, all, script};
use crate::{ErrorKind, Event};

/// Completes every prompt with two tokens, and notes the requests.
struct Completer {
    model: ModelInfo,
    seen: Mutex<Vec<completions::Request>>,
}

impl Completer {
    fn new(capabilities: &[Capability]) -> Self {
        let model = capabilities.iter().fold(ModelInfo::new("m"), |model, one| model.with(*one));
        Self { model, seen: Mutex::default() }
    }

    async fn answer(&self, request: completions::Request) -> Vec<Result<Event, ErrorKind>> {
        all(complete(self, &self.model, request, Context::default())).await
    }

    fn seen<T>(&self, see: impl FnMut(&completions::Request) -> T) -> Vec<T> {
        self.seen.lock().expect("no test panics with it").iter().map(see).collect()
    }
}

/// The second call is the likelier one.
impl Backend for Completer {
    fn models(&self) -> Vec<ModelInfo> {
        vec![self.model.clone()]
    }

    fn chat(&self, request: chat::Request, _context: Context) -> EventStream {
        let said = request.messages.iter().map(|message| format!("{}: {}", message.role(), message.text()));
        Box::pin(script([Event::text(said.collect::<String>()), finish()]))
    }

    fn complete(&self, request: completions::Request, _context: Context) -> EventStream {
        let mut seen = self.seen.lock().expect("no test panics with it");
        let calls = u8::try_from(seen.len()).expect("few calls");
        seen.push(request);
        let token = |text: &str| {
            let text = format!("{text}{calls}");
            Event::text(&*text).with_logprobs([TokenLogprob::new(text, f64::from(calls) - 9.0)])
        };
        Box::pin(script([token("a"), token("b"), finish()]))
    }
}

fn finish() -> Event {
    Event::finish(FinishReason::Stop)
}

fn request(prompt: impl Into<TextInput>) -> completions::Request {
    completions::Request::new("m", prompt)
}

/// The joined texts of the choices.
fn texts(events: &[Result<Event, ErrorKind>], choices: usize) -> Vec<String> {
    let mut texts = vec![String::new(); choices];
    for event in events.iter().flatten() {
        if let Event::Text { choice, text, .. } = event {
            texts[*choice as usize].push_str(text);
        }
    }
    texts
}

#[tokio::test]
async fn choices_are_grouped_by_prompt() {
    let completer = Completer::new(&[]);
    let events = completer.answer(request(TextInput::from_iter(["x", "yyyyy"])).n(2)).await;
    assert_eq!(texts(&events, 4), ["a0b0", "a1b1", "a2b2", "a3b3"]);
    assert_eq!(events.last(), Some(&Ok(Event::usage(Usage::new(3, 8)))));
    let prompts = ["x", "x", "yyyyy", "yyyyy"].map(|text| Some(TextInput::from(text)));
    assert_eq!(completer.seen(|request| request.prompt.clone()), prompts);
}

#[tokio::test]
async fn absent_limit_is_16_tokens_and_absent_prompt_empty() {
    let completer = Completer::new(&[Capability::NativeLimit]);
    let mut request = request("x");
    request.prompt = None;
    completer.answer(request).await;
    let seen = completer.seen(|request| (request.max_tokens, request.prompt.clone()));
    assert_eq!(seen, [(Some(16), Some(TextInput::from("")))]);
}

#[tokio::test]
async fn prompt_is_put_before_the_text_and_not_searched_or_counted() {
    let asked = || request("xx").echo().stop(["x"]).max_tokens(1);
    let events = Completer::new(&[]).answer(asked()).await;
    assert_eq!(texts(&events, 1), ["xxa0"]);
    assert_eq!(events.last(), Some(&Ok(Event::usage(Usage::new(1, 1)))));
    let native = Completer::new(&[Capability::NativeEcho]);
    assert_eq!(texts(&native.answer(asked()).await, 1), ["a0"]);
    assert_eq!(native.seen(|request| request.echo), [Some(true)]);
}

#[tokio::test]
async fn best_are_kept_and_all_are_counted() {
    let completer = Completer::new(&[]);
    let events = completer.answer(request("x").best_of(3).n(2)).await;
    assert_eq!(texts(&events, 2), ["a2b2", "a1b1"]);
    assert!(!events.iter().any(|event| matches!(event, Ok(Event::Text { logprobs: Some(_), .. }))));
    assert_eq!(events.last(), Some(&Ok(Event::usage(Usage::new(1, 6)))));
    assert_eq!(completer.seen(|request| request.logprobs), [Some(0); 3]);
}

#[tokio::test]
async fn chat_stands_in_for_a_prompt_where_the_model_says_so() {
    let completer = Completer::new(&[Capability::CompletionsByChat]);
    let events = completer.answer(request(TextInput::from_iter(["x", "y"])).echo()).await;
    assert_eq!(texts(&events, 2), ["xuser: x", "yuser: y"]);
}

#[tokio::test]
async fn failure_of_one_prompt_ends_all() {
    struct Failing;
    impl Backend for Failing {
        fn models(&self) -> Vec<ModelInfo> {
            vec![ModelInfo::new("m")]
        }

        fn chat(&self, _request: chat::Request, _context: Context) -> EventStream {
            Box::pin(script([Step::Hang]))
        }
    }
    let stream = complete(
        &Failing,
        &ModelInfo::new("m"),
        request(TextInput::from_iter(["x", "y"])),
        Context::default(),
    );
    assert_eq!(all(stream).await, [Err(ErrorKind::Unsupported)]);
}
