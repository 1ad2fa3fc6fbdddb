//! The ranges of the numeric keys.

use std::ops::RangeInclusive;

use serde_json::Value;

use super::error::Fault;

/// Every key that is a number, with the values it takes.
pub(super) const RANGES: [(&str, RangeInclusive<u64>); 9] = [
    ("server.workers", 0..=1_024),
    ("server.keep_alive_s", 0..=86_400),
    ("server.shutdown_timeout_s", 0..=86_400),
    ("limits.body_bytes", 1_024..=1_073_741_824),
    ("limits.body_timeout_s", 1..=3_600),
    ("limits.request_timeout_s", 1..=86_400),
    ("limits.max_choices", 1..=128),
    ("limits.max_prompts", 1..=2_048),
    ("stream.keep_alive_interval_s", 1..=3_600),
];

/// Holds every number of the configuration against its range.
pub(super) fn check(config: &Value) -> Result<(), Fault> {
    for (key, range) in RANGES {
        let value = config.pointer(&format!("/{}", key.replace('.', "/"))).and_then(Value::as_u64);
        if !value.is_some_and(|value| range.contains(&value)) {
            return Err(Fault::new(key, format_args!("must be from {} to {}", range.start(), range.end())));
        }
    }
    Ok(())
}
