//! Numbers that are written as integers where they are whole.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

/// Writes a map of numbers, whole ones as integers: some servers take nothing else.
#[expect(clippy::ref_option, reason = "serde hands over the field as it is")]
pub(crate) fn map<S: Serializer>(
    numbers: &Option<BTreeMap<String, f64>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match numbers {
        Some(numbers) => serializer.collect_map(numbers.iter().map(|(name, &number)| (name, Number(number)))),
        None => serializer.serialize_none(),
    }
}

struct Number(f64);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        /// Up to here every whole number is exact in an `f64`.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        if self.0.fract() != 0.0 || self.0.abs() > EXACT {
            return serializer.serialize_f64(self.0);
        }
        #[expect(clippy::cast_possible_truncation, reason = "whole, and within the exact range")]
        serializer.serialize_i64(self.0 as i64)
    }
}
