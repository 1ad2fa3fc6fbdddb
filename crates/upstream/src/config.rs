//! What can be set of an upstream: a `[[backends]]` table of kind `upstream`.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::lacks::Lack;

/// The longest time that can be set, in seconds: a day.
const LONGEST_S: f64 = 86_400.0;

/// The shortest, a millisecond.
const SHORTEST_S: f64 = 0.001;

/// Settings of one upstream.
///
/// Times are in seconds, 0.001 to 86,400, and may have a fraction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Config {
    /// Where the replicas are, at least one: `http://` or `https://`.
    ///
    /// As clients are given it, such as `https://api.openai.com/v1`; to one without a path `/v1` is added. All serve
    /// the same models and take the same key.
    pub base_urls: Vec<String>,
    /// The variable of the environment that holds the API key; none by default.
    pub api_key_env: Option<String>,
    /// The file that holds the API key, without a line feed or with one; none by default.
    pub api_key_file: Option<PathBuf>,
    /// The models that are served. None, the default: those that the upstream lists.
    pub models: Vec<ModelConfig>,
    /// What no model of this upstream can do; nothing by default.
    pub lacks: Vec<Lack>,
    /// How long a connection may take. Default 5.
    #[serde(deserialize_with = "seconds")]
    pub connect_timeout_s: f64,
    /// How long the first byte of an answer may take, which of a whole answer comes last. Default 120.
    #[serde(deserialize_with = "seconds")]
    pub first_byte_timeout_s: f64,
    /// How long an answer that has begun may be silent. Default 60.
    #[serde(deserialize_with = "seconds")]
    pub stall_timeout_s: f64,
    /// How long an answer may take from its request to its end. Default 600.
    #[serde(deserialize_with = "seconds")]
    pub total_timeout_s: f64,
    /// After how many failures in a row a replica is asked no more, 1 to 1,000. Default 3.
    #[serde(deserialize_with = "times")]
    pub eject_after: u32,
    /// How often a replica is probed that is asked no more. Default 5.
    #[serde(deserialize_with = "seconds")]
    pub probe_interval_s: f64,
    /// How often the list of models is read, where [`models`](Self::models) names none. Default 300.
    #[serde(deserialize_with = "seconds")]
    pub models_refresh_s: f64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            base_urls: Vec::new(),
            api_key_env: None,
            api_key_file: None,
            models: Vec::new(),
            lacks: Vec::new(),
            connect_timeout_s: 5.0,
            first_byte_timeout_s: 120.0,
            stall_timeout_s: 60.0,
            total_timeout_s: 600.0,
            eject_after: 3,
            probe_interval_s: 5.0,
            models_refresh_s: 300.0,
        }
    }
}

/// One model of an upstream: a table, or its id alone.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ModelConfig {
    /// The name that requests give; `*` stands for any.
    pub id: String,
    /// The upstream's name of it; none, the default: the same.
    pub upstream: Option<String>,
    /// Tokens of prompt and answer together, at most, as the list tells them; none by default.
    pub context_length: Option<u64>,
    /// What it cannot do beside what none of the upstream's models can.
    pub lacks: Vec<Lack>,
}

impl ModelConfig {
    /// A model that has the same name at the upstream.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), ..Self::default() }
    }

    /// Sets the upstream's name of it.
    #[must_use]
    pub fn upstream(mut self, name: impl Into<String>) -> Self {
        self.upstream = Some(name.into());
        self
    }
}

impl<'de> Deserialize<'de> for ModelConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NameOrTable)
    }
}

struct NameOrTable;

impl<'de> Visitor<'de> for NameOrTable {
    type Value = ModelConfig;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string or a table")
    }

    fn visit_str<E: serde::de::Error>(self, id: &str) -> Result<ModelConfig, E> {
        Ok(ModelConfig::new(id))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ModelConfig, A::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Table {
            id: String,
            upstream: Option<String>,
            context_length: Option<u64>,
            #[serde(default)]
            lacks: Vec<Lack>,
        }
        let Table { id, upstream, context_length, lacks } =
            Table::deserialize(MapAccessDeserializer::new(map))?;
        Ok(ModelConfig { id, upstream, context_length, lacks })
    }
}

