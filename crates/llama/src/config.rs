//! The settings of a backend of kind `llama`.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::Error;

/// Settings of a backend of kind `llama`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Config {
    /// The GGUF file; there is no default.
    pub path: PathBuf,
    /// A file with the chat template to use, in Jinja; none, the default: the model's own.
    pub chat_template_file: PathBuf,
    /// Names that the model answers to, the first of which is listed; by default the name of the file.
    pub models: Vec<String>,
    /// Tokens of prompt and answer together, at most; 0: as many as the model was trained for, up to
    /// [`Config::MOST_BY_DEFAULT`].
    pub context_length: u32,
    /// Answers that are generated at the same time, 1 to [`Config::MOST_SLOTS`].
    pub slots: u32,
    /// Answers that may wait for a slot, up to [`Config::MOST_QUEUE`]; those beyond are refused.
    pub queue: u32,
    /// Threads that compute; 0: one for each core that there is.
    pub threads: u32,
    /// Tokens of prompts that one step takes, at most, 1 to [`Config::MOST_PREFILL`].
    pub prefill_tokens: u32,
    /// Layers that are computed by a GPU, where llama.cpp is built for one, 0 to [`Config::MOST_LAYERS`].
    pub gpu_layers: u32,
    /// Whether the model embeds texts too, by the mean of its last layer.
    pub embeddings: bool,
    /// Temperature where a request has none, 0 to 2.
    pub temperature: f32,
    /// Nucleus where a request has none, 0 to 1.
    pub top_p: f32,
    /// Likeliest tokens that are drawn from, where a request has no `top_k`, up to [`Config::MOST_TOP_K`]; 0: all.
    pub top_k: u32,
    /// Part of the likeliest token's probability that others need, where a request has no `min_p`, 0 to 1.
    pub min_p: f32,
    /// Whether a server loads the model in another process first, so that a file which crashes llama.cpp is refused.
    pub trial: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            path: PathBuf::new(),
            chat_template_file: PathBuf::new(),
            models: Vec::new(),
            context_length: 0,
            slots: 4,
            queue: 32,
            threads: 0,
            // From 64 on llama.cpp's CPU kernels add up in another order: an answer would change with how its prompt was
            // cut into pieces.
            prefill_tokens: 63,
            gpu_layers: 0,
            embeddings: false,
            temperature: 1.0,
            top_p: 1.0,
            top_k: 0,
            min_p: 0.0,
            trial: true,
        }
    }
}

impl Config {
    /// The longest context that is given to a slot where the settings do not say how long.
    pub const MOST_BY_DEFAULT: u32 = 4096;
    /// The most slots that a model can have.
    pub const MOST_SLOTS: u32 = 128;
    /// The most answers that can wait.
    pub const MOST_QUEUE: u32 = 65_536;
    /// The most tokens of prompts that one step can take.
    pub const MOST_PREFILL: u32 = 2048;
    /// The most layers that a GPU can be given: more than any model has.
    pub const MOST_LAYERS: u32 = 65_536;
    /// The most tokens that `top_k` can keep: more than any vocabulary has.
    pub const MOST_TOP_K: u32 = 1 << 24;

    /// The defaults for a model in this file.
    pub fn new(path: impl AsRef<Path>) -> Self {
        Self { path: path.as_ref().to_owned(), ..Self::default() }
    }

    /// Holds every value against its range.
    ///
    /// # Errors
    /// The first that is out of it.
    pub fn check(&self) -> Result<(), Error> {
        let range = |key, value: f64, least: f64, most: f64| {
            let fits = (least..=most).contains(&value);
            let reason = || format!("must be from {least} to {most}, not {value}");
            if fits { Ok(()) } else { Err(Error::Setting { key, reason: reason() }) }
        };
        if self.path.as_os_str().is_empty() {
            return Err(Error::Setting { key: "path", reason: "must name a GGUF file".to_owned() });
        }
        range("slots", self.slots.into(), 1.0, Self::MOST_SLOTS.into())?;
        range("queue", self.queue.into(), 0.0, Self::MOST_QUEUE.into())?;
        range("gpu_layers", self.gpu_layers.into(), 0.0, Self::MOST_LAYERS.into())?;
        range("top_k", self.top_k.into(), 0.0, Self::MOST_TOP_K.into())?;
        range("prefill_tokens", self.prefill_tokens.into(), 1.0, Self::MOST_PREFILL.into())?;
        range("threads", self.threads.into(), 0.0, 512.0)?;
        range("context_length", self.context_length.into(), 0.0, f64::from(1 << 24))?;
        range("temperature", self.temperature.into(), 0.0, 2.0)?;
        range("top_p", self.top_p.into(), 0.0, 1.0)?;
        range("min_p", self.min_p.into(), 0.0, 1.0)
    }

    /// The names that the model answers to, at least one.
    pub fn names(&self) -> Vec<String> {
        if self.models.is_empty() {
            let stem = self.path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
            vec![stem.unwrap_or_else(|| "llama".to_owned())]
        } else {
            self.models.clone()
        }
    }
}
