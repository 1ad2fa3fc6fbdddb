//! Keeps the special tokens of a model out of what people write.

#[cfg(test)]
mod tests;

use std::collections::HashSet;

use aho_corasick::AhoCorasick;
use serde_json::{Map, Value};

use crate::TemplateError;

/// Texts that templates look for, so they stay whole.
const THINK_TAGS: [&str; 2] = ["<think>", "</think>"];
/// The roles, of which templates make special tokens.
const ROLES: [&str; 6] = ["assistant", "developer", "function", "system", "tool", "user"];

/// The texts of a model's special tokens.
#[derive(Debug)]
pub(crate) struct Specials {
    search: AhoCorasick,
    /// What a token may begin with, but not all of it.
    starts: HashSet<String>,
    /// What a token may end with, but not all of it.
    ends: HashSet<String>,
    /// The same in order, to find what a token has inside.
    sorted_ends: Vec<String>,
    /// The length of the longest.
    longest: usize,
}

impl Specials {
    /// Takes the texts of more than one character.
    ///
    /// Within the others there is no place for a border.
    pub(crate) fn new(texts: impl IntoIterator<Item = String>) -> Self {
        let is_guarded =
            |text: &String| text.chars().nth(1).is_some() && !THINK_TAGS.contains(&text.as_str());
        let mut texts: Vec<_> = texts.into_iter().filter(is_guarded).collect();
        texts.sort_unstable();
        texts.dedup();
        let search = AhoCorasick::new(&texts).expect("the texts of a vocabulary are no gigabytes");
        let borders = |text: &String| text.char_indices().skip(1).map(|(place, _)| place).collect::<Vec<_>>();
        let parts = |part: fn(&str, usize) -> &str| {
            let of =
                |text: &String| borders(text).into_iter().map(|place| part(text, place).to_owned()).collect();
            texts.iter().flat_map::<Vec<_>, _>(of).collect::<HashSet<_>>()
        };
        let (starts, ends) = (parts(|text, place| &text[..place]), parts(|text, place| &text[place..]));
        let mut sorted_ends: Vec<_> = ends.iter().cloned().collect();
        sorted_ends.sort_unstable();
        let longest = texts.iter().map(String::len).max().unwrap_or_default();
        Self { search, starts, ends, sorted_ends, longest }
    }

    /// How many special tokens a text has.
    pub(crate) fn count(&self, text: &str) -> usize {
        self.search.find_overlapping_iter(text).count()
    }

    /// How a value has to be guarded, if at all.
    pub(crate) fn needed(&self, value: &Value) -> Option<Guard> {
        if any_text(value, &|text| self.may_grow(text)) {
            return Some(Guard::Ends);
        }
        any_text(value, &|text| self.search.is_match(text)).then_some(Guard::Inside)
    }

    /// Whether the text may become one with what stands beside it.
    fn may_grow(&self, text: &str) -> bool {
        let text = text.trim();
        if text.is_empty() || ROLES.contains(&text) {
            return false;
        }
        let lengths = || 1..=text.len().min(self.longest);
        let begins = |length| text.get(..length).is_some_and(|start| self.ends.contains(start));
        let ends = |length| text.get(text.len() - length..).is_some_and(|end| self.starts.contains(end));
        let place = self.sorted_ends.partition_point(|end| end.as_str() < text);
        let is_inside = self.sorted_ends.get(place).is_some_and(|end| end.starts_with(text));
        is_inside || lengths().any(begins) || lengths().any(ends)
    }

    /// Puts the marker into each special token of the text.
    fn cut(&self, text: &str, marker: char) -> Option<String> {
        let inside = |start: usize| start + text[start..].chars().next().map_or(0, char::len_utf8);
        let mut places: Vec<_> =
            self.search.find_overlapping_iter(text).map(|found| inside(found.start())).collect();
        if places.is_empty() {
            return None;
        }
        places.sort_unstable();
        places.dedup();
        let mut cut = String::with_capacity(text.len() + places.len() * marker.len_utf8());
        let mut from = 0;
        for place in places {
            cut.push_str(&text[from..place]);
            cut.push(marker);
            from = place;
        }
        cut.push_str(&text[from..]);
        Some(cut)
    }
}

/// Which texts of a request are guarded, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Guard {
    /// Special tokens are cut.
    Inside,
    /// So are texts that become one with what stands beside them.
    Ends,
}

/// The character that stands where a segment will end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Marker(char);

impl Marker {
    /// A noncharacter that neither the value nor the template has.
    ///
    /// # Errors
    /// [`TemplateError::NoMarker`] where they have them all.
    pub(crate) fn absent_from(value: &Value, template: &str) -> Result<Self, TemplateError> {
        let mut noncharacters = '\u{FDD0}'..='\u{FDEF}';
        let is_absent = |marker: &char| {
            let has = |text: &str| text.contains(*marker);
            !has(template) && !any_text(value, &has)
        };
        noncharacters.find(is_absent).map(Self).ok_or(TemplateError::NoMarker)
    }

    /// Puts the marker into the texts of a value.
    pub(crate) fn guard(self, value: &mut Value, specials: &Specials, guard: Guard) {
        match value {
            Value::String(text) => self.guard_text(text, specials, guard),
            Value::Array(items) => items.iter_mut().for_each(|item| self.guard(item, specials, guard)),
            Value::Object(members) => {
                let guarded = std::mem::take(members).into_iter().map(|(key, mut value)| {
                    self.guard(&mut value, specials, guard);
                    (specials.cut(&key, self.0).unwrap_or(key), value)
                });
                *members = guarded.collect::<Map<_, _>>();
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// White space stays outside of the markers, so that templates trim it as ever.
    fn guard_text(self, text: &mut String, specials: &Specials, guard: Guard) {
        let grows = guard == Guard::Ends && specials.may_grow(text);
        if let Some(cut) = specials.cut(text, self.0) {
            *text = cut;
        }
        if grows {
            let inner = text.trim();
            let start = text.len() - text.trim_start().len();
            *text = format!("{}{}{inner}{}{}", &text[..start], self.0, self.0, &text[start + inner.len()..]);
        }
    }

    /// Splits a rendered text where the marker stands.
    pub(crate) fn split(self, text: &str) -> Vec<String> {
        text.split(self.0).filter(|piece| !piece.is_empty()).map(str::to_owned).collect()
    }
}

/// Whether any string or key of a value is so.
pub(crate) fn any_text(value: &Value, is: &impl Fn(&str) -> bool) -> bool {
    match value {
        Value::String(text) => is(text),
        Value::Array(items) => items.iter().any(|item| any_text(item, is)),
        Value::Object(members) => members.iter().any(|(key, value)| is(key) || any_text(value, is)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}
