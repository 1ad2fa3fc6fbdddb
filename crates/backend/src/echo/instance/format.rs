//! Writes strings of the formats that JSON Schema names.

/// How long the name of a host may be.
const LONGEST_HOST: usize = 253;
/// How long a label of a host's name may be.
const LONGEST_LABEL: usize = 63;
/// How long the local part of an address may be.
const LONGEST_LOCAL: usize = 64;

/// A string of a format; another one for each variant where the format has many.
///
/// It has `least` characters, or more; fewer where the format has no string of so many.
pub(super) fn example(format: &str, variant: u64, least: usize) -> Option<String> {
    let second = variant % 60;
    let day = 1 + variant % 28;
    let host = if variant == 0 { "a.co".to_owned() } else { format!("a{variant}.co") };
    let example = match format {
        "date-time" => filled(&format!("1970-01-{day:02}T00:00:00"), "Z", least),
        "date" => format!("1970-01-{day:02}"),
        "time" => filled(&format!("00:00:{second:02}"), "Z", least),
        "duration" => {
            let days = format!("{variant}D");
            format!("P{}{days}", "0".repeat(least.saturating_sub(1 + days.len())))
        }
        "email" | "idn-email" => address(&host, least),
        "hostname" | "idn-hostname" => longer_host(&host, least),
        "ipv4" => ipv4(variant, least),
        "ipv6" if least > 19 => format!("0000:0000:0000:0000:0000:0000:0000:{:04x}", variant % 65_536),
        "ipv6" => filled_with_zeros(variant % 65_536, least),
        "uri" | "iri" | "uri-reference" | "iri-reference" | "uri-template" => {
            followed(&format!("https://{host}"), "/", "a", least)
        }
        "uuid" => format!("{variant:08x}-0000-4000-8000-000000000000"),
        "json-pointer" => followed(&format!("/{variant}"), "", "0", least),
        "relative-json-pointer" => followed(&variant.to_string(), "/", "0", least),
        "regex" => followed(&format!("a{{{variant}}}"), "", "a", least),
        _ => return None,
    };
    Some(example)
}

/// The shortest string of a format, where the usual example is longer.
pub(super) fn shortest(format: &str, variant: u64) -> Option<String> {
    let letters = if variant == 0 { "a".to_owned() } else { format!("a{variant}") };
    match format {
        "email" | "idn-email" => Some(format!("{letters}@a")),
        "uri" | "iri" => Some(format!("{letters}:")),
        "uri-reference" | "iri-reference" | "uri-template" | "json-pointer" if variant == 0 => {
            Some(String::new())
        }
        "hostname" | "idn-hostname" | "regex" | "uri-reference" | "iri-reference" | "uri-template" => {
            Some(letters)
        }
        _ => None,
    }
}

/// A time with as many digits of its second as are missing.
fn filled(time: &str, zone: &str, least: usize) -> String {
    match least.saturating_sub(time.len() + zone.len()) {
        0 => format!("{time}{zone}"),
        missing => format!("{time}.{}{zone}", "0".repeat(missing.max(2) - 1)),
    }
}

/// A text with a separator and as many letters behind it as are missing.
fn followed(text: &str, separator: &str, letter: &str, least: usize) -> String {
    match least.saturating_sub(text.len()) {
        0 => text.to_owned(),
        missing => format!("{text}{separator}{}", letter.repeat(missing.saturating_sub(separator.len()))),
    }
}

fn address(host: &str, least: usize) -> String {
    let local = least.saturating_sub(host.len() + 1).clamp(1, LONGEST_LOCAL);
    format!("{}@{}", "a".repeat(local), longer_host(host, least.saturating_sub(local + 1)))
}

/// A host with labels before it, for as many characters as are missing.
fn longer_host(host: &str, least: usize) -> String {
    let (mut longer, least) = (host.to_owned(), least.min(LONGEST_HOST));
    while let missing @ 1.. = least.saturating_sub(longer.len()) {
        // Each label takes a point, and one character at least.
        let label = missing.saturating_sub(1).clamp(1, LONGEST_LABEL);
        longer = format!("{}.{longer}", "a".repeat(label));
    }
    longer
}

/// An address whose first numbers are the longer the more characters are missing.
fn ipv4(variant: u64, least: usize) -> String {
    let end = format!("{}.{}", variant / 256 % 256, variant % 256);
    let missing = least.saturating_sub("0.0.".len() + end.len());
    let number = |missing: usize| ["0", "10", "100"][missing.min(2)];
    let (first, second) = (number(missing), number(missing.saturating_sub(2)));
    match missing.saturating_sub(4) {
        0 => format!("{first}.{second}.{end}"),
        _ => format!("100.100.{}.{}", 100 + variant / 100 % 100, 100 + variant % 100),
    }
}

/// The last group of an address with zeros before it, and groups of zeros where that is not enough.
fn filled_with_zeros(number: u64, least: usize) -> String {
    let short = format!("::{number:x}");
    match least.saturating_sub(short.len()) {
        0 => short,
        1..=4 if least <= 6 => format!("::{number:0width$x}", width = least - 2),
        _ => format!("::{}{number:04x}", "0000:".repeat(least.saturating_sub(6).div_ceil(5))),
    }
}
