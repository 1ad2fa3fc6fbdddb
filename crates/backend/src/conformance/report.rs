//! What the suite found.

use std::fmt;

/// Why a check failed, in a sentence for the backend's author.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Failure(pub(super) String);

/// The outcome of each check, in order.
///
/// Displayed as a line for each: `ok models`, or `FAILED usage: ` and the reason, or `skipped usage: ` and
/// the reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    outcomes: Vec<(&'static str, Outcome)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Outcome {
    Passed,
    Failed(Failure),
    Skipped(&'static str),
}

impl Failure {
    /// The backend panicked; the panic hook has told where.
    pub(super) fn panicked() -> Self {
        Self("the backend panicked".to_owned())
    }

    /// Answers differ that should be the same, unless the model samples.
    pub(super) fn differing(reason: &str) -> Self {
        Self(format!("{reason} (a model whose answers to the same request vary needs `Suite::answers_vary`)"))
    }
}

impl Report {
    pub(super) fn add(&mut self, check: &'static str, outcome: Result<(), Failure>) {
        self.outcomes.push((check, outcome.map_or_else(Outcome::Failed, |()| Outcome::Passed)));
    }

    pub(super) fn skip(&mut self, check: &'static str, reason: &'static str) {
        self.outcomes.push((check, Outcome::Skipped(reason)));
    }

    pub(super) fn has_failed(&self, check: &str) -> bool {
        self.failures().any(|(failed, _)| failed == check)
    }

    /// The checks that failed, each with its reason.
    pub fn failures(&self) -> impl Iterator<Item = (&'static str, &Failure)> {
        self.outcomes.iter().filter_map(|(check, outcome)| match outcome {
            Outcome::Failed(failure) => Some((*check, failure)),
            Outcome::Passed | Outcome::Skipped(_) => None,
        })
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
                Outcome::Passed => writeln!(f, "ok {check}")?,
                Outcome::Failed(failure) => writeln!(f, "FAILED {check}: {failure}")?,
                Outcome::Skipped(reason) => writeln!(f, "skipped {check}: {reason}")?,
            }
        }
        Ok(())
    }
}
