//! The contract, and what a real model answers.
#![cfg(feature = "native")]

use std::sync::Arc;

use antiphon_backend::adapt::{Whole, collect};
use antiphon_backend::conformance::Suite;
use antiphon_backend::{Backend, Context, chat, generate};
use antiphon_llama::{Config, LlamaBackend};

/// The model of the tests, where it is installed.
fn model() -> Option<Config> {
    let Some(path) = std::env::var_os("ANTIPHON_LLAMA_MODEL") else {
        eprintln!("not run: ANTIPHON_LLAMA_MODEL is not set, see tests/models/install");
        return None;
    };
    let mut config = Config::new(std::path::PathBuf::from(path));
    config.context_length = 512;
    config.threads = 1;
    Some(config)
}

async fn answer(backend: &LlamaBackend, request: chat::Request) -> Whole {
    let choices = request.choices();
    collect(generate(backend, &backend.models()[0], request, Context::default()), choices)
        .await
        .expect("it answers")
}

fn request(text: &str) -> chat::Request {
    let mut request = chat::Request::new("model", [chat::Message::user(text)]).max_completion_tokens(32);
    request.temperature = Some(0.0);
    request
}

#[tokio::test]
async fn it_keeps_the_contract() {
    let Some(config) = model() else { return };
    let backend = Arc::new(LlamaBackend::load(&config).unwrap());
    let report = Suite::default().run(|| Arc::clone(&backend)).await;
    eprintln!("{report}");
    report.assert_passed();
}

#[tokio::test]
async fn it_answers() {
    let Some(config) = model() else { return };
    let backend = LlamaBackend::load(&config).unwrap();
    let start = std::time::Instant::now();
    let whole = answer(&backend, request("What is the capital of France?")).await;
    eprintln!("{whole:?} {:?} {:?}", start.elapsed(), backend.figures());
}
