//! A value for each choice, without an allocation for the first.

use std::{iter, vec};

/// One `T` for each of the choices 0 to `n` less one.
#[derive(Debug)]
pub(crate) struct PerChoice<T> {
    first: T,
    rest: Vec<T>,
}

impl<T> PerChoice<T> {
    /// At least one choice has a value.
    pub(crate) fn new(choices: u32, make: impl Fn() -> T) -> Self {
        let rest = (1..choices).map(|_| make()).collect();
        Self { first: make(), rest }
    }

    /// The value of a choice; `None` past the last.
    pub(crate) fn get_mut(&mut self, choice: u32) -> Option<&mut T> {
        match choice {
            0 => Some(&mut self.first),
            _ => self.rest.get_mut(choice as usize - 1),
        }
    }

    /// The values with their choices, in order.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (u32, &mut T)> {
        (0..).zip(iter::once(&mut self.first).chain(&mut self.rest))
    }
}

impl<T> IntoIterator for PerChoice<T> {
    type Item = T;
    type IntoIter = iter::Chain<iter::Once<T>, vec::IntoIter<T>>;

    fn into_iter(self) -> Self::IntoIter {
        iter::once(self.first).chain(self.rest)
    }
}
