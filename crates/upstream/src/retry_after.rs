//! How long an upstream asks to be let alone.

use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, RETRY_AFTER};

/// The longest wait that is handed on: a day. Longer ones are cut to it.
const LONGEST: Duration = Duration::from_secs(86_400);

/// Reads `retry-after-ms`, or else `retry-after`: seconds, with a fraction or without, or an HTTP date.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = |name: &str| Some(headers.get(name)?.to_str().ok()?.trim());
    let milliseconds = text("retry-after-ms").and_then(|text| text.parse::<f64>().ok());
    let wait = if let Some(milliseconds) = milliseconds {
        from_seconds(milliseconds / 1_000.0)?
    } else {
        let text = text(RETRY_AFTER.as_str())?;
        match text.parse::<f64>() {
            Ok(seconds) => from_seconds(seconds)?,
            Err(_) => httpdate::parse_http_date(text).ok()?.duration_since(now).unwrap_or_default(),
        }
    };
    Some(wait.min(LONGEST))
}

fn from_seconds(seconds: f64) -> Option<Duration> {
    (seconds >= 0.0).then(|| Duration::from_secs_f64(seconds.min(LONGEST.as_secs_f64())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(headers: &[(&'static str, &'static str)], expected: Option<u64>) {
        let headers = headers
            .iter()
            .map(|(name, value)| (name.parse().expect("a name"), value.parse().expect("a value")));
        let now = httpdate::parse_http_date("Wed, 25 Nov 2026 12:00:00 GMT").expect("a date");
        assert_eq!(retry_after(&headers.collect(), now), expected.map(Duration::from_millis));
    }

    #[test]
    fn waits_are_read_in_each_form() {
        check(&[], None);
        check(&[("retry-after", "7")], Some(7_000));
        check(&[("retry-after", " 0.5 ")], Some(500));
        check(&[("retry-after-ms", "1200"), ("retry-after", "7")], Some(1_200));
        check(&[("retry-after", "Wed, 25 Nov 2026 12:00:30 GMT")], Some(30_000));
        check(&[("retry-after", "Wed, 25 Nov 2026 11:00:00 GMT")], Some(0));
        check(&[("retry-after", "1e300")], Some(86_400_000));
    }

    #[test]
    fn waits_that_are_none_are_not_told() {
        for value in ["", "soon", "-1", "NaN"] {
            check(&[("retry-after", value)], None);
        }
    }
}
