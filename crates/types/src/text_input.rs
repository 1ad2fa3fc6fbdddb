//! What a `prompt` or an `input` is: texts or tokens, one or many.

use std::borrow::Cow;

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error, SeqAccess, Unexpected, value::SeqAccessDeserializer},
};

use crate::shape::{self, Shape};

/// One or many inputs, each a text or its tokens.
///
/// Texts, arrays of texts, and vectors of tokens convert into it. An array is what its first item makes of it: an
/// empty one has no texts, and a mixed one is refused.
///
/// ```
/// use antiphon_types::{TextInput, TextInputItem};
///
/// let input: TextInput = serde_json::from_str("[[1, 2], [3]]")?;
/// assert_eq!(input.len(), 2);
/// assert!(input.iter().eq([TextInputItem::Tokens(&[1, 2]), TextInputItem::Tokens(&[3])]));
/// assert!(input.into_singles().eq([TextInput::Tokens(vec![1, 2]), TextInput::Tokens(vec![3])]));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum TextInput {
    /// One text.
    Text(String),
    /// Many texts.
    Texts(Vec<String>),
    /// The tokens of one text, at least one.
    Tokens(Vec<u32>),
    /// The tokens of many texts, at least one of each.
    TokenLists(Vec<Vec<u32>>),
}

/// One of the inputs, borrowed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TextInputItem<'a> {
    /// A text.
    Text(&'a str),
    /// The tokens of a text.
    Tokens(&'a [u32]),
}

impl TextInput {
    /// Returns how many inputs there are.
    ///
    /// The tokens of one text are one.
    pub fn len(&self) -> usize {
        match self {
            Self::Text(_) | Self::Tokens(_) => 1,
            Self::Texts(texts) => texts.len(),
            Self::TokenLists(lists) => lists.len(),
        }
    }

    /// Says whether there is no input, not even an empty text.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the inputs in their order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = TextInputItem<'_>> {
        (0..self.len()).map(move |index| match self {
            Self::Text(text) => TextInputItem::Text(text),
            Self::Texts(texts) => TextInputItem::Text(&texts[index]),
            Self::Tokens(tokens) => TextInputItem::Tokens(tokens),
            Self::TokenLists(lists) => TextInputItem::Tokens(&lists[index]),
        })
    }

    /// Splits it into single inputs, in their order.
    ///
    /// A server whose engine takes one at a time calls it for each.
    pub fn into_singles(self) -> impl ExactSizeIterator<Item = Self> {
        let singles: Vec<_> = match self {
            Self::Texts(texts) => texts.into_iter().map(Self::Text).collect(),
            Self::TokenLists(lists) => lists.into_iter().map(Self::Tokens).collect(),
            single => vec![single],
        };
        singles.into_iter()
    }
}

impl From<&str> for TextInput {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for TextInput {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl<S: Into<String>, const N: usize> From<[S; N]> for TextInput {
    fn from(texts: [S; N]) -> Self {
        texts.into_iter().collect()
    }
}

impl From<Vec<String>> for TextInput {
    fn from(texts: Vec<String>) -> Self {
        Self::Texts(texts)
    }
}

impl From<Vec<u32>> for TextInput {
    fn from(tokens: Vec<u32>) -> Self {
        Self::Tokens(tokens)
    }
}

impl From<Vec<Vec<u32>>> for TextInput {
    fn from(lists: Vec<Vec<u32>>) -> Self {
        Self::TokenLists(lists)
    }
}

impl<S: Into<String>> FromIterator<S> for TextInput {
    fn from_iter<I: IntoIterator<Item = S>>(texts: I) -> Self {
        Self::Texts(texts.into_iter().map(Into::into).collect())
    }
}

impl Shape for TextInput {
    const EXPECTING: &'static str = "a string, or an array of strings, of tokens or of arrays of tokens";

    fn from_text<E: Error>(text: Cow<'_, str>) -> Result<Self, E> {
        Ok(Self::Text(text.into_owned()))
    }

    fn from_seq<'de, A: SeqAccess<'de>>(mut seq: A) -> Result<Self, A::Error> {
        match seq.next_element()? {
            None => Ok(Self::Texts(Vec::new())),
            Some(First::Text(text)) => all(text, seq).map(Self::Texts),
            Some(First::Token(token)) => all(token, seq).map(Self::Tokens),
            Some(First::Tokens(tokens)) => all(tokens, seq).map(Self::TokenLists),
        }
    }
}

impl<'de> Deserialize<'de> for TextInput {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        shape::read(deserializer)
    }
}

/// Reads the items after the first one, which are of its kind.
fn all<'de, T: Deserialize<'de>, A: SeqAccess<'de>>(first: T, mut seq: A) -> Result<Vec<T>, A::Error> {
    let mut items = vec![first];
    while let Some(item) = seq.next_element()? {
        items.push(item);
    }
    Ok(items)
}

/// The first item of an array.
enum First {
    Text(String),
    Token(u32),
    Tokens(Vec<u32>),
}

impl Shape for First {
    const EXPECTING: &'static str = "a string, a token or an array of tokens";

    fn from_text<E: Error>(text: Cow<'_, str>) -> Result<Self, E> {
        Ok(Self::Text(text.into_owned()))
    }

    fn from_unsigned<E: Error>(number: u64) -> Result<Self, E> {
        let token = u32::try_from(number);
        token.map(Self::Token).map_err(|_| E::invalid_value(Unexpected::Unsigned(number), &"u32"))
    }

    fn from_seq<'de, A: SeqAccess<'de>>(seq: A) -> Result<Self, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(seq)).map(Self::Tokens)
    }
}

impl<'de> Deserialize<'de> for First {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        shape::read(deserializer)
    }
}
