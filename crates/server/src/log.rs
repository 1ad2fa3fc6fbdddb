//! Where log lines go: standard error, through a thread of their own.

mod fields;

use std::error::Error;
use std::fmt;
use std::io::{IsTerminal, stderr};
use std::iter::successors;
use std::panic::{self, PanicHookInfo};

use tracing::field::Field;
use tracing::{Event, Subscriber};
use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::layer::{self, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use crate::config::{LogConfig, LogFormat};

/// What other crates say that our own lines say already, and what any client can make them say: a head that cannot be
/// read is an error to them.
const QUIET: &str = "actix_server=warn,actix_http::h1::dispatcher=off";

/// Lines that wait for a slow sink; further ones are dropped.
const BUFFERED_LINES: usize = 16_384;

/// The levels, as a directive without a target.
const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

/// Holds back one line: a connection that comes while the server stops finds no worker, and that is no error.
///
/// The other lines of that place stay: they tell of connections that cannot be accepted.
struct WithoutWorkers;

impl<S: Subscriber> Layer<S> for WithoutWorkers {
    fn event_enabled(&self, event: &Event<'_>, _: layer::Context<'_, S>) -> bool {
        let mut is_it = false;
        if event.metadata().target() == "actix_server::accept" {
            event.record(&mut |field: &Field, value: &dyn fmt::Debug| {
                is_it |= field.name() == "message" && format!("{value:?}") == "No workers";
            });
        }
        !is_it
    }
}

/// Writes what is left of the log when it is dropped.
#[derive(Debug)]
#[must_use = "what is not yet written is lost where the guard is not kept until the end"]
pub struct Guard {
    _written_on_drop: WorkerGuard,
}

/// Starts the log of this process: lines on standard error, one a request, panics among them.
///
/// For a program that calls [`run`](crate::run) or mounts an [`Api`](crate::Api): neither starts a log by itself, and both
/// write to whatever [`tracing`] subscriber there is. The binary and [`cli::main`](crate::cli::main) start theirs.
///
/// Lines are coloured only where standard error is a terminal. They are dropped where standard error takes them too slowly;
/// a request never waits for it. A subscriber that the program has set before stays in its place, with its panic hook. A
/// level that cannot be read is taken as `info`, with a warning.
///
/// ```
/// use antiphon_server::{Config, log};
///
/// let mut config = Config::default();
/// config.log.level = "warn".to_owned();
/// let _log = log::start(&config.log); // dropped at the end of `main`
/// ```
pub fn start(config: &LogConfig) -> Guard {
    let (filter, refused) = filter(&config.level);
    // Lossy: a request never waits for the sink.
    let builder = NonBlockingBuilder::default().lossy(true).buffered_lines_limit(BUFFERED_LINES);
    let (writer, guard) = builder.finish(stderr());
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer);
    let started = match config.format {
        LogFormat::Json => lines.json().flatten_event(true).finish().with(WithoutWorkers).try_init(),
        LogFormat::Pretty if stderr().is_terminal() => lines.finish().with(WithoutWorkers).try_init(),
        LogFormat::Pretty => {
            lines.with_ansi(false).fmt_fields(fields::Plain).finish().with(WithoutWorkers).try_init()
        }
    };
    if started.is_ok() {
        panic::set_hook(Box::new(log_panic));
    }
    if let Some(reason) = refused {
        tracing::warn!(reason, "the level of the log cannot be read: it is info");
    }
    Guard { _written_on_drop: guard }
}

/// The filter of a level; that of `info` for one that cannot be read, with the reason.
fn filter(level: &str) -> (EnvFilter, Option<String>) {
    let refused = check(level).err();
    let level = if refused.is_none() { level } else { "info" };
    (EnvFilter::builder().parse_lossy(with_quiet(level)), refused)
}

/// Checks the directives of `log.level`.
///
/// A word alone must be a level: as a target, which is how the syntax reads it, a misspelt level would silence all else.
pub(crate) fn check(directives: &str) -> Result<(), String> {
    for directive in directives.split(',').map(str::trim) {
        let level = LEVELS.iter().any(|level| directive.eq_ignore_ascii_case(level));
        let target =
            directive.contains(['=', '[', '{', '}', ']']) && EnvFilter::builder().parse(directive).is_ok();
        if !level && !target {
            let levels = LEVELS.join(", ");
            return Err(format!("`{directive}` is neither a level ({levels}) nor `target=level`"));
        }
    }
    Ok(())
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

/// An error and what it came from, outermost first, in one line.
pub(crate) fn with_sources(error: &dyn Error) -> String {
    let causes = successors(error.source(), |&cause| cause.source());
    causes.fold(error.to_string(), |line, cause| format!("{line}: {cause}"))
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};

    use super::*;

    #[test]
    fn causes_stand_behind_their_error() {
        let error = std::io::Error::other(crate::run::RunError::Models("no model".to_owned()));
        let outer = crate::run::RunError::Serve(error);
        assert_eq!(with_sources(&outer), "the server failed: no model");
    }

    /// What was written, for all clones.
    #[derive(Clone, Default)]
    pub(super) struct Written(Arc<Mutex<Vec<u8>>>);

    impl Written {
        pub(super) fn writer(&self) -> impl Fn() -> Self + use<> {
            let written = self.clone();
            move || written.clone()
        }

        pub(super) fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

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
        let lines = tracing_subscriber::fmt().json().flatten_event(true).without_time();
        let lines = lines.with_writer(written.writer()).finish();

        let hook = panic::take_hook();
        panic::set_hook(Box::new(log_panic));
        let caught = tracing::subscriber::with_default(lines, || panic::catch_unwind(|| panic!("a prompt")));
        panic::set_hook(hook);

        assert!(caught.is_err());
        let text = written.text();
        let line: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!((&line["level"], &line["message"]), (&"ERROR".into(), &"panic".into()));
        assert!(line["location"].as_str().is_some_and(|place| place.starts_with(file!())), "{line}");
        assert!(!text.contains("a prompt"));
    }

    #[test]
    fn only_the_line_of_missing_workers_is_held_back() {
        let written = Written::default();
        let lines = tracing_subscriber::fmt().with_ansi(false).without_time().with_target(false);
        let lines = lines.with_writer(written.writer()).finish().with(WithoutWorkers);
        tracing::subscriber::with_default(lines, || {
            tracing::error!(target: "actix_server::accept", "No workers");
            tracing::error!(target: "actix_server::accept", "no descriptors");
            tracing::error!("No workers");
        });
        let text = written.text();
        assert_eq!(text, "ERROR no descriptors\nERROR No workers\n");
    }

    #[test]
    fn level_that_cannot_be_read_is_info() {
        let shown = |level| filter(level).0.to_string();
        assert_eq!(shown("inof"), shown("info"));
        assert_ne!(shown("warn"), shown("info"));
        assert!(filter("inof").1.is_some() && filter("info").1.is_none());
    }

    #[test]
    fn directives_are_levels_or_targets_with_levels() {
        for good in ["info", "WARN", "warn, antiphon_server=debug", "off,[span{field=1}]=trace"] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        let bad = [
            ("", ""),
            ("inof", "inof"),
            ("info,", ""),
            ("a", "a"),
            ("info, a=b=c", "a=b=c"),
            ("a=inof", "a=inof"),
        ];
        for (directives, quoted) in bad {
            let levels = "(off, error, warn, info, debug, trace)";
            let reason = format!("`{quoted}` is neither a level {levels} nor `target=level`");
            assert_eq!(check(directives), Err(reason), "{directives}");
        }
    }
}
