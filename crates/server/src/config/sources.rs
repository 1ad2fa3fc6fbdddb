//! The sources of the configuration, each read into one layer: a file, variables, flags.

use std::ffi::OsString;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use ::config::{Config as Layer, Value as Sourced, ValueKind};
use serde_json::{Map, Value};

use super::LogFormat;
use super::error::ConfigError;
use super::values::{self, Foreign};

/// What the name of every variable begins with.
pub(super) const PREFIX: &str = "ANTIPHON__";

/// The text of a configuration file, with the name that errors give it.
pub(crate) struct File {
    pub(super) name: String,
    text: String,
}

impl File {
    /// Reads a file.
    pub(crate) fn read(path: &Path) -> Result<Self, ConfigError> {
        let name = path.display().to_string();
        match fs::read_to_string(path) {
            Ok(text) => Ok(Self { name, text }),
            Err(error) => Err(ConfigError::new(name, format_args!("cannot be read: {error}"))),
        }
    }

    /// The file that is used where none is named.
    pub(crate) fn built_in() -> Self {
        Self::of("config/default.toml (built in)", include_str!("../../default.toml"))
    }

    /// A file of this text.
    pub(crate) fn of(name: &str, text: &str) -> Self {
        Self { name: name.to_owned(), text: text.to_owned() }
    }

    /// Reads the text as TOML; an error has its line.
    pub(super) fn values(&self) -> Result<(Map<String, Value>, Foreign), ConfigError> {
        values::document(&self.text).map_err(|error| {
            let before = error.span().map_or(0, |span| span.start);
            let line = 1 + self.text.bytes().take(before).filter(|byte| *byte == b'\n').count();
            ConfigError::new(&self.name, format_args!("line {line}: {}", error.message()))
        })
    }
}

/// The flags that set a key.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Flags {
    pub(crate) bind: Option<SocketAddr>,
    pub(crate) log_format: Option<LogFormat>,
}

impl Flags {
    /// One layer for each flag that is given.
    pub(super) fn layers(self) -> impl Iterator<Item = Layer> {
        let bind = self.bind.map(|address| entry("server.bind", &address.to_string(), "--bind"));
        let format = self.log_format.map(|format| entry("log.format", format.as_str(), "--log-format"));
        bind.into_iter().chain(format)
    }
}

/// One layer for each variable of ours, in the order of their names.
pub(super) fn variables(
    variables: impl IntoIterator<Item = (OsString, OsString)>,
    defaults: &Map<String, Value>,
) -> Result<Vec<Layer>, ConfigError> {
    let mut ours = Vec::new();
    for (name, value) in variables {
        let name = name.to_string_lossy();
        if let Some(right) = misspelt(&name) {
            let reason = format!("not a variable of Antiphon, did you mean `{right}`?");
            return Err(ConfigError::new(name, reason));
        }
        let Some(path) = name.strip_prefix(PREFIX) else { continue };
        let Ok(value) = value.into_string() else { return Err(ConfigError::new(name, "is not UTF-8")) };
        let key = key(path);
        if defaults.get(&key).is_some_and(Value::is_object) {
            return Err(ConfigError::new(name, "names a section: set its keys one by one"));
        }
        ours.push((name.to_string(), key, value));
    }
    ours.sort();
    Ok(ours.iter().map(|(name, key, value)| entry(key, value, name)).collect())
}

/// The right spelling of a variable that is meant for us, which another would ignore in silence.
///
/// One without `__` names no key: others may use it, as those do that tell a container of its neighbours.
fn misspelt(name: &str) -> Option<String> {
    let capitals = name.to_ascii_uppercase();
    let path = capitals.strip_prefix("ANTIPHON_").filter(|_| name.contains("__"))?;
    let right = format!("{PREFIX}{}", path.trim_start_matches('_'));
    (!name.starts_with(PREFIX) || name != capitals).then_some(right)
}

/// The key of a variable: `BACKENDS__0__PREFIX` is `backends[0].prefix`.
fn key(path: &str) -> String {
    let segments = path.split("__").map(|segment| match segment.parse::<u16>() {
        Ok(index) => format!("[{index}]"),
        Err(_) => format!(".{}", segment.to_lowercase()),
    });
    segments.collect::<String>().trim_start_matches('.').to_owned()
}

fn entry(key: &str, value: &str, origin: &str) -> Layer {
    layer([(key.to_owned(), Value::from(value))].into_iter().collect(), origin)
}

/// A layer of values that all come from one source.
pub(super) fn layer(values: Map<String, Value>, origin: &str) -> Layer {
    let mut layer = Layer::default();
    layer.cache = sourced(Value::Object(values), origin);
    layer
}

fn sourced(value: Value, origin: &str) -> Sourced {
    let kind = match value {
        Value::Null => ValueKind::Nil,
        Value::Bool(value) => value.into(),
        Value::Number(value) => match (value.as_i64(), value.as_u64()) {
            (Some(value), _) => value.into(),
            (None, Some(value)) => value.into(),
            (None, None) => value.as_f64().into(),
        },
        Value::String(value) => value.into(),
        Value::Array(items) => {
            ValueKind::Array(items.into_iter().map(|item| sourced(item, origin)).collect())
        }
        Value::Object(table) => {
            let entries = table.into_iter().map(|(key, value)| (key, sourced(value, origin)));
            ValueKind::Table(entries.collect())
        }
    };
    Sourced::new(Some(&origin.to_owned()), kind)
}
