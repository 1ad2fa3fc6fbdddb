//! How the choices of a stream have ended, and whether the stream is of further use.

/// Counts the choices that go on.
#[derive(Debug)]
pub(crate) struct Ends {
    open: u32,
    has_cut: bool,
}

impl Ends {
    /// At least one choice goes on.
    pub(crate) fn new(choices: u32) -> Self {
        Self { open: choices.max(1), has_cut: false }
    }

    /// A choice finished by itself.
    pub(crate) fn finished(&mut self) {
        self.open = self.open.saturating_sub(1);
    }

    /// A choice was cut short by the adapter.
    pub(crate) fn cut(&mut self) {
        self.has_cut = true;
        self.finished();
    }

    /// Whether the stream beneath can only work in vain.
    ///
    /// Where no choice was cut it ends by itself, perhaps with the usage.
    pub(crate) fn is_in_vain(&self) -> bool {
        self.open == 0 && self.has_cut
    }
}
