//! Writes the fields of a line, as the subscriber's own writer does where nothing is coloured.
//!
//! That one passes each name and each sign through the colours that it does not use, which was 7% of the instructions
//! of a short answer.

use std::fmt::{self, Debug};

use tracing::field::{Field, Visit};
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::FormatFields;
use tracing_subscriber::fmt::format::Writer;

/// The message, then `name=value` of each other field, with a space between.
#[derive(Debug)]
pub(super) struct Plain;

impl<'writer> FormatFields<'writer> for Plain {
    fn format_fields<R: RecordFields>(&self, writer: Writer<'writer>, fields: R) -> fmt::Result {
        let mut visitor = Visitor { writer, is_first: true, result: Ok(()) };
        fields.record(&mut visitor);
        visitor.result
    }
}

struct Visitor<'writer> {
    writer: Writer<'writer>,
    is_first: bool,
    /// Of what was written so far: after an error nothing is.
    result: fmt::Result,
}

impl Visitor<'_> {
    fn field(&mut self, field: &Field, write: impl FnOnce(&mut Writer<'_>) -> fmt::Result) {
        let name = field.name();
        // Those that come from the crate `log` say beside their message where they are from, which the line says already.
        if self.result.is_err() || name.starts_with("log.") {
            return;
        }
        let separator = if std::mem::take(&mut self.is_first) { "" } else { " " };
        self.result = self.named(separator, name).and_then(|()| write(&mut self.writer));
    }

    fn named(&mut self, separator: &str, name: &str) -> fmt::Result {
        self.writer.write_str(separator)?;
        if name == "message" {
            return Ok(());
        }
        self.writer.write_str(name.strip_prefix("r#").unwrap_or(name))?;
        self.writer.write_char('=')
    }
}

impl Visit for Visitor<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        let is_message = field.name() == "message";
        self.field(field, |writer| match value {
            message if is_message => writer.write_str(message),
            plain if is_plain(plain) => {
                writer.write_char('"')?;
                writer.write_str(plain)?;
                writer.write_char('"')
            }
            other => write!(writer, "{other:?}"),
        });
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.field(field, |writer| write!(writer, "{value:?}"));
    }
}

/// Whether nothing in a text has to be escaped.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\')
}

#[cfg(test)]
mod tests {
    use super::super::tests::Written;
    use super::*;

    fn lines(write: impl Fn()) -> [String; 2] {
        let [ours, theirs] = [Written::default(), Written::default()];
        let lines = || tracing_subscriber::fmt().with_ansi(false).without_time();
        let plain = lines().fmt_fields(Plain).with_writer(ours.writer()).finish();
        tracing::subscriber::with_default(plain, &write);
        tracing::subscriber::with_default(lines().with_writer(theirs.writer()).finish(), &write);
        [ours, theirs].map(|written| written.text())
    }

    #[test]
    fn lines_are_those_of_the_subscribers_own_writer() {
        let [ours, theirs] = lines(|| {
            tracing::info!("a message alone");
            tracing::info!(id = "req_1", r#type = "a \"quoted\"\n\\ é \u{1b}[31m text", "a message");
            tracing::warn!(none = Option::<u64>::None, some = Some("text"), "{} of them", 2);
            tracing::error!(big = u64::MAX, small = -1, float = 0.25, whole = 3.0, yes = true, debug = ?["a"]);
            tracing::info!(shown = %"a text");
            tracing::info!(message = "named", other = "é");
        });
        assert_eq!(ours, theirs);
        assert!(
            ours.contains(
                r#"INFO antiphon_server::log::fields::tests: a message id="req_1" type="a \"quoted"#
            ),
            "{ours}"
        );
    }
}
