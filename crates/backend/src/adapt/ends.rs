//! How the choices of a stream have ended, and whether the stream is of further use.

use antiphon_types::Usage;

use super::source::Item;
use crate::Event;

/// Counts the choices that go on.
#[derive(Debug)]
pub(crate) struct Ends {
    open: u32,
    has_cut: bool,
    /// Kept until the end: it counts what may yet be cut away.
    usage: Option<Box<Usage>>,
}

impl Ends {
    /// At least one choice goes on.
    pub(crate) fn new(choices: u32) -> Self {
        Self { open: choices.max(1), has_cut: false, usage: None }
    }

    /// A choice finished by itself.
    pub(crate) fn finished(&mut self) {
        self.open = self.open.saturating_sub(1);
    }

    /// A choice was cut short by the adapter.
    pub(crate) fn cut(&mut self) {
        self.has_cut = true;
        self.usage = None;
        self.finished();
    }

    /// The stream reported its usage.
    pub(crate) fn usage(&mut self, usage: Box<Usage>) {
        self.usage = Some(usage).filter(|_| !self.has_cut);
    }

    /// What to end with where the stream beneath ends with this: its usage, unless a choice was cut.
    pub(crate) fn last(&mut self, item: Option<Item>) -> Option<Item> {
        let usage = self.usage.take();
        item.or_else(|| usage.map(|usage| Ok(Event::Usage(usage))))
    }

    /// Whether the stream beneath can only work in vain.
    ///
    /// Where no choice was cut it ends by itself, perhaps with the usage.
    pub(crate) fn is_in_vain(&self) -> bool {
        self.open == 0 && self.has_cut
    }
}
