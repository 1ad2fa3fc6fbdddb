//! What can be configured, and how the layers come together.

mod backends;
mod check;
mod error;
mod layers;
mod load;
mod models;
mod names;
mod nearest;
mod ranges;
mod reader;
mod reason;
mod sections;
mod sources;
#[cfg(test)]
mod tests;
mod values;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::kinds::Kinds;

pub use error::ConfigError;
pub(crate) use load::load;
pub use models::{ModelConfig, Reasoning};
pub(crate) use nearest::did_you_mean;
pub(crate) use reader::read;
pub(crate) use sections::address;
pub use sections::{ApiConfig, KeepAlive, Limits, LogConfig, LogFormat, ServerConfig, StreamConfig};
pub(crate) use sources::{File, Flags};

/// The whole configuration of a server.
///
/// Every section and key has a default, so `Config::default()` is complete: it is what the binary runs without a file.
/// In TOML each field is a table of the same name; a key that is not known is an error.
///
/// ```
/// let mut config = antiphon_server::Config::default();
/// config.server.bind = ([127, 0, 0, 1], 0).into();
/// config.limits.max_choices = 2;
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Config {
    /// Address, threads, connections, and the end of the process.
    pub server: ServerConfig,
    /// How much one request may ask for, and how long it may take.
    pub limits: Limits,
    /// Details of streamed answers.
    pub stream: StreamConfig,
    /// How strictly requests are read.
    pub api: ApiConfig,
    /// What is logged, and how.
    ///
    /// [`run`](crate::run) and [`Server`](crate::Server) start no log: a program that calls them starts it with
    /// [`log::start`](crate::log::start).
    pub log: LogConfig,
    /// What their backends do not say of models; nothing by default.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub models: Vec<ModelConfig>,
    /// The backends that the binary builds, at least one; default: one echo.
    ///
    /// [`run`](crate::run) and [`Server`](crate::Server) are given their backends, and do not read this.
    pub backends: Vec<BackendConfig>,
}

/// One backend: its kind and the settings of that kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BackendConfig {
    /// A kind that is registered in [`Kinds`], such as `echo`.
    pub kind: String,
    /// The kind's own keys; an absent one takes the kind's default.
    #[serde(flatten)]
    pub settings: Map<String, Value>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            server: ServerConfig::default(),
            limits: Limits::default(),
            stream: StreamConfig::default(),
            api: ApiConfig::default(),
            log: LogConfig::default(),
            models: Vec::new(),
            backends: vec![BackendConfig { kind: "echo".to_owned(), settings: Map::new() }],
        }
    }
}

impl Config {
    /// Reads a configuration in TOML over the defaults, as the binary reads its file.
    ///
    /// The settings of the backends, which are of kind `echo`, are checked too; none is built.
    ///
    /// ```
    /// use antiphon_server::Config;
    ///
    /// let config = Config::from_toml("[limits]\nmax_choices = 2")?;
    /// assert_eq!(config.limits.max_choices, 2);
    ///
    /// let error = Config::from_toml("[limits]\nmax_choice = 2").expect_err("there is no such key");
    /// assert_eq!(error.to_string(), "TOML: unknown key `limits.max_choice`, did you mean `limits.max_choices`?");
    /// # Ok::<(), antiphon_server::config::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// For a text that is no TOML, and for a key that is unknown, of a wrong type or has a wrong value.
    pub fn from_toml(text: &str) -> Result<Self, ConfigError> {
        let loaded = load(&File::of("TOML", text), [], Flags::default(), &Kinds::default())?;
        Ok(loaded.config)
    }

    /// The configuration as TOML, which loads as the same configuration.
    pub(crate) fn to_toml(&self) -> Result<String, toml::ser::Error> {
        toml::to_string(self)
    }
}
