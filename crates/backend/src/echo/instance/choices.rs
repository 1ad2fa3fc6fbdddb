//! The choices that an instance was written by, and how they are changed when it does not validate.

use std::collections::HashMap;

/// What was chosen, at each place of the instance.
///
/// A choice stays as it was from attempt to attempt until it is changed, so that places do not disturb each other.
#[derive(Debug, Default)]
pub(super) struct Choices {
    chosen: HashMap<Key, Choice>,
    /// The choices of this attempt, in their order.
    made: Vec<Key>,
}

/// A place, as a JSON pointer, and the number of the choice there.
type Key = (String, u32);

#[derive(Clone, Copy, Debug)]
struct Choice {
    taken: usize,
    of: usize,
}

impl Choices {
    /// Begins another attempt.
    pub(super) fn begin(&mut self) {
        self.made.clear();
    }

    /// Chooses one of at least one at a place; the first, until that is changed.
    pub(super) fn choose(&mut self, path: &str, number: u32, of: usize) -> usize {
        if of < 2 {
            return 0;
        }
        let key = (path.to_owned(), number);
        let choice = self.chosen.entry(key.clone()).or_insert(Choice { taken: 0, of });
        *choice = Choice { taken: choice.taken.min(of - 1), of };
        self.made.push(key);
        choice.taken
    }

    /// Changes a choice that has to do with a place where an instance was at fault; false where all were tried.
    ///
    /// First the choices at the place itself, then those above it, then those below; each time all before it begin anew.
    pub(super) fn change(&mut self, path: &str) -> bool {
        let (mut above, below): (Vec<_>, Vec<_>) = self
            .made
            .iter()
            .filter(|key| is_within(&key.0, path) || is_within(path, &key.0))
            .partition(|key| is_within(path, &key.0));
        above.reverse();
        for key in above.into_iter().chain(below) {
            let Some(choice) = self.chosen.get_mut(key) else { continue };
            if choice.taken + 1 < choice.of {
                choice.taken += 1;
                return true;
            }
            choice.taken = 0;
        }
        false
    }
}

/// Whether a place is another, or below it.
fn is_within(path: &str, other: &str) -> bool {
    path.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The choices of `of` at each place, in every attempt until none is left; a fault is found at `fault`.
    fn attempts(places: &[(&str, usize)], fault: &str) -> Vec<Vec<usize>> {
        let (mut choices, mut attempts) = (Choices::default(), Vec::new());
        loop {
            choices.begin();
            attempts.push(places.iter().map(|(path, of)| choices.choose(path, 0, *of)).collect());
            if !choices.change(fault) {
                return attempts;
            }
        }
    }

    #[test]
    fn nearest_choice_above_a_fault_changes_first() {
        let places = [("", 2), ("/a", 3), ("/b", 9), ("/ab", 9)];
        let expected = [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2]].map(|[root, a]| vec![root, a, 0, 0]);
        assert_eq!(attempts(&places, "/a/x"), expected);
    }

    #[test]
    fn choices_below_a_fault_change_last() {
        let expected = [[0, 0], [1, 0], [0, 1], [1, 1]].map(|both| both.to_vec());
        assert_eq!(attempts(&[("/a", 2), ("/a/b", 2)], "/a"), expected);
    }
}
