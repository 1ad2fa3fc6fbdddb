//! What a JSON value must be.

/// What a name is made of.
pub(super) const NAME_PATTERN: &str = "^[a-zA-Z0-9_-]+$";
/// Characters of a name, at the most; it has one at the least.
pub(super) const NAME_LENGTH: usize = 64;
/// What the id of a token is made of.
pub(super) const TOKEN_PATTERN: &str = "^[0-9]+$";

/// The rule of one value.
#[derive(Debug)]
pub(crate) enum Rule {
    Boolean,
    /// A whole number within both bounds.
    Integer {
        min: i64,
        max: i64,
    },
    /// A number within both bounds.
    Decimal {
        min: f64,
        max: f64,
    },
    /// A string of so many bytes at the least and characters at the most.
    String {
        min: usize,
        max: usize,
    },
    /// A name that the API takes: 1 to 64 of `a-z A-Z 0-9 _ -`.
    Name,
    /// A model's name: 1 to 256 characters, none of them a control character.
    Model,
    /// One of these strings.
    Choice(&'static [&'static str]),
    /// An array of so many items.
    Array {
        min: usize,
        max: usize,
        items: &'static Rule,
    },
    /// Any object, kept as it is: a JSON Schema, for one.
    Free,
    /// An object with these fields.
    Object(&'static [Field]),
    /// An object whose keys are the caller's.
    Map {
        keys: usize,
        key: Key,
        value: &'static Rule,
    },
    /// An object whose field `tag` says which fields it has.
    Tagged {
        tag: &'static str,
        variants: &'static [(&'static str, &'static [Field])],
    },
    /// The first rule of the value's JSON type; of an array, the first with the type of its first item.
    OneOf(&'static [Rule]),
}

/// What the keys of a map must be.
#[derive(Debug)]
pub(crate) enum Key {
    /// At most so many characters.
    Text(usize),
    /// A token's id.
    Token,
}

/// One field of an object.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    /// Whether it must be there; one that need not be may be null too.
    pub(crate) required: bool,
    pub(crate) rule: Rule,
}

/// A field that must be there and is not null.
pub(crate) const fn required(name: &'static str, rule: Rule) -> Field {
    Field { name, required: true, rule }
}

/// A field that may be absent, or null.
pub(crate) const fn optional(name: &'static str, rule: Rule) -> Field {
    Field { name, required: false, rule }
}

impl Rule {
    /// Any string.
    pub(crate) const TEXT: Self = Self::String { min: 0, max: usize::MAX };

    /// An array without bounds on its length.
    pub(crate) const fn list(items: &'static Rule) -> Self {
        Self::Array { min: 0, max: usize::MAX, items }
    }

    /// What a value of another type should have been, as OpenAI words it.
    pub(crate) fn expected(&self) -> String {
        match self {
            Self::Boolean => "a boolean".to_owned(),
            Self::Integer { .. } => "an integer".to_owned(),
            Self::Decimal { .. } => "a decimal".to_owned(),
            Self::String { .. } | Self::Name | Self::Model | Self::Choice(_) => "a string".to_owned(),
            Self::Array { items, .. } => match items {
                Self::OneOf(_) => "an array".to_owned(),
                Self::Array { .. } => {
                    format!("an array of {}", bare(&items.expected()).replacen("array", "arrays", 1))
                }
                items => format!("an array of {}s", bare(&items.expected())),
            },
            Self::Free | Self::Object(_) | Self::Map { .. } | Self::Tagged { .. } => "an object".to_owned(),
            Self::OneOf(rules) => one_of(rules.iter()),
        }
    }
}

/// What a value should have been where it may be of several types, or of one.
pub(super) fn one_of<'r>(rules: impl Iterator<Item = &'r Rule>) -> String {
    let kinds: Vec<_> = rules.map(Rule::expected).collect();
    match &kinds[..] {
        [kind] => kind.clone(),
        kinds => {
            let bare: Vec<_> = kinds.iter().map(|kind| bare(kind)).collect();
            format!("one of a {}", bare.join(" or "))
        }
    }
}

/// A type's name without its article.
fn bare(kind: &str) -> &str {
    kind.split_once(' ').map_or(kind, |(_, rest)| rest)
}
