//! Why a value is refused, in the words of the configuration rather than in those of Rust.

use std::fmt::{self, Display};

use serde::de::{self, Expected, Unexpected};

use super::nearest::did_you_mean;

/// Why a value is refused, in one line without the key.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Reason(String);

impl de::Error for Reason {
    fn custom<T: Display>(message: T) -> Self {
        Self(message.to_string())
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self(format!("must be {}, not {}", wanted(expected), kind(found)))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let wanted = wanted(expected);
        Self(match found {
            Unexpected::Unsigned(value) => format!("must be {wanted}, not {value}"),
            Unexpected::Signed(value) => format!("must be {wanted}, not {value}"),
            Unexpected::Str(value) => format!("must be {wanted}, not `{value}`"),
            found => format!("must be {wanted}, not {found}"),
        })
    }

    fn unknown_variant(found: &str, variants: &'static [&'static str]) -> Self {
        Self(format!("must be {}, not `{found}`", Choice(variants)))
    }

    fn unknown_field(field: &str, fields: &'static [&'static str]) -> Self {
        let valid: Vec<String> = fields.iter().map(|&field| field.to_owned()).collect();
        Self(format!("unknown key `{field}`{}", did_you_mean(field, &valid, &[])))
    }

    fn missing_field(field: &'static str) -> Self {
        Self(format!("the key `{field}` is missing"))
    }
}

/// Names in a sentence: `` `a`, `b` or `c` ``.
struct Choice<'a>(&'a [&'a str]);

impl Display for Choice<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, name) in self.0.iter().enumerate() {
            let joint = match index {
                0 => "",
                index if index + 1 == self.0.len() => " or ",
                _ => ", ",
            };
            write!(formatter, "{joint}`{name}`")?;
        }
        Ok(())
    }
}

/// What a type takes. Serde names the types of Rust, which say nothing to who writes a configuration.
fn wanted(expected: &dyn Expected) -> String {
    let expected = expected.to_string();
    let (name, least) = match expected.strip_prefix("a nonzero ") {
        Some(name) => (name, 1),
        None => (expected.as_str(), 0),
    };
    match name {
        "u8" => format!("an integer from {least} to {}", u8::MAX),
        "u16" => format!("an integer from {least} to {}", u16::MAX),
        "u32" => format!("an integer from {least} to {}", u32::MAX),
        "u64" | "usize" | "u128" => format!("an integer, {least} or more"),
        "i8" => format!("an integer from {} to {}", i8::MIN, i8::MAX),
        "i16" => format!("an integer from {} to {}", i16::MIN, i16::MAX),
        "i32" => format!("an integer from {} to {}", i32::MIN, i32::MAX),
        "i64" | "isize" | "i128" => "an integer".to_owned(),
        "f32" | "f64" => "a number".to_owned(),
        "a boolean" => "true or false".to_owned(),
        "a sequence" => "a list".to_owned(),
        "a map" => "a table".to_owned(),
        name if name.starts_with("struct ") => "a table".to_owned(),
        _ => expected,
    }
}

/// What kind of value was found.
fn kind(found: Unexpected<'_>) -> String {
    match found {
        Unexpected::Bool(_) => "true or false".to_owned(),
        Unexpected::Unsigned(_) | Unexpected::Signed(_) => "an integer".to_owned(),
        Unexpected::Float(_) => "a number with a fraction".to_owned(),
        Unexpected::Str(_) | Unexpected::Char(_) => "a string".to_owned(),
        Unexpected::Unit | Unexpected::Option => "nothing".to_owned(),
        Unexpected::Seq => "a list".to_owned(),
        Unexpected::Map => "a table".to_owned(),
        found => found.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::num::NonZeroU16;

    use serde::Deserialize;
    use serde::de::DeserializeOwned;
    use serde_json::{Value, json};

    use super::super::reader::read;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Mode {
        Off,
        Every(u8),
        Between { from: i8, to: Option<i8> },
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Retry {
        times: u8,
    }

    fn check<T: DeserializeOwned>(value: Value, path: &str, reason: &str) {
        let Err((at, refused)) = read::<T>(value) else { panic!("taken, not: {reason}") };
        assert_eq!((at.as_str(), refused.to_string().as_str()), (path, reason));
    }

    #[test]
    fn values_are_read_as_from_json() {
        let modes = json!(["off", {"every": 2}, {"between": {"from": -3, "to": null}}]);
        let expected = vec![Mode::Off, Mode::Every(2), Mode::Between { from: -3, to: None }];
        assert_eq!(read::<Vec<Mode>>(modes).unwrap(), expected);
        assert_eq!(read::<(bool, f64, char)>(json!([true, 1, "x"])).unwrap(), (true, 1.0, 'x'));
        let value = json!({"a": [1, -2, 2.5, "x", null, {"b": false}]});
        assert_eq!(read::<Value>(value.clone()).unwrap(), value);
    }

    #[test]
    fn numbers_have_their_ranges() {
        check::<u64>(json!(-5), "", "must be an integer, 0 or more, not -5");
        check::<u8>(json!(256), "", "must be an integer from 0 to 255, not 256");
        check::<i16>(json!(40_000), "", "must be an integer from -32768 to 32767, not 40000");
        check::<NonZeroU16>(json!(0), "", "must be an integer from 1 to 65535, not 0");
        check::<u32>(json!(1.5), "", "must be an integer from 0 to 4294967295, not a number with a fraction");
        check::<f32>(json!("1"), "", "must be a number, not a string");
    }

    #[test]
    fn types_are_those_of_the_file() {
        check::<bool>(json!(1), "", "must be true or false, not an integer");
        check::<Vec<u8>>(json!({}), "", "must be a list, not a table");
        check::<BTreeMap<String, u8>>(
            json!({"a": [true]}),
            "a",
            "must be an integer from 0 to 255, not a list",
        );
        check::<Vec<Retry>>(json!([true]), "[0]", "must be a table, not true or false");
        check::<String>(json!(null), "", "must be a string, not nothing");
    }

    #[test]
    fn names_are_quoted_and_the_valid_ones_listed() {
        check::<Mode>(json!("none"), "", "must be `off`, `every` or `between`, not `none`");
        check::<Retry>(json!({"time": 1}), "time", "unknown key `time`, did you mean `times`?");
        check::<Retry>(json!({}), "", "the key `times` is missing");
    }
}
