//! How many tokens an answer may have, and how many it has.

use super::Tokenizer;

/// Cuts the texts of an answer, one after the other, at a limit of tokens.
pub(super) struct Allowance {
    tokenizer: Tokenizer,
    /// The tokens that are left; `None`: any number.
    left: Option<u64>,
    spent: u64,
    is_cut: bool,
}

impl Allowance {
    pub(super) fn new(tokenizer: Tokenizer, limit: Option<u64>) -> Self {
        Self { tokenizer, left: limit, spent: 0, is_cut: false }
    }

    /// Keeps of a text what there are tokens for.
    pub(super) fn cut(&mut self, text: &mut String) {
        // A token has at least one byte: a limit that allows as many tokens as there are bytes cuts nothing.
        let left = self.left.filter(|left| *left < text.len() as u64);
        let tokens = match left {
            None => self.tokenizer.count(text),
            Some(left) => {
                let beginning = self.tokenizer.beginning(text, left);
                self.is_cut |= beginning.length < text.len();
                text.truncate(beginning.length);
                beginning.tokens
            }
        };
        self.spend(tokens);
    }

    /// Whether there are tokens for the whole of a text, which then are spent.
    pub(super) fn allows(&mut self, text: &str) -> bool {
        let tokens = self.tokenizer.count(text);
        let allows = !self.is_cut && self.left.is_none_or(|left| tokens <= left);
        self.is_cut |= !allows;
        if allows {
            self.spend(tokens);
        }
        allows
    }

    /// Ends a text before the first of these; false where none is there.
    pub(super) fn stop(&mut self, text: &mut String, stops: &[String]) -> bool {
        let places = stops.iter().filter(|stop| !stop.is_empty()).filter_map(|stop| text.find(stop.as_str()));
        let Some(place) = places.min() else { return false };
        text.truncate(place);
        self.spent = self.tokenizer.count(text);
        self.is_cut = false;
        true
    }

    fn spend(&mut self, tokens: u64) {
        self.left = self.left.map(|left| left.saturating_sub(tokens));
        self.spent += tokens;
    }

    /// The tokens of all that was kept.
    pub(super) fn spent(&self) -> u64 {
        self.spent
    }

    /// Whether anything was not kept.
    pub(super) fn is_cut(&self) -> bool {
        self.is_cut
    }
}
