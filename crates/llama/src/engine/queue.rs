//! Bounds how many answers are generated or wait.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The places for answers: those in slots and those that wait for one.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    taken: Arc<AtomicUsize>,
    most: usize,
}

/// A place that is taken, until this is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    taken: Arc<AtomicUsize>,
}

impl Places {
    pub(crate) fn new(most: usize) -> Self {
        Self { taken: Arc::default(), most }
    }

    /// Takes so many places, or none of them where there are not as many.
    pub(crate) fn take(&self, count: usize) -> Option<Vec<Place>> {
        let enough = |taken: usize| Some(taken + count).filter(|taken| *taken <= self.most);
        self.taken.fetch_update(Ordering::Relaxed, Ordering::Relaxed, enough).ok()?;
        Some((0..count).map(|_| Place { taken: Arc::clone(&self.taken) }).collect())
    }

    /// How many places there are.
    pub(crate) fn most(&self) -> usize {
        self.most
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.taken.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_places_are_taken_than_there_are() {
        let places = Places::new(3);
        let two = places.take(2).unwrap();
        assert!(places.take(2).is_none());
        let one = places.take(1).unwrap();
        drop(two);
        assert_eq!(places.take(2).map(|places| places.len()), Some(2));
        drop(one);
    }
}
