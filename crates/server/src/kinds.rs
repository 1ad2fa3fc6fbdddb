//! The kinds of backend that a configuration can name.

mod echo;
mod environment;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use antiphon_backend::{Backend, EchoBackend};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use self::echo::EchoConfig;
#[cfg(test)]
pub(crate) use self::echo::LONGEST_DELAY_MS;
pub use self::environment::Environment;
use crate::config::{did_you_mean, read};

/// Builds one backend from settings that were found valid.
pub(crate) type Build = Box<dyn FnOnce(&Environment) -> Result<Arc<dyn Backend>, String>>;

/// Why a kind refuses settings: the key, such as `.prefix` or empty for all of them, and the reason.
pub(crate) type Refused = (String, String);

/// The kinds of backend that `kind = "…"` can name in a configuration.
///
/// `Kinds::default()` knows `echo`; [`with`](Self::with) adds one of your own. With them a whole binary is:
///
/// ```no_run
/// use std::process::ExitCode;
/// use std::sync::Arc;
///
/// use antiphon_backend::EchoBackend;
/// use antiphon_server::{Kinds, cli};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Default, Serialize, Deserialize)]
/// #[serde(default)]
/// struct ParrotConfig {
///     models: Vec<String>,
///     says: String,
/// }
///
/// fn main() -> ExitCode {
///     let kinds = Kinds::default().named("parrot", env!("CARGO_PKG_VERSION"));
///     cli::main(kinds.with("parrot", |config: ParrotConfig| {
///         Ok(Arc::new(EchoBackend::default().with_models(config.models).with_prefix(config.says)))
///     }))
/// }
/// ```
///
/// and this a part of its configuration:
///
/// ```toml
/// [[backends]]
/// kind = "parrot"
/// models = ["polly"]
/// says = "Squawk! "
/// ```
pub struct Kinds {
    kinds: BTreeMap<String, Kind>,
    program: Program,
}

/// What the binary calls itself.
#[derive(Clone, Copy)]
pub(crate) struct Program {
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
}

struct Kind {
    defaults: Result<Map<String, Value>, String>,
    prepare: Box<dyn Fn(Value) -> Result<Build, Refused>>,
}

impl Default for Kinds {
    fn default() -> Self {
        let program = Program { name: "antiphon", version: env!("CARGO_PKG_VERSION") };
        let kinds = Self { kinds: BTreeMap::new(), program };
        kinds.with("echo", |config: EchoConfig| Ok(Arc::new(EchoBackend::from(config))))
    }
}

impl Kinds {
    /// Adds a kind with the settings `C`, or replaces the one of that name.
    ///
    /// `C` is a struct with named fields that is `Serialize`, `Deserialize`, `Default` and `#[serde(default)]`. Its default,
    /// serialised, is what the keys and types of a `[[backends]]` table are checked against: each field must appear in
    /// it. A field that is `None` there takes any type, an empty map any keys. A key that is absent from the table takes
    /// its default. Where the backend's models are settings, the key is best called `models`: errors about them name it.
    ///
    /// `build` is called once for each backend of this kind, in the runtime of the server; its error is one line that
    /// says why there can be no such backend.
    #[must_use]
    pub fn with<C, F>(self, name: &str, build: F) -> Self
    where
        C: Serialize + DeserializeOwned + Default + 'static,
        F: Fn(C) -> Result<Arc<dyn Backend>, String> + 'static,
    {
        self.with_environment(name, move |settings, _| build(settings))
    }

    /// Adds a kind as [`with`](Self::with) does, whose settings name variables of the environment.
    ///
    /// `build` looks them up in what it is given: a secret's variable is a setting, and the secret is none.
    #[must_use]
    pub fn with_environment<C, F>(mut self, name: &str, build: F) -> Self
    where
        C: Serialize + DeserializeOwned + Default + 'static,
        F: Fn(C, &Environment) -> Result<Arc<dyn Backend>, String> + 'static,
    {
        let build = Arc::new(build);
        let prepare = move |settings| -> Result<Build, Refused> {
            let settings: C = read(settings).map_err(|(path, reason)| (below(path), reason.to_string()))?;
            let build = Arc::clone(&build);
            Ok(Box::new(move |environment| build(settings, environment)))
        };
        self.kinds.insert(name.to_owned(), Kind { defaults: defaults::<C>(), prepare: Box::new(prepare) });
        self
    }

    /// Sets the name and version of the binary, which `--version` prints; those of `antiphon` by default.
    #[must_use]
    pub fn named(mut self, name: &'static str, version: &'static str) -> Self {
        self.program = Program { name, version };
        self
    }

    /// What the binary calls itself.
    pub(crate) fn program(&self) -> Program {
        self.program
    }

    /// The default settings of a kind.
    pub(crate) fn defaults(&self, name: &str) -> Result<Map<String, Value>, String> {
        self.get(name)?.defaults.clone()
    }

    /// Reads the settings of one backend.
    pub(crate) fn prepare(&self, name: &str, settings: Map<String, Value>) -> Result<Build, Refused> {
        let kind = self.get(name).map_err(|reason| (".kind".to_owned(), reason))?;
        (kind.prepare)(Value::Object(settings))
    }

    fn get(&self, name: &str) -> Result<&Kind, String> {
        self.kinds.get(name).ok_or_else(|| {
            let known: Vec<String> = self.kinds.keys().cloned().collect();
            format!("unknown kind `{name}`{}", did_you_mean(name, &known, &[]))
        })
    }
}

fn defaults<C: Serialize + Default>() -> Result<Map<String, Value>, String> {
    match serde_json::to_value(C::default()) {
        Ok(Value::Object(defaults)) => Ok(defaults),
        Ok(_) => Err("its settings are not a struct with named fields".to_owned()),
        Err(error) => Err(format!("its defaults cannot be serialised: {error}")),
    }
}

/// The path of a key below its table, with the dot that joins the two; empty for the table itself.
fn below(path: String) -> String {
    if path.is_empty() { path } else { format!(".{path}") }
}
