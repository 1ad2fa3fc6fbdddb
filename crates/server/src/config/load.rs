//! Loads the configuration: merges its layers, checks them, and prepares the backends.

use std::ffi::OsString;
use std::sync::Arc;

use antiphon_backend::Backend;
use serde_json::{Map, Value};

use super::error::{ConfigError, Fault};
use super::layers::Layers;
use super::sources::{File, Flags};
use super::{Config, check, names, ranges, reader};
use crate::kinds::{Build, Environment, Kinds};
use crate::log;

/// A valid configuration, and what builds its backends.
pub(crate) struct Loaded {
    pub(crate) config: Config,
    builds: Vec<Build>,
    environment: Environment,
    layers: Layers,
}

/// Loads the defaults, the file, the variables and the flags, each over those before it.
///
/// # Errors
/// For a text that is no TOML, and for a key that is unknown, of a wrong type or has a wrong value.
pub(crate) fn load(
    file: &File,
    variables: impl IntoIterator<Item = (OsString, OsString)>,
    flags: Flags,
    kinds: &Kinds,
) -> Result<Loaded, ConfigError> {
    let defaults = defaults();
    let variables: Vec<_> = variables.into_iter().collect();
    let environment = variables.iter().cloned().collect();
    let layers = Layers::merge(&defaults, file, variables, flags)?;
    let values = check::check(layers.values()?, &defaults, &layers, kinds);
    let config = values.and_then(read).map_err(|fault| layers.locate(fault))?;
    let builds = prepare(&config, kinds).map_err(|fault| layers.locate(fault))?;
    Ok(Loaded { config, builds, environment, layers })
}

impl Loaded {
    /// Builds the backends, in the order of the configuration.
    ///
    /// # Errors
    /// For a backend that cannot be built or has no model, and for a model's name that cannot be or is there twice.
    pub(crate) fn build(self) -> Result<(Config, Vec<Arc<dyn Backend>>), ConfigError> {
        let builds = self.builds.into_iter().enumerate();
        let backends = builds.map(|(index, build)| {
            build(&self.environment).map_err(|reason| Fault::new(names::path(index), reason))
        });
        let backends = backends.collect::<Result<Vec<_>, _>>();
        match backends.and_then(|backends| names::check(&self.config, &backends).map(|()| backends)) {
            Ok(backends) => Ok((self.config, backends)),
            Err(fault) => Err(self.layers.locate(fault)),
        }
    }
}

/// The defaults of every key, as the bottom layer and as the types of the keys.
pub(super) fn defaults() -> Map<String, Value> {
    match serde_json::to_value(Config::default()) {
        Ok(Value::Object(defaults)) => defaults,
        _ => Map::new(),
    }
}

/// Reads values whose keys and types have been checked.
fn read(values: Value) -> Result<Config, Fault> {
    ranges::check(&values)?;
    let config: Config = reader::read(values).map_err(|(key, reason)| Fault::new(key, reason))?;
    log::check(&config.log.level).map_err(|reason| Fault::new("log.level", reason))?;
    Ok(config)
}

fn prepare(config: &Config, kinds: &Kinds) -> Result<Vec<Build>, Fault> {
    let backends = config.backends.iter().enumerate();
    let builds = backends.map(|(index, backend)| {
        let build = kinds.prepare(&backend.kind, backend.settings.clone());
        build.map_err(|(key, reason)| Fault::new(format!("{}{key}", names::path(index)), reason))
    });
    builds.collect()
}
