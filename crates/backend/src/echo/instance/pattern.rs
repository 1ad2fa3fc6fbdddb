//! Writes strings that match a pattern.

use regex_syntax::hir::{Class, ClassUnicode, Hir, HirKind};

/// How long what is written may become, in bytes.
const LONGEST: usize = 65_536;

/// A shortest string that a pattern matches, with `more` repetitions of the first thing that may be repeated.
///
/// A pattern that looks around, or that asks where words begin and end, may not match it.
pub(super) fn smallest(pattern: &str, more: u64) -> Option<String> {
    let mut more = u32::try_from(more).ok()?;
    let hir = regex_syntax::parse(pattern).ok()?;
    let mut text = String::new();
    write(&hir, &mut more, &mut text)?;
    Some(text)
}

fn write(hir: &Hir, more: &mut u32, text: &mut String) -> Option<()> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(Class::Unicode(class)) => text.push(plainest(class)?),
        HirKind::Class(Class::Bytes(class)) => text.push(plainest(&class.to_unicode_class()?)?),
        HirKind::Capture(capture) => write(&capture.sub, more, text)?,
        HirKind::Concat(parts) => parts.iter().try_for_each(|part| write(part, more, text))?,
        HirKind::Repetition(repetition) => {
            let most = repetition.max.unwrap_or(u32::MAX);
            let times = repetition.min.saturating_add(*more).min(most);
            *more -= times - repetition.min;
            let mut once = String::new();
            if times > 0 {
                write(&repetition.sub, more, &mut once)?;
            }
            if once.len().saturating_mul(times as usize) > LONGEST {
                return None;
            }
            text.push_str(&once.repeat(times as usize));
        }
        HirKind::Alternation(branches) => {
            let written = branches.iter().filter_map(|branch| {
                let mut written = String::new();
                write(branch, &mut more.clone(), &mut written).map(|()| written)
            });
            text.push_str(&written.min_by_key(String::len)?);
        }
    }
    (text.len() <= LONGEST).then_some(())
}

/// The plainest character of a class.
fn plainest(class: &ClassUnicode) -> Option<char> {
    let ranges = class.ranges();
    let has = |character: &char| ranges.iter().any(|range| (range.start()..=range.end()).contains(character));
    let plain = ['a', 'A', '0', '_', '-'].into_iter().find(has);
    let printable = || ranges.iter().find(|range| range.end() > ' ').map(|range| range.start().max('!'));
    plain.or_else(printable).or_else(|| Some(ranges.first()?.start()))
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
        check("^[\u{4e00}-\u{4fff}]$", 0, Some("\u{4e00}"));
        check("((a{1000}){1000}){1000}", 0, None);
        check("(?=a)", 0, None);
        check("[a&&b]", 0, None);
    }
}
