//! What is wrong with a request, where, and how OpenAI says it.

use std::fmt::Write as _;

/// One fault of a request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fault {
    /// The path of the value at fault, as in `messages[2].content[0].type`.
    pub(crate) param: String,
    pub(crate) cause: Cause,
}

/// Why a value is refused.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cause {
    Missing,
    WrongType {
        expected: String,
        found: &'static str,
    },
    IntegerBelow {
        min: i64,
        found: String,
    },
    IntegerAbove {
        max: i64,
        found: String,
    },
    DecimalBelow {
        min: f64,
        found: f64,
    },
    DecimalAbove {
        max: f64,
        found: f64,
    },
    NotSupported {
        found: String,
        supported: Vec<&'static str>,
    },
    /// A string, an array or an object of another length than it may have.
    Length {
        fault: Length,
        limit: usize,
        found: usize,
    },
    Pattern {
        pattern: &'static str,
    },
    EmptyArray,
    Unknown,
    Twice,
    /// A rule between fields, in words of its own.
    Rule {
        code: Option<&'static str>,
        message: String,
    },
}

/// Which length is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Length {
    StringTooShort,
    StringTooLong,
    ArrayTooLong,
    TooManyKeys,
    KeyTooLong,
}

impl Length {
    /// The code; what it is; what was expected, and what was found, before their numbers.
    fn row(self) -> (&'static str, &'static str, &'static str, &'static str) {
        match self {
            Self::StringTooShort => (
                "string_below_min_length",
                "string too short",
                "a string with minimum length",
                "a string with length",
            ),
            Self::StringTooLong => (
                "string_above_max_length",
                "string too long",
                "a string with maximum length",
                "a string with length",
            ),
            Self::ArrayTooLong => (
                "array_above_max_length",
                "array too long",
                "an array with maximum length",
                "an array with length",
            ),
            Self::TooManyKeys => (
                "object_above_max_properties",
                "too many properties",
                "an object whose number of properties is at most",
                "one with",
            ),
            Self::KeyTooLong => (
                "property_name_above_max_length",
                "property name too long",
                "a name with maximum length",
                "a name with length",
            ),
        }
    }
}

/// As much of a caller's text as an answer repeats, in bytes.
pub(crate) const QUOTED: usize = 64;

/// Characters of a number that is repeated as it stands; most have no more.
const DIGITS: usize = 20;

impl Fault {
    /// A fault at `param`.
    pub(crate) fn new(param: impl Into<String>, cause: Cause) -> Self {
        Self { param: param.into(), cause }
    }

    /// A breach of a rule between fields, said in full by `message`, without a code.
    pub(crate) fn rule(param: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(param, Cause::Rule { code: None, message: message.into() })
    }

    /// A breach of a rule between fields that has a code.
    pub(crate) fn coded(param: impl Into<String>, code: &'static str, message: impl Into<String>) -> Self {
        Self::new(param, Cause::Rule { code: Some(code), message: message.into() })
    }

    /// A field stands without the one that it belongs to.
    pub(crate) fn only_with(param: &str, other: &str) -> Self {
        let message = format!("The '{param}' parameter is only allowed when '{other}' is enabled.");
        Self::rule(param, message)
    }

    /// A parameter that the model of the request cannot honour.
    pub(crate) fn unsupported(param: &str) -> Self {
        let message = format!("Unsupported parameter: '{param}' is not supported with this model.");
        Self::coded(param, "unsupported_parameter", message)
    }

    /// The fault seen from one level further out.
    pub(crate) fn within(mut self, outer: &str) -> Self {
        let dot = if self.param.is_empty() || self.param.starts_with('[') { "" } else { "." };
        self.param.insert_str(0, dot);
        self.param.insert_str(0, outer);
        self
    }

    /// The fault seen from an object whose keys are the caller's.
    pub(crate) fn within_key(self, key: &str) -> Self {
        self.within(&quoted(key, QUOTED))
    }

