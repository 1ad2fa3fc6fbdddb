//! The kind `llama`: a GGUF model in this process, where the binary is built with llama.cpp.

use std::process::ExitCode;

use antiphon_llama::Config;
use antiphon_server::Kinds;

/// Adds the kind.
#[cfg(feature = "llama")]
pub(crate) fn add(kinds: Kinds) -> Kinds {
    use std::sync::Arc;

    use antiphon_llama::{LlamaBackend, trial};

    kinds.with("llama", |config: Config| {
        let load = || {
            if config.trial {
                trial::pass(&config)?;
            }
            LlamaBackend::load(&config)
        };
        Ok(Arc::new(load().map_err(|error| error.to_string())?))
    })
}

/// Adds the kind by its name, so that a configuration is told what the binary lacks.
#[cfg(not(feature = "llama"))]
pub(crate) fn add(kinds: Kinds) -> Kinds {
    kinds.with("llama", |_: Config| {
        Err("this binary is built without llama.cpp; it has to be built with the feature `llama`".to_owned())
    })
}

/// Tries a model, where this process was started for that; `None`: it is to serve.
pub(crate) fn trial() -> Option<ExitCode> {
    #[cfg(feature = "llama")]
    {
        antiphon_llama::trial::run()
    }
    #[cfg(not(feature = "llama"))]
    None
}
