//! A schema as a whole: how large it is, its references, the names that its patterns match.

use std::borrow::Cow;
use std::collections::HashMap;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{PatternOptions, ValidationError, Validator};
use serde_json::{Map, Value, json};

use super::NoInstance;

/// How deep a schema may nest: its instances are written and validated by recursion.
const MOST_NESTED: usize = 128;
/// How many values a schema may have within it, for each of which something is compiled.
const MOST_VALUES: usize = 40_000;
/// How many patterns a schema may have, each of which is compiled.
const MOST_PATTERNS: usize = 256;
/// How long a pattern may be, in bytes: to translate one takes time in proportion to the square.
const LONGEST_PATTERN: usize = 1_024;
/// How long the patterns may be together.
const LONGEST_PATTERNS: usize = 8 * LONGEST_PATTERN;
/// How long a reference may be: it is followed wherever its schema holds.
const LONGEST_REFERENCE: usize = 1_024;
/// How large the compiled patterns may be together, in bytes.
const PATTERN_BYTES: usize = 4 << 20;
/// How large one of them may be.
const LARGEST_PATTERN_BYTES: usize = 1 << 20;
/// How often a pattern that looks around may go back.
const BACKTRACKS: usize = 10_000;

/// The keywords that refer to a schema.
const REFERENCES: [&str; 3] = ["$ref", "$dynamicRef", "$recursiveRef"];

/// A schema with what is known of it as a whole.
pub(super) struct Document<'s> {
    root: &'s Value,
    /// The patterns of names of properties.
    names: HashMap<&'s str, Option<Validator>>,
    /// How large a compiled pattern may be.
    pattern_bytes: usize,
}

impl<'s> Document<'s> {
    /// Reads a schema, but none that would take too much stack or memory to compile.
    pub(super) fn read(root: &'s Value) -> Result<Self, NoInstance> {
        let (mut names, mut values, mut waiting) = (HashMap::new(), Vec::new(), vec![(root, 0)]);
        let mut read = 0;
        while let Some((value, depth)) = waiting.pop() {
            read += 1;
            if read + waiting.len() > MOST_VALUES {
                return Err(NoInstance::TooLarge(format!("it has more than {MOST_VALUES} values")));
            }
            if depth > MOST_NESTED {
                return Err(NoInstance::TooLarge(format!("it nests deeper than {MOST_NESTED} levels")));
            }
            match value {
                Value::Array(items) => waiting.extend(items.iter().map(|item| (item, depth + 1))),
                Value::Object(members) => {
                    if REFERENCES.iter().any(|key| {
                        members
                            .get(*key)
                            .and_then(Value::as_str)
                            .is_some_and(|path| path.len() > LONGEST_REFERENCE)
                    }) {
                        let reason = format!("a reference of it is longer than {LONGEST_REFERENCE} bytes");
                        return Err(NoInstance::TooLarge(reason));
                    }
                    values.extend(members.get("pattern").and_then(Value::as_str));
                    let of_all_names = members.get("propertyNames").and_then(|names| names.get("pattern"));
                    names.extend(of_all_names.and_then(Value::as_str).map(|pattern| (pattern, None)));
                    let of_names = members.get("patternProperties").and_then(Value::as_object);
                    names.extend(
                        of_names.into_iter().flat_map(Map::keys).map(|pattern| (pattern.as_str(), None)),
                    );
                    waiting.extend(members.values().map(|member| (member, depth + 1)));
                }
                _ => {}
            }
        }
        let lengths = values.into_iter().chain(names.keys().copied()).map(str::len);
        let patterns = bounded(lengths)?;
        let pattern_bytes = (PATTERN_BYTES / patterns.max(1)).min(LARGEST_PATTERN_BYTES);
        for (pattern, validator) in &mut names {
            *validator = compile(&json!({"pattern": pattern}), pattern_bytes).ok();
        }
        Ok(Self { root, names, pattern_bytes })
    }

    /// Makes the validator of the whole.
    pub(super) fn validator(&self) -> Result<Validator, NoInstance> {
        compile(self.root, self.pattern_bytes)
    }

