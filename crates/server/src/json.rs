//! A request body as a borrowed tree: scanned once, checked against the rules, then read into its type.

mod de;
mod parse;

use std::borrow::Cow;

pub(crate) use parse::{ParseError, parse};

/// One JSON value that borrows its strings from the body.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node<'a> {
    Null,
    Boolean(bool),
    Unsigned(u64),
    /// A negative integer.
    Signed(i64),
    Decimal(f64),
    String(Cow<'a, str>),
    Array(Vec<Node<'a>>),
    /// In the order of the document; a key may stand in it twice, which is for the rules to refuse.
    Object(Vec<(Cow<'a, str>, Node<'a>)>),
}

impl<'a> Node<'a> {
    /// The type's name with its article, as error messages give it.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean(_) => "a boolean",
            Self::Unsigned(_) | Self::Signed(_) => "an integer",
            Self::Decimal(_) => "a decimal",
            Self::String(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }

    /// The value of the first `key` of an object.
    pub(crate) fn get(&self, key: &str) -> Option<&Node<'a>> {
        match self {
            Self::Object(entries) => entries.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// How many integers it is, or holds in arrays of any depth.
    pub(crate) fn integers(&self) -> usize {
        match self {
            Self::Unsigned(_) | Self::Signed(_) => 1,
            Self::Array(nodes) => nodes.iter().map(Self::integers).sum(),
            _ => 0,
        }
    }
}