/// How long each part of an exchange may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timeouts {
    pub(crate) connect: Duration,
    pub(crate) first_byte: Duration,
    pub(crate) stall: Duration,
    pub(crate) total: Duration,
}

impl Config {
    pub(crate) fn timeouts(&self) -> Timeouts {
        Timeouts {
            connect: duration(self.connect_timeout_s),
            first_byte: duration(self.first_byte_timeout_s),
            stall: duration(self.stall_timeout_s),
            total: duration(self.total_timeout_s),
        }
    }
}

/// A time that was set; one that was set past the range by a program is the nearest within.
pub(crate) fn duration(seconds: f64) -> Duration {
    let seconds = if seconds.is_nan() { SHORTEST_S } else { seconds };
    Duration::from_secs_f64(seconds.clamp(SHORTEST_S, LONGEST_S))
}

fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    let seconds = f64::deserialize(deserializer)?;
    if (SHORTEST_S..=LONGEST_S).contains(&seconds) {
        return Ok(seconds);
    }
    Err(D::Error::custom(format_args!("must be from {SHORTEST_S} to {LONGEST_S}")))
}

fn times<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let times = u32::deserialize(deserializer)?;
    if (1..=1_000).contains(&times) { Ok(times) } else { Err(D::Error::custom("must be from 1 to 1000")) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::{Value, json};

    use super::*;

    fn read(settings: Value) -> Result<Config, String> {
        serde_json::from_value(settings).map_err(|error| error.to_string())
    }

    #[test]
    fn every_key_stands_in_the_defaults() {
        let defaults = serde_json::to_value(Config::default()).unwrap();
        assert_eq!(defaults.as_object().map(serde_json::Map::len), Some(12));
        assert_eq!(read(defaults), Ok(Config::default()));
    }

    #[test]
    fn document_has_every_key_with_its_default_and_no_other() {
        let document = include_str!("../../../docs/configuration.md");
        // Up to the next kind, whose rows look alike.
        let (_, section) = document.split_once("A backend of kind `upstream` ").expect("a section");
        let section = section.split("A backend of kind `").next().unwrap_or_default();
        let rows = section.lines().filter_map(|line| line.strip_prefix("| **`")?.split_once("`** | "));
        let documented: BTreeMap<_, Value> = rows
            .map(|(key, rest)| {
                let default = rest.trim_end_matches(" |").rsplit(" | ").next().unwrap_or_default();
                let default = default.trim_matches('`').replace("none", "null");
                (key.to_owned(), serde_json::from_str(&default).expect("a default"))
            })
            .collect();
        let defaults = serde_json::to_value(Config::default()).unwrap();
        assert_eq!(json!(documented), defaults);
    }

    #[test]
    fn model_is_its_id_or_a_table() {
        let table = json!({"id": "fast", "upstream": "gpt-4o-mini", "lacks": ["vision"]});
        let config = read(json!({"models": ["gpt-4o", table]})).unwrap();
        let mut fast = ModelConfig::new("fast").upstream("gpt-4o-mini");
        fast.lacks = vec![Lack::Vision];
        assert_eq!(config.models, [ModelConfig::new("gpt-4o"), fast]);
    }

    #[test]
    fn values_past_their_range_are_refused() {
        for (settings, reason) in [
            (json!({"stall_timeout_s": 0}), "must be from 0.001 to 86400"),
            (json!({"total_timeout_s": 1e9}), "must be from 0.001 to 86400"),
            (json!({"eject_after": 0}), "must be from 1 to 1000"),
            (json!({"models": [{"id": "a", "upstrem": "b"}]}), "unknown field `upstrem`"),
            (json!({"models": [7]}), "expected a string or a table"),
            (json!({"lacks": ["wings"]}), "unknown variant `wings`"),
            (json!({"base_url": "http://a"}), "unknown field `base_url`"),
        ] {
            let refused = read(settings).expect_err(reason);
            assert!(refused.contains(reason), "{refused}");
        }
    }

    #[test]
    fn durations_keep_their_range() {
        let kept = [f64::NAN, -1.0, 0.25, f64::INFINITY].map(duration);
        assert_eq!(kept, [1, 1, 250, 86_400_000].map(Duration::from_millis));
    }
}
