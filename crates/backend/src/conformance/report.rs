//! What the suite found.

use std::fmt;

/// Why a check failed, in a sentence for the backend's author.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Failure(pub(super) String);

/// The outcome of each check, in order.
///
/// Displayed as a line for each: `ok models`, or `FAILED usage: ` and the reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    outcomes: Vec<(&'static str, Result<(), Failure>)>,
}

impl Report {
    pub(super) fn add(&mut self, check: &'static str, outcome: Result<(), Failure>) {
        self.outcomes.push((check, outcome));
    }

    /// The checks that failed, each with its reason.
    pub fn failures(&self) -> impl Iterator<Item = (&'static str, &Failure)> {
        self.outcomes.iter().filter_map(|(check, outcome)| Some((*check, outcome.as_ref().err()?)))
    }

    /// Ends a test.
    ///
    /// # Panics
    /// If a check failed, with the whole report.
    #[track_caller]
    pub fn assert_passed(&self) {
        assert!(self.failures().next().is_none(), "the backend breaks its contract:\n{self}");
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (check, outcome) in &self.outcomes {
            match outcome {
                Ok(()) => writeln!(f, "ok {check}")?,
                Err(failure) => writeln!(f, "FAILED {check}: {failure}")?,
            }
        }
        Ok(())
    }
}
