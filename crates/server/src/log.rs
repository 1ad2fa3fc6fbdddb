//! Where log lines go: standard error, through a thread of their own.

use std::io::{IsTerminal, stderr};
use std::panic::{self, PanicHookInfo};

use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::SubscriberInitExt;

use crate::config::{LogConfig, LogFormat};

/// What other crates say that our own lines say already.
const QUIET: &str = "actix_server=warn";

/// Lines that wait for a slow sink; further ones are dropped.
const BUFFERED_LINES: usize = 16_384;

/// The levels, as a directive without a target.
const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

/// Starts logging, and logs panics; keep the guard until the end, which writes what is left.
///
/// The level is one that [`check`] takes. A subscriber that the program has set before stays in its place.
pub(crate) fn start(config: &LogConfig) -> WorkerGuard {
    let filter = EnvFilter::builder().parse_lossy(with_quiet(&config.level));
    // Lossy: a request never waits for the sink.
    let builder = NonBlockingBuilder::default().lossy(true).buffered_lines_limit(BUFFERED_LINES);
    let (writer, guard) = builder.finish(stderr());
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer);
    let started = match config.format {
        LogFormat::Json => lines.json().flatten_event(true).finish().try_init(),
        LogFormat::Pretty if stderr().is_terminal() => lines.finish().try_init(),
        LogFormat::Pretty => lines.with_ansi(false).finish().try_init(),
    };
    if started.is_ok() {
        panic::set_hook(Box::new(log_panic));
    }
    guard
}

/// Checks the directives of `log.level`.
///
/// A word alone must be a level: as a target, which is how the syntax reads it, a misspelt level would silence all else.
pub(crate) fn check(directives: &str) -> Result<(), String> {
    for directive in directives.split(',').map(str::trim) {
        let level = LEVELS.iter().any(|level| directive.eq_ignore_ascii_case(level));
        if !level && !directive.contains(['=', '[', '{', '}', ']']) {
            return Err(format!(
                "`{directive}` is neither a level ({}) nor `target=level`",
                LEVELS.join(", ")
            ));
        }
    }
    EnvFilter::builder().parse(with_quiet(directives)).map(drop).map_err(|error| error.to_string())
}

/// The directives without white space, which the parser does not skip, after the quiet one.
fn with_quiet(directives: &str) -> String {
    directives.split(',').fold(QUIET.to_owned(), |all, directive| all + "," + directive.trim())
}

/// Logs where a panic happened, and nothing of its message, which may quote a request.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let location = panic.location().map(ToString::to_string);
    tracing::error!(location, "panic");
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};

    use super::*;

    /// What was written, for all clones.
    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn panic_is_one_line_with_its_place_and_without_its_message() {
        let written = Written::default();
        let writer = written.clone();
        let lines = tracing_subscriber::fmt().json().flatten_event(true).without_time();
        let lines = lines.with_writer(move || writer.clone()).finish();

        let hook = panic::take_hook();
        panic::set_hook(Box::new(log_panic));
        let caught = tracing::subscriber::with_default(lines, || panic::catch_unwind(|| panic!("a prompt")));
        panic::set_hook(hook);

        assert!(caught.is_err());
        let text = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
        let line: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!((&line["level"], &line["message"]), (&"ERROR".into(), &"panic".into()));
        assert!(line["location"].as_str().is_some_and(|place| place.starts_with(file!())), "{line}");
        assert!(!text.contains("a prompt"));
    }

    #[test]
    fn directives_are_levels_or_targets_with_levels() {
        for good in ["info", "WARN", "warn, antiphon_server=debug", "off,[span{field=1}]=trace"] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for bad in ["", "inof", "info,", "antiphon_server", "a=b=c"] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }
}
