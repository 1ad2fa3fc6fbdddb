//! How single fields are read and written where serde's way is too narrow.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, Unexpected, Visitor},
};
use serde_json::Value;

/// Reads a field that is there, null included: absent stays the outer `None`.
#[expect(clippy::option_option, reason = "absent and null are two things")]
pub(crate) fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Reads null as what stands for a field that is absent.
pub(crate) fn null_as<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
    absent: impl FnOnce() -> T,
) -> Result<T, D::Error> {
    Option::deserialize(deserializer).map(|value| value.unwrap_or_else(absent))
}

/// Reads null as the default.
pub(crate) fn null_as_default<'de, T: Deserialize<'de> + Default, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    null_as(deserializer, T::default)
}

/// What stands for a text or a string enum that is absent: the empty one.
pub(crate) fn empty<T: From<&'static str>>() -> T {
    T::from("")
}

/// Reads null as the empty text, or as the string enum's `Other("")`.
pub(crate) fn null_as_empty<'de, T: Deserialize<'de> + From<&'static str>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    null_as(deserializer, empty)
}

/// Reads null, a text, or any other value's JSON text.
pub(crate) fn optional_text_or_json<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Null => None,
        Value::String(text) => Some(text),
        value => Some(value.to_string()),
    })
}

/// Reads a text, perhaps null, or any other value's JSON text.
pub(crate) fn text_or_json<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    optional_text_or_json(deserializer).map(Option::unwrap_or_default)
}

/// Reads Unix seconds, whole or with a fraction, which is cut off.
pub(crate) fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    deserializer.deserialize_u64(Seconds)
}

/// Reads Unix seconds, null as 0.
pub(crate) fn null_as_no_seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    #[derive(Deserialize)]
    struct Time(#[serde(deserialize_with = "seconds")] u64);
    Ok(Option::deserialize(deserializer)?.map_or(0, |Time(seconds)| seconds))
}

struct Seconds;

impl Visitor<'_> for Seconds {
    type Value = u64;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Unix seconds")
    }

    fn visit_u64<E: Error>(self, seconds: u64) -> Result<u64, E> {
        Ok(seconds)
    }

    fn visit_i64<E: Error>(self, seconds: i64) -> Result<u64, E> {
        u64::try_from(seconds).map_err(|_| E::invalid_value(Unexpected::Signed(seconds), &self))
    }

    fn visit_f64<E: Error>(self, seconds: f64) -> Result<u64, E> {
        /// The first number that is too large: 2⁶⁴.
        const END: f64 = 18_446_744_073_709_551_616.0;
        if !(0.0..END).contains(&seconds) {
            return Err(E::invalid_value(Unexpected::Float(seconds), &self));
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the range")]
        Ok(seconds as u64)
    }
}
