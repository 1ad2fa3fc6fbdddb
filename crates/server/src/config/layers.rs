//! The layers of the configuration, merged, each value with the source that it came from.

use std::ffi::OsString;

use ::config::builder::DefaultState;
use ::config::{Config as Layer, ConfigBuilder, Value as Sourced, ValueKind};
use serde_json::{Map, Value};

use super::check;
use super::error::{ConfigError, Fault};
use super::sources::{self, File, Flags, PREFIX};
use super::values::Foreign;

/// All layers as one.
pub(super) struct Layers {
    root: Sourced,
    file: String,
    /// Of the file.
    foreign: Foreign,
}

impl Layers {
    /// Merges the layers, later ones over earlier ones; a list is replaced as a whole.
    pub(super) fn merge(
        defaults: &Map<String, Value>,
        file: &File,
        variables: impl IntoIterator<Item = (OsString, OsString)>,
        flags: Flags,
    ) -> Result<Self, ConfigError> {
        let (values, foreign) = file.values()?;
        check::bare(&values, defaults).map_err(|fault| ConfigError::new(&file.name, fault.message))?;
        let mut layers =
            Vec::from([defaults.clone(), values].map(|values| sources::layer(values, &file.name)));
        layers.extend(sources::variables(variables, defaults)?);
        layers.extend(flags.layers());
        let builder = layers.into_iter().fold(Layer::builder(), ConfigBuilder::<DefaultState>::add_source);
        let merged = builder.build().map_err(|error| ConfigError::new(&file.name, error))?;
        Ok(Self { root: merged.cache, file: file.name.clone(), foreign })
    }

    /// The merged values without their sources.
    pub(super) fn values(&self) -> Result<Map<String, Value>, ConfigError> {
        let values = self.root.clone().try_deserialize();
        let mut values: Map<_, _> = values.map_err(|error| ConfigError::new(&self.file, error))?;
        // The layers are hash tables: without an order, the fault that is told first would change from run to run.
        values.sort_keys();
        values.values_mut().for_each(Value::sort_all_objects);
        Ok(values)
    }

    /// Names the source of a fault: of the key, or of the part of its path that is there, else the file.
    pub(super) fn locate(&self, fault: Fault) -> ConfigError {
        let origin = origin(self.find(&fault.key).0).unwrap_or(&self.file);
        ConfigError::new(origin, fault.message)
    }

    /// Whether a variable set this very key, so that its value arrived as text.
    pub(super) fn is_variable(&self, key: &str) -> bool {
        let (value, whole) = self.find(key);
        whole && value.origin().is_some_and(|origin| origin.starts_with(PREFIX))
    }

    /// What the file has at a key that no setting takes, where nothing stands over it.
    pub(super) fn foreign(&self, key: &str) -> Option<&str> {
        let found = self.foreign.get(key)?;
        (self.find(key).0.origin() == Some(&self.file)).then_some(found)
    }

    /// Follows the path of a key as far as it goes, and says whether that is its end.
    fn find(&self, key: &str) -> (&Sourced, bool) {
        let mut value = &self.root;
        for segment in key.split(['.', '[']) {
            let inner = match &value.kind {
                ValueKind::Table(table) => table.get(segment),
                ValueKind::Array(items) => {
                    let index = segment.trim_end_matches(']').parse::<usize>();
                    index.ok().and_then(|index| items.get(index))
                }
                _ => None,
            };
            let Some(inner) = inner else { return (value, false) };
            value = inner;
        }
        (value, true)
    }
}

/// The source of a value, or of the first one within it: a merged table has none of its own.
fn origin(value: &Sourced) -> Option<&str> {
    match &value.kind {
        ValueKind::Table(table) => {
            let origins = table.iter().filter_map(|(key, value)| Some((key, origin(value)?)));
            origins.min().map(|(_, origin)| origin)
        }
        ValueKind::Array(items) => items.iter().find_map(origin),
        _ => value.origin(),
    }
}
