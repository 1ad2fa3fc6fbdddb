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

use crate::marks::Marks;
use crate::{Config, Error, gguf};

/// A loaded model.
#[derive(Debug)]
pub(crate) struct Model {
    inner: LlamaModel,
    library: &'static Library,
    path: PathBuf,
    longest_token: usize,
    marks: Marks,
    /// The tokens of a line feed, where the vocabulary puts a space before what it reads: with them that space can be taken
    /// away, as a line feed joins with nothing.
    spaced_line: Vec<LlamaToken>,
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
        let marks = Marks::of(&inner);
        let spaced_line = spaced_line(&inner);
        Ok(Self { inner, library, path: path.to_owned(), longest_token, marks, spaced_line })
    }

    /// A context of its own.
    pub(crate) fn context(&self, parameters: LlamaContextParams) -> Result<LlamaContext<'_>, Error> {
        let context = self.inner.new_context(self.library, parameters);
        context.map_err(|_| refused(&self.path, "there is too little memory for its context"))
    }

    /// The tokens of a text that stands alone: what the vocabulary puts before a text is before it.
    ///
    /// Marks that stand in it are letters.
    pub(crate) fn text(&self, text: &str) -> Vec<LlamaToken> {
        self.inner.vocab().tokenize(text.as_bytes(), true, false)
    }

    /// The tokens of a part of a prompt, with nothing before them; marks that stand in it are marks.
    pub(crate) fn segment(&self, text: &str) -> Vec<LlamaToken> {
        let tokens = |text: &str| self.inner.vocab().tokenize(text.as_bytes(), false, true);
        if self.spaced_line.is_empty() {
            return tokens(text);
        }
        let behind_line = tokens(&format!("\n{text}"));
        behind_line.strip_prefix(&*self.spaced_line).map_or_else(|| tokens(text), <[_]>::to_vec)
    }

    /// The bytes that a token stands for.
    pub(crate) fn bytes(&self, token: LlamaToken) -> Vec<u8> {
        self.inner.vocab().token_to_piece(token, true, None)
    }

    /// The bytes that a token adds to an answer: of a mark none, but where `reads_marks` has those that are read.
    pub(crate) fn said(&self, token: LlamaToken, reads_marks: bool) -> Vec<u8> {
        let is_read = reads_marks && self.marks.is_read(token);
        self.inner.vocab().token_to_piece(token, is_read, None)
    }

    pub(crate) fn marks(&self) -> &Marks {
        &self.marks
    }

    /// The texts of the tokens that begin and end a text; empty where there is none.
    pub(crate) fn edges(&self) -> [String; 2] {
        let vocabulary = self.inner.vocab();
        [vocabulary.bos(), vocabulary.eos()].map(|token| match token.0 {
            0.. => String::from_utf8_lossy(&self.bytes(token)).into_owned(),
            _ => String::new(),
        })
    }

    /// A chat template that the model comes with, by its name; none: the one for everything.
    pub(crate) fn chat_template(&self, name: Option<&str>) -> Option<String> {
        self.inner.chat_template(name).ok()?.to_string().ok()
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

fn spaced_line(model: &LlamaModel) -> Vec<LlamaToken> {
    let vocabulary = model.vocab();
    let line = vocabulary.tokenize(b"\n", false, false);
    let bytes = line.iter().flat_map(|token| vocabulary.token_to_piece(*token, true, None));
    if bytes.eq(*b" \n") { line } else { Vec::new() }
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
