//! Says that a test was skipped, and why.

use std::io::{self, Write};
use std::path::PathBuf;
use std::{env, thread};

/// Says on stderr that something was not tested, past the capture of the test runner.
pub fn skipped(reason: &str) {
    // The runner captures `println!` of a test that passes: a skip would be silent.
    drop(writeln!(io::stderr(), "skipped: {reason}"));
}

/// The path in an environment variable that the running test needs; says `skipped` where it is not set.
pub(crate) fn path_for_test(variable: &str) -> Option<PathBuf> {
    let path = env::var_os(variable).map(PathBuf::from);
    if path.is_none() {
        // The runner names a test's thread after the test.
        skipped(&format!("{variable} is not set ({})", thread::current().name().unwrap_or("unknown test")));
    }
    path
}
