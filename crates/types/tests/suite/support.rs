//! What several tests need.

use std::fmt::Debug;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// Reads JSON text.
pub(crate) fn read<T: DeserializeOwned>(json: &str) -> T {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {json}"))
}

/// Reads JSON text that must be refused, and returns why, without the place.
pub(crate) fn refused<T: DeserializeOwned + Debug>(json: &str) -> String {
    let Err(error) = serde_json::from_str::<T>(json) else { panic!("{json} must be refused") };
    let refusal = error.to_string();
    refusal.rsplit_once(" at line ").map_or(refusal.clone(), |(refusal, _place)| refusal.to_owned())
}

/// Writes JSON text.
pub(crate) fn write<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("every value can be written")
}

/// Reads JSON, writes it back, and compares the two.
pub(crate) fn check_lossless<T: Serialize + DeserializeOwned>(json: &str) {
    let value: T = read(json);
    assert_eq!(read::<Value>(&write(&value)), read::<Value>(json));
}

/// Says that two JSON texts are one value.
pub(crate) fn check_same<T: DeserializeOwned + PartialEq + Debug>(json: &str, other: &str) {
    assert_eq!(read::<T>(json), read::<T>(other), "{json}");
}