    pub(super) fn root(&self) -> &'s Value {
        self.root
    }

    /// The schemas that one refers to by their paths from the root.
    pub(super) fn references(&self, schema: &'s Map<String, Value>) -> impl Iterator<Item = &'s Value> {
        let root = self.root;
        let paths = REFERENCES.into_iter().filter_map(|key| schema.get(key)?.as_str());
        paths.filter_map(move |path| root.pointer(&decoded(path.strip_prefix('#')?)?))
    }

    /// Whether a pattern of names matches one.
    pub(super) fn matches(&self, pattern: &str, name: &str) -> bool {
        let validator = self.names.get(pattern).and_then(Option::as_ref);
        validator.is_some_and(|validator| validator.is_valid(&Value::from(name)))
    }

    /// How many patterns of names there are.
    pub(super) fn patterns(&self) -> usize {
        self.names.len()
    }
}

/// How many patterns there are, of these lengths, if that is not too much to compile.
fn bounded(lengths: impl Iterator<Item = usize>) -> Result<usize, NoInstance> {
    let (mut patterns, mut together) = (0, 0);
    for length in lengths {
        patterns += 1;
        together += length;
        if patterns > MOST_PATTERNS {
            return Err(NoInstance::TooLarge(format!("it has more than {MOST_PATTERNS} patterns")));
        }
        if length > LONGEST_PATTERN || together > LONGEST_PATTERNS {
            let reason = format!(
                "its patterns are longer than {LONGEST_PATTERN} bytes each, or {LONGEST_PATTERNS} together"
            );
            return Err(NoInstance::TooLarge(reason));
        }
    }
    Ok(patterns)
}

/// Makes a validator; its patterns match in linear time, but where they look around, and then within bounds.
fn compile(schema: &Value, pattern_bytes: usize) -> Result<Validator, NoInstance> {
    let linear = PatternOptions::regex().size_limit(pattern_bytes);
    let looking_around = PatternOptions::fancy_regex().backtrack_limit(BACKTRACKS).size_limit(pattern_bytes);
    let build =
        |options: jsonschema::ValidationOptions<'_>| options.should_validate_formats(true).build(schema);
    build(jsonschema::options().with_pattern_options(linear))
        .or_else(|_| build(jsonschema::options().with_pattern_options(looking_around)))
        .map_err(|error| refused(&error))
}

/// Why there is no validator; a pattern that can be read is not invalid, but larger than it may be.
fn refused(error: &ValidationError<'_>) -> NoInstance {
    let is_of_pattern = matches!(error.kind(), ValidationErrorKind::Format { format } if format == "regex");
    let pattern = error.instance().as_str().filter(|_| is_of_pattern);
    if pattern.is_some_and(|pattern| regex_syntax::parse(pattern).is_ok()) {
        return NoInstance::TooLarge("a pattern of it is too large".to_owned());
    }
    NoInstance::Invalid(error.to_string().chars().take(200).collect())
}

/// A path without its percent signs: names of definitions have brackets and spaces.
fn decoded(path: &str) -> Option<Cow<'_, str>> {
    if !path.contains('%') {
        return Some(path.into());
    }
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        let mut digit = || char::from(rest.next()?).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        bytes.push(if byte == b'%' { digit()? << 4 | digit()? } else { byte });
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_followed_within_the_schema() {
        let schema = json!({"$defs": {"a b": true, "c/d": false}});
        let document = Document::read(&schema).unwrap();
        let check = |reference: &str, expected: Option<&Value>| {
            let referring = json!({"$ref": reference});
            let found: Vec<_> = document.references(referring.as_object().unwrap()).cloned().collect();
            assert_eq!(found.first(), expected);
        };
        check("#", Some(&schema));
        check("#/$defs/a%20b", Some(&json!(true)));
        check("#/$defs/c~1d", Some(&json!(false)));
        check("#/$defs/none", None);
        check("#/%4", None);
        check("https://example.com/schema", None);
    }

    #[test]
    fn patterns_that_take_long_to_translate_are_refused() {
        let classes = |count: usize| json!({"pattern": r"\d".repeat(count)});
        assert!(Document::read(&classes(512)).is_ok());
        let too_long = [classes(513), json!({"anyOf": vec![classes(512); 9]})];
        for schema in too_long {
            assert!(matches!(Document::read(&schema), Err(NoInstance::TooLarge(_))));
        }
    }

    #[test]
    fn names_are_matched_anywhere() {
        let schema = json!({"patternProperties": {"b": {}, "^b": {}, "(?!a)": {}}});
        let document = Document::read(&schema).unwrap();
        assert_eq!(
            ["b", "^b", "(?!a)", "c"].map(|pattern| document.matches(pattern, "abc")),
            [true, false, true, false]
        );
    }
}
