//! The sections of the configuration, one type for each.

use std::borrow::Cow;
use std::net::{Ipv4Addr, SocketAddr};

use clap::ValueEnum;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

/// Address, threads, connections, and the end of the process: `[server]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ServerConfig {
    /// Address and port to listen on; port 0 takes a free one. Default `127.0.0.1:8000`.
    #[serde(deserialize_with = "read_address")]
    pub bind: SocketAddr,
    /// Worker threads, 0 to 1,024; 0 starts one per core. Default 0.
    pub workers: usize,
    /// Keeps serving a client that has closed its sending half. Default `false`.
    ///
    /// While it is off, a client that leaves is noticed within 0.1 s, also when its request waits or its stream is silent.
    pub half_closed: bool,
    /// How long an idle connection stays open, in seconds, 0 to 86,400; 0 closes it after its answer. Default 75.
    pub keep_alive_s: u64,
    /// How long running requests may go on once the server is told to stop, in seconds, 0 to 86,400. Default 60.
    pub shutdown_timeout_s: u64,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            bind: SocketAddr::from((Ipv4Addr::LOCALHOST, 8000)),
            workers: 0,
            half_closed: false,
            keep_alive_s: 75,
            shutdown_timeout_s: 60,
        }
    }
}

/// How much one request may ask for, and how long it may take: `[limits]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Limits {
    /// Size of a request's body in bytes, 1,024 to 1 GiB; a larger one is a 413. Default 33,554,432 (32 MiB).
    pub body_bytes: usize,
    /// How long a body may take to arrive, in seconds, 1 to 3,600. Default 30.
    pub body_timeout_s: u64,
    /// How long one generation may take, in seconds, 1 to 86,400. Default 600.
    pub request_timeout_s: u64,
    /// Largest `n` and `best_of` of a request, 1 to 128. Default 8.
    pub max_choices: u32,
    /// Most prompts of a completion, 1 to 2,048; as many choices, or `max_choices` where that is more, may be asked for
    /// in all. Default 128.
    pub max_prompts: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 32 * 1024 * 1024,
            body_timeout_s: 30,
            request_timeout_s: 600,
            max_choices: 8,
            max_prompts: 128,
        }
    }
}

/// Details of streamed answers: `[stream]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct StreamConfig {
    /// What is sent while a stream is silent. Default [`KeepAlive::Comment`].
    pub keep_alive: KeepAlive,
    /// Silence after which it is sent, in seconds, 1 to 3,600. Default 15.
    pub keep_alive_interval_s: u64,
    /// Sends `obfuscation` in each chunk of a chat that does not decide it by `include_obfuscation`. Default `false`.
    pub obfuscation: bool,
}

impl Default for StreamConfig {
    fn default() -> Self {
        Self { keep_alive: KeepAlive::Comment, keep_alive_interval_s: 15, obfuscation: false }
    }
}

/// What is sent while a stream is silent, so that no client or proxy gives up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum KeepAlive {
    /// Nothing: `off`.
    Off,
    /// An event-stream comment, which clients skip: `comment`.
    Comment,
    /// A chunk with an empty delta, for clients that reject comments: `chunk`.
    Chunk,
}

/// How strictly requests are read: `[api]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ApiConfig {
    /// Refuses a request with an unknown field (400, `unknown_parameter`) instead of keeping the field. Default `false`.
    pub strict: bool,
}

/// What is logged, and how: `[log]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct LogConfig {
    /// How a line looks. Default [`LogFormat::Pretty`].
    pub format: LogFormat,
    /// What is logged: directives such as `info` or `warn,antiphon_server=debug`. Default `info`.
    ///
    /// The syntax is that of [`EnvFilter`](https://docs.rs/tracing-subscriber/latest/tracing_subscriber/filter/struct.EnvFilter.html#directives).
    pub level: String,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { format: LogFormat::Pretty, level: "info".to_owned() }
    }
}

/// How a log line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum LogFormat {
    /// Text for people, coloured on a terminal.
    Pretty,
    /// One JSON object a line, for machines.
    Json,
}

impl LogFormat {
    /// The name that stands in the configuration.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Pretty => "pretty",
            Self::Json => "json",
        }
    }
}

/// Reads an address from a file, a variable or a flag.
pub(crate) fn address(text: &str) -> Result<SocketAddr, &'static str> {
    text.parse().map_err(|_| "not an address and port, such as `127.0.0.1:8000`")
}

fn read_address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SocketAddr, D::Error> {
    address(&Cow::<str>::deserialize(deserializer)?).map_err(D::Error::custom)
}