    /// OpenAI's `code`.
    pub(crate) fn code(&self) -> Option<&'static str> {
        Some(match &self.cause {
            Cause::Missing => "missing_required_parameter",
            Cause::WrongType { .. } => "invalid_type",
            Cause::IntegerBelow { .. } => "integer_below_min_value",
            Cause::IntegerAbove { .. } => "integer_above_max_value",
            Cause::DecimalBelow { .. } => "decimal_below_min_value",
            Cause::DecimalAbove { .. } => "decimal_above_max_value",
            Cause::NotSupported { .. } | Cause::Pattern { .. } => "invalid_value",
            Cause::Length { fault, .. } => fault.row().0,
            Cause::EmptyArray => "empty_array",
            Cause::Unknown => "unknown_parameter",
            Cause::Twice => "duplicate_parameter",
            Cause::Rule { code, .. } => return *code,
        })
    }

    /// The sentence for the caller.
    pub(crate) fn message(&self) -> String {
        let param = match &*self.param {
            "" => "request body".into(),
            param => quoted(param, 4 * QUOTED),
        };
        match &self.cause {
            Cause::Missing => format!("Missing required parameter: '{param}'."),
            Cause::WrongType { expected, found } => {
                format!("Invalid type for '{param}': expected {expected}, but got {found} instead.")
            }
            Cause::IntegerBelow { min, found } => bound(&param, "integer below minimum", ">=", min, found),
            Cause::IntegerAbove { max, found } => bound(&param, "integer above maximum", "<=", max, found),
            Cause::DecimalBelow { min, found } => {
                bound(&param, "decimal below minimum", ">=", min, short(*found))
            }
            Cause::DecimalAbove { max, found } => {
                bound(&param, "decimal above maximum", "<=", max, short(*found))
            }
            Cause::NotSupported { found, supported } => not_supported(found, supported),
            Cause::Pattern { pattern } => format!(
                "Invalid '{param}': string does not match pattern. Expected a string that matches the pattern '{pattern}'."
            ),
            Cause::EmptyArray => format!(
                "Invalid '{param}': empty array. Expected an array with minimum length 1, but got an empty array instead."
            ),
            Cause::Length { fault, limit, found } => {
                let (_, what, expected, kind) = fault.row();
                format!(
                    "Invalid '{param}': {what}. Expected {expected} {limit}, but got {kind} {found} instead."
                )
            }
            Cause::Unknown => format!("Unknown parameter: '{param}'."),
            Cause::Twice => format!("Duplicate parameter: '{param}'. Give it once."),
            Cause::Rule { message, .. } => message.clone(),
        }
    }
}

fn bound(
    param: &str,
    what: &str,
    relation: &str,
    limit: impl std::fmt::Display,
    found: impl std::fmt::Display,
) -> String {
    format!("Invalid '{param}': {what} value. Expected a value {relation} {limit}, but got {found} instead.")
}

/// A number as it stands, or with an exponent where it would fill lines with zeros.
fn short(number: f64) -> String {
    let plain = number.to_string();
    if plain.len() <= DIGITS { plain } else { format!("{number:e}") }
}

/// `Invalid value: 'x'. Supported values are: 'a', 'b', and 'c'.`
fn not_supported(found: &str, supported: &[&str]) -> String {
    let mut message = format!("Invalid value: '{}'. Supported values are: ", quoted(found, QUOTED));
    for (position, value) in supported.iter().enumerate() {
        let separator = match position {
            0 => "",
            _ if position + 1 < supported.len() => ", ",
            1 => " and ",
            _ => ", and ",
        };
        // Writing to a string cannot fail.
        let _ = write!(message, "{separator}'{value}'");
    }
    message.push('.');
    message
}

/// The start of a caller's text, cut at a character.
pub(crate) fn quoted(text: &str, most: usize) -> std::borrow::Cow<'_, str> {
    if text.len() <= most {
        return text.into();
    }
    let end = (0..=most).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    format!("{}…", &text[..end]).into()
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn numbers_are_short() {
        for (number, expected) in [
            (2.1, "2.1"),
            (-3.0, "-3"),
            (0.1 + 0.2, "0.30000000000000004"),
            (1e300, "1e300"),
            (f64::MIN, "-1.7976931348623157e308"),
            (-5e-324, "-5e-324"),
        ] {
            assert_eq!(short(number), expected);
        }
    }
}
