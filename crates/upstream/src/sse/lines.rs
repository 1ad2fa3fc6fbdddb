//! Lines out of bytes that come in pieces.

use memchr::memchr2;

use super::{MOST_BYTES, TooLong};

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Takes bytes as they come, and gives lines as they are whole: each ends in CR, LF or both.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// What was taken and is not yet read, from `start` on.
    buffer: Vec<u8>,
    start: usize,
    /// How far past `start` there is no end of a line.
    searched: usize,
    /// The last line ended in CR: an LF behind it belongs to the same end.
    after_return: bool,
    has_begun: bool,
}

impl Lines {
    /// Takes the next bytes.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.buffer.drain(..self.start);
        self.start = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// The next line without its end; `None` until more bytes come.
    pub(super) fn next(&mut self) -> Result<Option<&[u8]>, TooLong> {
        if !self.skip() {
            return Ok(None);
        }
        let rest = &self.buffer[self.start..];
        let Some(length) = memchr2(b'\n', b'\r', &rest[self.searched..]).map(|at| at + self.searched) else {
            self.searched = rest.len();
            return if rest.len() > MOST_BYTES { Err(TooLong) } else { Ok(None) };
        };
        self.after_return = rest[length] == b'\r';
        let start = self.start;
        (self.start, self.searched) = (start + length + 1, 0);
        if length > MOST_BYTES { Err(TooLong) } else { Ok(Some(&self.buffer[start..start + length])) }
    }

    /// What is left, as a line that has no end.
    pub(super) fn rest(&mut self) -> &[u8] {
        let start = std::mem::replace(&mut self.start, self.buffer.len());
        self.searched = 0;
        &self.buffer[start..]
    }

    /// Skips what may stand before a line; false where it cannot be told yet.
    fn skip(&mut self) -> bool {
        if self.after_return && self.start < self.buffer.len() {
            self.start += usize::from(self.buffer[self.start] == b'\n');
            self.after_return = false;
        }
        if self.has_begun {
            return true;
        }
        let begin = &self.buffer[..self.buffer.len().min(BYTE_ORDER_MARK.len())];
        if begin.len() < BYTE_ORDER_MARK.len() && BYTE_ORDER_MARK.starts_with(begin) {
            return false;
        }
        self.has_begun = true;
        self.start = if begin == BYTE_ORDER_MARK { begin.len() } else { 0 };
        true
    }
}
