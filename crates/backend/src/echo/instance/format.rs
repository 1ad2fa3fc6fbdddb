//! Writes strings of the formats that JSON Schema names.

/// A string of a format; another one for each variant where the format has many.
pub(super) fn example(format: &str, variant: u64) -> Option<String> {
    let second = variant % 60;
    let day = 1 + variant % 28;
    let host = if variant == 0 { "a.co".to_owned() } else { format!("a{variant}.co") };
    let example = match format {
        "date-time" => format!("1970-01-{day:02}T00:00:00Z"),
        "date" => format!("1970-01-{day:02}"),
        "time" => format!("00:00:{second:02}Z"),
        "duration" => format!("P{variant}D"),
        "email" | "idn-email" => format!("a@{host}"),
        "hostname" | "idn-hostname" => host,
        "ipv4" => format!("0.0.{}.{}", variant / 256 % 256, variant % 256),
        "ipv6" => format!("::{:x}", variant % 65_536),
        "uri" | "iri" | "uri-reference" | "iri-reference" | "uri-template" => format!("https://{host}"),
        "uuid" => format!("{variant:08x}-0000-4000-8000-000000000000"),
        "json-pointer" => format!("/{variant}"),
        "relative-json-pointer" => variant.to_string(),
        "regex" => format!("a{{{variant}}}"),
        _ => return None,
    };
    Some(example)
}
