//! Schemas that hold for the same place, taken together.

use std::ptr;

use serde_json::{Map, Value};

/// The kinds of JSON values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Null,
    Boolean,
    Integer,
    Number,
    String,
    Array,
    Object,
}

impl Kind {
    /// Whether a value is of this kind.
    pub(super) fn is_of(self, value: &Value) -> bool {
        match self {
            Self::Null => value.is_null(),
            Self::Boolean => value.is_boolean(),
            Self::Integer | Self::Number => value.is_number(),
            Self::String => value.is_string(),
            Self::Array => value.is_array(),
            Self::Object => value.is_object(),
        }
    }
}

/// The kinds in the order in which they are tried where a schema does not say which.
const KINDS: [Kind; 7] =
    [Kind::String, Kind::Null, Kind::Boolean, Kind::Integer, Kind::Number, Kind::Array, Kind::Object];

/// Keywords that say something of one kind alone.
const TELLING: [(&str, Kind); 19] = [
    ("properties", Kind::Object),
    ("required", Kind::Object),
    ("additionalProperties", Kind::Object),
    ("patternProperties", Kind::Object),
    ("minProperties", Kind::Object),
    ("items", Kind::Array),
    ("prefixItems", Kind::Array),
    ("minItems", Kind::Array),
    ("uniqueItems", Kind::Array),
    ("contains", Kind::Array),
    ("minLength", Kind::String),
    ("maxLength", Kind::String),
    ("pattern", Kind::String),
    ("format", Kind::String),
    ("minimum", Kind::Number),
    ("maximum", Kind::Number),
    ("exclusiveMinimum", Kind::Number),
    ("exclusiveMaximum", Kind::Number),
    ("multipleOf", Kind::Number),
];

/// Formats that are checked; all others are notes.
const FORMATS: [&str; 19] = [
    "date-time",
    "date",
    "time",
    "duration",
    "email",
    "idn-email",
    "hostname",
    "idn-hostname",
    "ipv4",
    "ipv6",
    "uri",
    "uri-reference",
    "iri",
    "iri-reference",
    "uri-template",
    "uuid",
    "json-pointer",
    "relative-json-pointer",
    "regex",
];

/// All schemas that hold for one place of an instance; none allows anything.
#[derive(Clone, Debug, Default)]
pub(super) struct Conjunction<'s>(Vec<&'s Map<String, Value>>);

impl<'s> Conjunction<'s> {
    /// Adds a schema; false where it is there already.
    pub(super) fn insert(&mut self, schema: &'s Map<String, Value>) -> bool {
        let is_new = !self.0.iter().any(|known| ptr::eq(*known, schema));
        if is_new {
            self.0.push(schema);
        }
        is_new
    }

    pub(super) fn schemas(&self) -> impl Iterator<Item = &'s Map<String, Value>> {
        self.0.iter().copied()
    }

    /// How many schemas there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The values of a keyword.
    pub(super) fn each(&self, keyword: &'static str) -> impl Iterator<Item = &'s Value> {
        self.schemas().filter_map(move |schema| schema.get(keyword))
    }

    /// The largest value of a keyword that asks for at least so many.
    pub(super) fn at_least(&self, keyword: &'static str) -> u64 {
        self.each(keyword).filter_map(whole).max().unwrap_or(0)
    }

    /// The smallest value of a keyword that allows at most so many.
    pub(super) fn at_most(&self, keyword: &'static str) -> u64 {
        self.each(keyword).filter_map(whole).min().unwrap_or(u64::MAX)
    }

    /// The values that alone can be here, where a schema lists them.
    pub(super) fn listed(&self) -> Option<&'s [Value]> {
        let constant = self.each("const").map(std::slice::from_ref).next();
        constant.or_else(|| self.each("enum").find_map(|values| values.as_array().map(Vec::as_slice)))
    }

    /// The kinds that all schemas allow, in the order of the first that says.
    pub(super) fn kinds(&self) -> Vec<Kind> {
        let mut stated = self.each("type").map(kinds_of);
        let Some(mut kinds) = stated.next() else { return self.likely_kinds() };
        for others in stated {
            kinds = kinds.into_iter().filter_map(|kind| both(kind, &others)).collect();
        }
        kinds
    }

    /// The kinds that the keywords tell of, or else all.
    fn likely_kinds(&self) -> Vec<Kind> {
        let told =
            |kind| TELLING.iter().any(|(keyword, of)| *of == kind && self.each(keyword).next().is_some());
        let likely: Vec<_> = KINDS.into_iter().filter(|kind| told(*kind)).collect();
        if likely.is_empty() { KINDS.to_vec() } else { likely }
    }

    /// Whether a string that is to be here can be any text of so many characters.
    pub(super) fn takes_text(&self, characters: u64) -> bool {
        let is_free = |schema: &Map<String, Value>| {
            ["const", "enum", "pattern", "contentEncoding", "contentMediaType"]
                .iter()
                .all(|key| !schema.contains_key(*key))
        };
        self.schemas().all(is_free)
            && self.format().is_none()
            && (self.at_least("minLength")..=self.at_most("maxLength")).contains(&characters)
    }

    /// The format that a string must have.
    pub(super) fn format(&self) -> Option<&'s str> {
        self.each("format").filter_map(Value::as_str).find(|format| FORMATS.contains(format))
    }
}

/// The number of a limit, which may be written with a fraction of zero.
fn whole(value: &Value) -> Option<u64> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a limit is whole, and not negative"
    )]
    value.as_u64().or_else(|| value.as_f64().map(|limit| limit as u64))
}

fn kinds_of(stated: &Value) -> Vec<Kind> {
    let kind = |value: &Value| match value.as_str()? {
        "null" => Some(Kind::Null),
        "boolean" => Some(Kind::Boolean),
        "integer" => Some(Kind::Integer),
        "number" => Some(Kind::Number),
        "string" => Some(Kind::String),
        "array" => Some(Kind::Array),
        "object" => Some(Kind::Object),
        _ => None,
    };
    match stated {
        Value::Array(list) => list.iter().filter_map(kind).collect(),
        one => kind(one).into_iter().collect(),
    }
}

/// What is of a kind and of one of the others.
fn both(kind: Kind, others: &[Kind]) -> Option<Kind> {
    match kind {
        Kind::Number if !others.contains(&Kind::Number) => {
            others.contains(&Kind::Integer).then_some(Kind::Integer)
        }
        Kind::Integer => [Kind::Integer, Kind::Number].iter().any(|one| others.contains(one)).then_some(kind),
        kind => others.contains(&kind).then_some(kind),
    }
}

/// The schemas in a list that a keyword holds.
pub(super) fn list<'s>(schema: &'s Map<String, Value>, keyword: &str) -> &'s [Value] {
    schema.get(keyword).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}
