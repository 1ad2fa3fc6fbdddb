//! Writes strings that match a pattern.

use regex_syntax::hir::{Class, ClassUnicode, Hir, HirKind, Repetition};

/// How long what is written may become, in bytes.
const LONGEST: usize = 65_536;

/// A shortest string that a pattern matches; another one for each of `more`, as far as there are others.
///
/// Others have more repetitions of what may be repeated, then other characters and branches. A pattern that looks around,
/// or that asks where words begin and end, may not match it.
pub(super) fn smallest(pattern: &str, more: u64) -> Option<String> {
    let hir = regex_syntax::parse(pattern).ok()?;
    let mut first = Written { more: u32::try_from(more).ok()?, ..Written::default() };
    first.write(&hir)?;
    if first.more == 0 {
        return Some(first.text);
    }
    let mut other = Written { more: u32::try_from(more).ok()?, which: first.more, ..Written::default() };
    other.write(&hir)?;
    Some(other.text)
}

/// What has been written of a string.
#[derive(Clone, Default)]
struct Written {
    text: String,
    /// The repetitions that are left to be added.
    more: u32,
    /// Which of the other characters and branches are taken: a number of which each takes a digit.
    which: u32,
}

impl Written {
    fn write(&mut self, hir: &Hir) -> Option<()> {
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => {}
            HirKind::Literal(literal) => self.text.push_str(std::str::from_utf8(&literal.0).ok()?),
            HirKind::Class(Class::Unicode(class)) => self.character(class)?,
            HirKind::Class(Class::Bytes(class)) => self.character(&class.to_unicode_class()?)?,
            HirKind::Capture(capture) => self.write(&capture.sub)?,
            HirKind::Concat(parts) => parts.iter().try_for_each(|part| self.write(part))?,
            HirKind::Repetition(repetition) => self.repeat(repetition)?,
            HirKind::Alternation(branches) => self.branch(branches)?,
        }
        (self.text.len() <= LONGEST).then_some(())
    }

    fn repeat(&mut self, repetition: &Repetition) -> Option<()> {
        let most = repetition.max.unwrap_or(u32::MAX);
        let times = repetition.min.saturating_add(self.more).min(most);
        self.more -= times - repetition.min;
        if times == 0 {
            return Some(());
        }
        let start = self.text.len();
        self.write(&repetition.sub)?;
        let once = self.text.split_off(start);
        if once.len().saturating_mul(times as usize) > LONGEST {
            return None;
        }
        self.text.push_str(&once.repeat(times as usize));
        Some(())
    }

    /// The shortest branch, or another.
    fn branch(&mut self, branches: &[Hir]) -> Option<()> {
        let digit = self.digit(branches.len());
        let written = branches.iter().filter_map(|branch| {
            let mut written = Self { text: String::new(), ..*self };
            written.write(branch).map(|()| written)
        });
        let mut written: Vec<_> = written.collect();
        written.sort_by_key(|written| written.text.len());
        let chosen = written.get(digit % written.len().max(1))?;
        self.text.push_str(&chosen.text);
        (self.more, self.which) = (chosen.more, chosen.which);
        Some(())
    }

    /// The plainest character of a class, or another.
    fn character(&mut self, class: &ClassUnicode) -> Option<()> {
        let plain: Vec<_> = PLAIN.chars().filter(|character| has(class, *character)).collect();
        if !plain.is_empty() {
            let digit = self.digit(plain.len());
            self.text.push(plain[digit]);
            return Some(());
        }
        let range = class.ranges().iter().find(|range| range.end() > ' ').or(class.ranges().first())?;
        let first = if range.end() > ' ' { range.start().max('!') } else { range.start() };
        let size = u32::from(range.end()) - u32::from(first) + 1;
        let other = char::from_u32(u32::from(first) + u32::try_from(self.digit(size as usize)).ok()?);
        self.text.push(other.unwrap_or(first));
        Some(())
    }

    /// Takes a digit of the number of the others.
    fn digit(&mut self, base: usize) -> usize {
        let base = u32::try_from(base).unwrap_or(u32::MAX).max(1);
        let digit = self.which % base;
        self.which /= base;
        digit as usize
    }
}

/// The plain characters, the plainest first.
const PLAIN: &str = "aA0_-bcdefghijklmnopqrstuvwxyzBCDEFGHIJKLMNOPQRSTUVWXYZ123456789";

/// Whether a class has a character; its ranges are in order.
fn has(class: &ClassUnicode, character: char) -> bool {
    let ranges = class.ranges();
    let behind = ranges.partition_point(|range| range.start() <= character);
    behind.checked_sub(1).is_some_and(|last| character <= ranges[last].end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortest_text_is_written() {
        let check = |pattern: &str, more, expected: Option<&str>| {
            assert_eq!(smallest(pattern, more).as_deref(), expected, "{pattern}");
        };
        check("^[a-z]+$", 0, Some("a"));
        check("^[a-z]+$", 3, Some("aaaa"));
        check(r"^\d{3}-\d{4}$", 0, Some("000-0000"));
        check("^(yes|no|)$", 0, Some(""));
        check("^(yes|no)$", 0, Some("no"));
        check("^[^a-z0-9_]$", 0, Some("A"));
        check("(a+)+$", 0, Some("a"));
        check(r"^[A-Z]{2}\/\w*$", 2, Some("AA/aa"));
        check("^[a-c]$", 1, Some("b"));
        check("^(yes|no)$", 1, Some("yes"));
        check("^[ab][xy]$", 3, Some("by"));
        check("^[ab]{1,2}$", 2, Some("bb"));
        check("^[\u{4e00}-\u{4fff}]$", 0, Some("\u{4e00}"));
        check("((a{1000}){1000}){1000}", 0, None);
        check("(?=a)", 0, None);
        check("[a&&b]", 0, None);
    }
}
