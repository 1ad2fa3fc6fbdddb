//! Tries a model in another process, which may die of it.
//!
//! llama.cpp ends the process where a file says what it does not expect, and no check of a file finds all of that. So a program
//! that is to live starts itself again, with [`ARGUMENT`], and lets that process load the model and generate a token.

use std::env;
use std::io::{self, Write};
use std::process::{Command, ExitCode, Stdio};

use antiphon_backend::{Backend, BackendError, Context, StreamExt, completions, embeddings};

use crate::{Config, Error, LlamaBackend, gguf};

/// The argument with which a program starts itself to try a model.
pub const ARGUMENT: &str = "--llama-trial";

/// Tries a model in another process of this program, whose `main` has to call [`run`] first of all.
///
/// # Errors
/// What the process says, or that it died.
pub fn pass(config: &Config) -> Result<(), Error> {
    config.check()?;
    gguf::check_file(&config.path)?;
    let refused = |reason: String| Error::Refused { path: config.path.clone(), reason };
    let settings = serde_json::to_vec(config).map_err(|error| refused(error.to_string()))?;
    let mut child = Command::new(env::current_exe().map_err(Error::Process)?)
        .arg(ARGUMENT)
        // What it has to say of its own end is not for whoever reads our log.
        .env("GGML_NO_BACKTRACE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(Error::Process)?;
    if let Some(mut stdin) = child.stdin.take() {
        // Fails where the child has died already, which its status says.
        let _ = stdin.write_all(&settings);
    }
    let output = child.wait_with_output().map_err(Error::Process)?;
    let said = String::from_utf8_lossy(&output.stdout);
    match said.lines().next() {
        _ if output.status.success() => Ok(()),
        Some(line) => Err(Error::Trial(line.to_owned())),
        None => Err(refused(format!("the process that tried it died ({})", output.status))),
    }
}

/// Tries a model, where this process was started for that; `None`: it was not.
pub fn run() -> Option<ExitCode> {
    if env::args_os().nth(1)? != ARGUMENT {
        return None;
    }
    Some(match tried() {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            // Where nobody reads it, the status is enough.
            let _ = writeln!(io::stdout(), "{reason}");
            ExitCode::FAILURE
        }
    })
}

fn tried() -> Result<(), Box<dyn std::error::Error>> {
    let mut config: Config = serde_json::from_reader(io::stdin())?;
    // As little memory as will do: the other process has the model too.
    config.slots = 1;
    let path = config.path.clone();
    let backend = LlamaBackend::load(&config)?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let used = runtime.block_on(used(&backend));
    used.map_err(|error| {
        let reason = format!("it does not compute: {error}");
        Error::Refused { path, reason }.into()
    })
}

/// Generates a token and embeds a text, as far as the model does.
async fn used(backend: &LlamaBackend) -> Result<(), BackendError> {
    let [model] = &backend.models()[..] else { return Ok(()) };
    if model.has(antiphon_backend::Capability::Completions) {
        let request = completions::Request::new(&*model.id, "Hello, world").max_tokens(2);
        let mut events = backend.complete(request, Context::default());
        while let Some(event) = events.next().await {
            event?;
        }
    }
    if model.has(antiphon_backend::Capability::Embeddings) {
        backend.embed(embeddings::Request::new(&*model.id, "Hello, world"), Context::default()).await?;
    }
    Ok(())
}
