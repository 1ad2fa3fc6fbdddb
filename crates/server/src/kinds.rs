//! The kinds of backend that a configuration can name.

mod echo;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use antiphon_backend::{Backend, EchoBackend};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use self::echo::EchoConfig;
use crate::config::did_you_mean;

/// Builds one backend from settings that were found valid.
pub(crate) type Build = Box<dyn FnOnce() -> Result<Arc<dyn Backend>, String>>;

/// Why a kind refuses settings: the key, such as `.prefix` or empty for all of them, and the reason.
pub(crate) type Refused = (String, String);

/// The kinds of backend that `kind = "…"` can name in a configuration.
///
/// `Kinds::default()` knows `echo`; [`with`](Self::with) adds one of your own.
///
/// ```
/// use std::sync::Arc;
///
/// use antiphon_backend::EchoBackend;
/// use antiphon_server::Kinds;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Default, Serialize, Deserialize)]
/// #[serde(default)]
/// struct Parrot {
///     says: String,
/// }
///
/// let kinds = Kinds::default().with("parrot", |parrot: Parrot| {
///     Ok(Arc::new(EchoBackend::default().with_models(["parrot"]).with_prefix(parrot.says)))
/// });
/// // A whole `main` is now `antiphon_server::cli::main(kinds)`, and this is its configuration:
/// let config = r#"
///     [[backends]]
///     kind = "parrot"
///     says = "Squawk! "
/// "#;
/// ```
pub struct Kinds {
    kinds: BTreeMap<String, Kind>,
}

struct Kind {
    defaults: Result<Map<String, Value>, String>,
    prepare: Box<dyn Fn(Value) -> Result<Build, Refused>>,
}

impl Default for Kinds {
    fn default() -> Self {
        let kinds = Self { kinds: BTreeMap::new() };
        kinds.with("echo", |config: EchoConfig| Ok(Arc::new(EchoBackend::from(config))))
    }
}

impl Kinds {
    /// Adds a kind with the settings `C`, or replaces the one of that name.
    ///
    /// `C` is a struct with named fields and `#[serde(default)]`. Its default, serialised, is what the keys and types of a
    /// `[[backends]]` table are checked against: each field must appear in it. A field that is `None` there takes any
    /// type, an empty map any keys.
    ///
    /// `build` is called once for each backend of this kind, in the runtime of the server; its error is one line that
    /// says why there can be no such backend.
    #[must_use]
    pub fn with<C, F>(mut self, name: &str, build: F) -> Self
    where
        C: Serialize + DeserializeOwned + Default + 'static,
        F: Fn(C) -> Result<Arc<dyn Backend>, String> + 'static,
    {
        let build = Arc::new(build);
        let prepare = move |settings| -> Result<Build, Refused> {
            let settings: C = serde_path_to_error::deserialize(settings).map_err(refused)?;
            let build = Arc::clone(&build);
            Ok(Box::new(move || build(settings)))
        };
        self.kinds.insert(name.to_owned(), Kind { defaults: defaults::<C>(), prepare: Box::new(prepare) });
        self
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

fn refused(error: serde_path_to_error::Error<serde_json::Error>) -> Refused {
    let whole = error.path().iter().next().is_none();
    let key = if whole { String::new() } else { format!(".{}", error.path()) };
    (key, error.into_inner().to_string())
}
