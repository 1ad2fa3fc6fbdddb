//! A model that llama.cpp has loaded.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::context::params::LlamaContextParams;
use llama_cpp_2::llama_backend::LlamaBackend as Library;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::model::params::LlamaModelParams;
use llama_cpp_2::token::LlamaToken;
use llama_cpp_2::{LlamaCppError, LogOptions, send_logs_to_tracing};

use crate::{Config, Error, gguf};

/// A loaded model.
#[derive(Debug)]
pub(crate) struct Model {
    inner: LlamaModel,
    library: &'static Library,
    path: PathBuf,
    longest_token: usize,
}

impl Model {
    /// Checks a file and loads it.
    pub(crate) fn load(config: &Config) -> Result<Self, Error> {
        let path = config.path.as_path();
        gguf::check_file(path)?;
        let library = library()?;
        let parameters = LlamaModelParams::default().with_n_gpu_layers(config.gpu_layers);
        let inner = LlamaModel::load_from_file(library, path, &parameters).map_err(|_| {
            refused(path, "it is none that this version knows, or there is too little memory")
        })?;
        let longest_token = inner.tokens(true).map(|(_, bytes)| bytes.len()).max().unwrap_or(1);
        Ok(Self { inner, library, path: path.to_owned(), longest_token })
    }

    /// A context of its own.
    pub(crate) fn context(&self, parameters: LlamaContextParams) -> Result<LlamaContext<'_>, Error> {
        let context = self.inner.new_context(self.library, parameters);
        context.map_err(|_| refused(&self.path, "there is too little memory for its context"))
    }

    /// The tokens of a text.
    ///
    /// Marks of the vocabulary that stand in it are read as such only where it `has_marks`.
    pub(crate) fn tokens(&self, text: &str, begins: bool, has_marks: bool) -> Vec<LlamaToken> {
        self.inner.vocab().tokenize(text.as_bytes(), begins, has_marks)
    }

    /// The bytes that a token stands for; those of a mark only where they are wanted.
    pub(crate) fn bytes(&self, token: LlamaToken, with_marks: bool) -> Vec<u8> {
        self.inner.vocab().token_to_piece(token, with_marks, None)
    }

    /// Whether a token ends an answer.
    pub(crate) fn ends(&self, token: LlamaToken) -> bool {
        self.inner.vocab().is_eog(token)
    }

    /// The tokens that the model was trained to read at once.
    pub(crate) fn trained_context(&self) -> u32 {
        self.inner.n_ctx_train()
    }

    /// The tokens of these numbers.
    ///
    /// # Errors
    /// The first number that is no token, in words.
    pub(crate) fn known(&self, tokens: &[u32]) -> Result<Vec<LlamaToken>, String> {
        let most = self.vocabulary();
        let known = tokens.iter().map(|token| {
            let id = i32::try_from(*token).ok().filter(|_| *token < most);
            let reason = || format!("{token} is no token of this model, whose tokens are below {most}");
            id.map(LlamaToken::new).ok_or_else(reason)
        });
        known.collect()
    }

    /// Whether it is made to embed, and not to generate: it says how its vectors are pooled.
    pub(crate) fn pools(&self) -> bool {
        let read = |key: &str| self.inner.meta_val_str(key).ok();
        let pooling = read("general.architecture").and_then(|name| read(&format!("{name}.pooling_type")));
        pooling.is_some_and(|pooling| pooling != "0")
    }

    /// Whether a part of what it has read can be taken back: not where it has a state instead of a cache.
    pub(crate) fn can_take_back(&self) -> bool {
        !self.inner.is_recurrent() && !self.inner.is_hybrid()
    }

    /// How many tokens there are.
    pub(crate) fn vocabulary(&self) -> u32 {
        self.inner.n_vocab().unsigned_abs()
    }

    /// The bytes of the longest token, at most.
    pub(crate) fn longest_token(&self) -> usize {
        self.longest_token
    }

    pub(crate) fn inner(&self) -> &LlamaModel {
        &self.inner
    }
}

fn refused(path: &Path, reason: &str) -> Error {
    Error::Refused { path: path.to_owned(), reason: reason.to_owned() }
}

/// llama.cpp, as this crate makes it ready, once a process.
///
/// For programs that use [`llama_cpp_2`] beside this crate: whoever comes second cannot make it ready.
///
/// # Errors
/// When another part of the program has made it ready.
pub fn library() -> Result<&'static Library, Error> {
    static LIBRARY: OnceLock<Result<Library, LlamaCppError>> = OnceLock::new();
    let library = LIBRARY.get_or_init(|| {
        // What it has to say is for whoever looks closely, and never for stderr.
        let is_wanted = tracing::enabled!(target: "llama-cpp-2", tracing::Level::DEBUG);
        send_logs_to_tracing(LogOptions::default().with_logs_enabled(is_wanted));
        Library::init()
    });
    library.as_ref().map_err(|_| Error::Taken)
}
