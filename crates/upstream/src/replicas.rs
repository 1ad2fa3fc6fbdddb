//! Which replica is asked: the least busy of those that answer.

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};

use tokio::sync::Notify;
use tracing::{info, warn};

use crate::base_url::BaseUrl;
use crate::failure::{Failure, Tells};

/// The replicas of one upstream, with how each does.
#[derive(Debug)]
pub(crate) struct Replicas {
    all: Box<[Replica]>,
    /// Where the next search begins, so that equals take turns.
    next: AtomicUsize,
    eject_after: u32,
    /// Told whenever a replica is ejected.
    pub(crate) ejected: Notify,
}

#[derive(Debug)]
struct Replica {
    base: BaseUrl,
    outstanding: AtomicUsize,
    /// In a row.
    failures: AtomicU32,
    is_out: AtomicBool,
}

/// A replica while it is asked for one answer.
#[derive(Debug)]
pub(crate) struct Lease {
    replicas: Arc<Replicas>,
    index: usize,
}

impl Replicas {
    /// At least one.
    pub(crate) fn new(bases: impl IntoIterator<Item = BaseUrl>, eject_after: u32) -> Self {
        let replica = |base| Replica {
            base,
            outstanding: AtomicUsize::new(0),
            failures: AtomicU32::new(0),
            is_out: AtomicBool::new(false),
        };
        Self {
            all: bases.into_iter().map(replica).collect(),
            next: AtomicUsize::new(0),
            eject_after,
            ejected: Notify::new(),
        }
    }

    /// Takes the replica with the fewest answers outstanding.
    ///
    /// Where all are ejected, one of them: it may be back, and if not the client learns why.
    pub(crate) fn choose(self: &Arc<Self>) -> Lease {
        self.lease(self.least_busy(Replica::is_in).or_else(|| self.least_busy(|_| true)).unwrap_or(0))
    }

    /// Takes another replica than one that failed, if another is in.
    pub(crate) fn choose_another(self: &Arc<Self>, failed: usize) -> Option<Lease> {
        let failed = &self.all[failed];
        self.least_busy(|replica| replica.is_in() && !std::ptr::eq(replica, failed))
            .map(|index| self.lease(index))
    }

    fn least_busy(&self, fits: impl Fn(&Replica) -> bool) -> Option<usize> {
        let start = self.next.fetch_add(1, Ordering::Relaxed);
        let places = (0..self.all.len()).map(|step| start.wrapping_add(step) % self.all.len());
        places
            .filter(|place| fits(&self.all[*place]))
            .min_by_key(|place| self.all[*place].outstanding.load(Ordering::Relaxed))
    }

    fn lease(self: &Arc<Self>, index: usize) -> Lease {
        self.all[index].outstanding.fetch_add(1, Ordering::Relaxed);
        Lease { replicas: Arc::clone(self), index }
    }

    /// The addresses of one, by a number that [`numbers`](Self::numbers) gave.
    pub(crate) fn base(&self, index: usize) -> &BaseUrl {
        &self.all[index].base
    }

    /// The numbers of those that are in, or of those that are not.
    pub(crate) fn numbers(&self, are_in: bool) -> Vec<usize> {
        (0..self.all.len()).filter(|index| self.all[*index].is_in() == are_in).collect()
    }

    /// Notes that a replica answered.
    pub(crate) fn succeeded(&self, index: usize) {
        let replica = &self.all[index];
        // Read before it is written: what nobody writes, all cores may keep.
        if replica.failures.load(Ordering::Relaxed) > 0 {
            replica.failures.store(0, Ordering::Relaxed);
        }
        if !replica.is_in() && replica.is_out.swap(false, Ordering::Relaxed) {
            info!(replica = %replica.base, "replica is back");
        }
    }

    /// Notes that a replica failed.
    pub(crate) fn failed(&self, index: usize, failure: &Failure) {
        let replica = &self.all[index];
        let failures = replica.failures.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        if failures >= self.eject_after && !replica.is_out.swap(true, Ordering::Relaxed) {
            warn!(replica = %replica.base, failures, %failure, "replica is asked no more");
            self.ejected.notify_one();
        }
    }

    /// Notes how an answer failed, if that tells of the replica.
    pub(crate) fn note(&self, index: usize, failure: &Failure) {
        match failure.tells() {
            Tells::Failing => self.failed(index, failure),
            Tells::Alive => self.succeeded(index),
            Tells::Nothing => {}
        }
    }
}

impl Replica {
    fn is_in(&self) -> bool {
        !self.is_out.load(Ordering::Relaxed)
    }
}

impl Lease {
    pub(crate) fn index(&self) -> usize {
        self.index
    }

    pub(crate) fn base(&self) -> &BaseUrl {
        self.replicas.base(self.index)
    }

    pub(crate) fn succeeded(&self) {
        self.replicas.succeeded(self.index);
    }

    pub(crate) fn note(&self, failure: &Failure) {
        self.replicas.note(self.index, failure);
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.replicas.all[self.index].outstanding.fetch_sub(1, Ordering::Relaxed);
    }
}
