//! Writes strings: the shortest that the schemas allow.

use serde_json::Value;

use super::conjunction::Conjunction;
use super::{format, pattern};

/// How many characters are written to reach a minimum.
const MOST_CHARACTERS: u64 = 65_536;
/// How many of them where a pattern is held against them, which may take time in proportion to its size for each.
const MOST_CHARACTERS_OF_PATTERN: u64 = 256;

/// The strings that are tried, the shortest first; each variant has others.
pub(super) fn candidates(all: &Conjunction<'_>, variant: u64) -> Vec<String> {
    let least = all.at_least("minLength");
    if least > MOST_CHARACTERS {
        return Vec::new();
    }
    let patterns: Vec<_> = all.each("pattern").filter_map(Value::as_str).collect();
    let examples = all.format().map_or_else(Vec::new, |format| of_format(all, format, variant));
    if patterns.is_empty() && all.format().is_some() {
        return examples;
    }
    if patterns.is_empty() {
        return [plain(least, variant), plain(least.max(1), variant)].into();
    }
    if least > MOST_CHARACTERS_OF_PATTERN {
        return Vec::new();
    }
    let mut candidates = examples;
    for pattern in patterns {
        let Some(shortest) = pattern::smallest(pattern, variant) else { continue };
        let missing = least.saturating_sub(shortest.chars().count() as u64);
        // Longer by what repeats; or by what follows, where the pattern does not say how a text ends.
        candidates.extend(
            (1..=missing).rev().take(4).filter_map(|more| pattern::smallest(pattern, variant + more)),
        );
        candidates.push(shortest.clone() + &plain(missing, 0));
        candidates.push(shortest);
    }
    candidates.dedup();
    candidates
}

/// Strings of a format, of the lengths that are allowed.
fn of_format(all: &Conjunction<'_>, format: &str, variant: u64) -> Vec<String> {
    let (least, most) = (all.at_least("minLength"), all.at_most("maxLength"));
    let missing = usize::try_from(least).unwrap_or(usize::MAX);
    let usual = [variant, variant + 1].map(|which| format::example(format, which, missing));
    let examples = usual.into_iter().chain([format::shortest(format, variant)]).flatten();
    examples.filter(|example| (least..=most).contains(&(example.len() as u64))).collect()
}

/// A text of so many letters, or of more for a variant.
fn plain(length: u64, variant: u64) -> String {
    let text = if variant == 0 { String::new() } else { variant.to_string() };
    let missing = usize::try_from(length).unwrap_or(0).saturating_sub(text.len());
    "a".repeat(missing) + &text
}
