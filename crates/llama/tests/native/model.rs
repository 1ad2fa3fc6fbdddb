//! The model of the tests, and how it is asked.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use antiphon_backend::adapt::{Whole, collect};
use antiphon_backend::{Backend, BackendError, Context, chat, complete, completions, generate};
use antiphon_llama::{Config, LlamaBackend};

/// A chat template of the tests.
pub(crate) fn template(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/native/templates").join(name)
}

/// Settings for the model of the tests, where it is installed.
pub(crate) fn config() -> Option<Config> {
    let Some(path) = std::env::var_os("ANTIPHON_LLAMA_MODEL") else {
        eprintln!("not run: ANTIPHON_LLAMA_MODEL is not set, see tests/models/install");
        return None;
    };
    let mut config = Config::new(PathBuf::from(path));
    config.models = vec!["model".to_owned()];
    // The model's own writes a message of the system, with which it answers in French.
    config.chat_template_file = template("chatml.jinja");
    config.context_length = 512;
    // The tests share the machine with each other: threads that wait for a core would only be in the way.
    config.threads = 1;
    Some(config)
}

/// The backend that tests share who need none of their own.
pub(crate) fn backend() -> Option<Arc<LlamaBackend>> {
    static BACKEND: OnceLock<Option<Arc<LlamaBackend>>> = OnceLock::new();
    let load = || {
        let mut config = config()?;
        config.embeddings = true;
        Some(Arc::new(LlamaBackend::load(&config).expect("it loads")))
    };
    BACKEND.get_or_init(load).clone()
}

/// A backend with settings of its own.
pub(crate) fn loaded(change: impl FnOnce(&mut Config)) -> Option<LlamaBackend> {
    let mut config = config()?;
    change(&mut config);
    Some(LlamaBackend::load(&config).expect("it loads"))
}

/// A greedy request for 32 tokens at most.
pub(crate) fn request(text: &str) -> chat::Request {
    let mut request = chat::Request::new("model", [chat::Message::user(text)]).max_completion_tokens(32);
    request.temperature = Some(0.0);
    request
}

/// The answer as a server gives it.
pub(crate) async fn answer(backend: &LlamaBackend, request: chat::Request) -> Result<Whole, BackendError> {
    let choices = request.choices();
    collect(generate(backend, &backend.models()[0], request, Context::default()), choices).await
}

/// The text of the one choice.
pub(crate) async fn text(backend: &LlamaBackend, request: chat::Request) -> String {
    answer(backend, request).await.expect("it answers").choices.remove(0).text
}

/// The completion as a server gives it.
pub(crate) async fn completion(
    backend: &LlamaBackend,
    request: completions::Request,
) -> Result<Whole, BackendError> {
    let choices = request.choices();
    collect(complete(backend, &backend.models()[0], request, Context::default()), choices).await
}
