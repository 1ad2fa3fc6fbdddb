//! Scans JSON as it comes, without reading it twice.

use std::ops::Range;

/// How deep one is within a JSON text or container.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Nesting {
    depth: usize,
    in_string: bool,
    is_escaped: bool,
}

impl Nesting {
    /// Takes the next byte and says whether the value ends.
    pub(crate) fn ends_with(&mut self, byte: u8) -> bool {
        if self.in_string {
            match byte {
                _ if self.is_escaped => self.is_escaped = false,
                b'\\' => self.is_escaped = true,
                b'"' => self.in_string = false,
                _ => {}
            }
            return !self.in_string && self.depth == 0;
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                return self.depth == 0;
            }
            _ => {}
        }
        false
    }
}

/// What a scan of an object has come upon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// The end of what has come.
    Nothing,
    /// The first byte of the value of this key.
    Value { key: Range<usize>, start: usize },
    /// The whole value of this key.
    Member { key: Range<usize>, value: Range<usize> },
    /// The end of the object, behind its bracket.
    End(usize),
    /// No JSON object.
    Fault,
}

/// A scan of one object, which goes on as more comes.
#[derive(Debug)]
pub(crate) struct Scan {
    /// The place of the next byte to look at.
    at: usize,
    expected: Expected,
    key: Range<usize>,
    start: usize,
    nesting: Nesting,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    Open,
    FirstKey,
    Key,
    KeyEnd,
    Colon,
    Value,
    ValueEnd,
    /// The end of a number or a word, which has no mark.
    WordEnd,
    Comma,
}

impl Scan {
    /// Begins before an object.
    pub(crate) fn new(at: usize) -> Self {
        Self { at, expected: Expected::Open, key: 0..0, start: 0, nesting: Nesting::default() }
    }

    /// Begins behind a value of an object.
    pub(crate) fn behind_value(at: usize) -> Self {
        Self { expected: Expected::Comma, ..Self::new(at) }
    }

    /// Goes on in a text that has grown, and not changed.
    pub(crate) fn next(&mut self, text: &str) -> Seen {
        while let Some(byte) = text.as_bytes().get(self.at) {
            self.at += 1;
            match self.take(*byte) {
                Seen::Nothing => {}
                seen => return seen,
            }
        }
        Seen::Nothing
    }

    fn take(&mut self, byte: u8) -> Seen {
        use Expected::{Colon, Comma, FirstKey, Key, KeyEnd, Open, Value, ValueEnd, WordEnd};
        match (self.expected, byte) {
            (KeyEnd, _) => {
                if self.nesting.ends_with(byte) {
                    self.key.end = self.at;
                    self.expected = Colon;
                }
            }
            (ValueEnd, _) => {
                if self.nesting.ends_with(byte) {
                    return self.member(self.at);
                }
            }
            (WordEnd, b',' | b'}' | b' ' | b'\n' | b'\r' | b'\t') => {
                self.at -= 1;
                return self.member(self.at);
            }
            (WordEnd, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'+' | b'-' | b'.')
            | (_, b' ' | b'\n' | b'\r' | b'\t') => {}
            (Open, b'{') => self.expected = FirstKey,
            (FirstKey | Key, b'"') => self.begin_key(),
            (FirstKey | Comma, b'}') => return Seen::End(self.at),
            (Comma, b',') => self.expected = Key,
            (Colon, b':') => self.expected = Value,
            (Value, _) => return self.begin_value(byte),
            _ => return Seen::Fault,
        }
        Seen::Nothing
    }

    fn begin_key(&mut self) {
        self.key.start = self.at - 1;
        self.begin_nesting(b'"');
        self.expected = Expected::KeyEnd;
    }

    fn begin_value(&mut self, byte: u8) -> Seen {
        self.expected = match byte {
            b'"' | b'{' | b'[' => Expected::ValueEnd,
            b'a'..=b'z' | b'0'..=b'9' | b'-' => Expected::WordEnd,
            _ => return Seen::Fault,
        };
        self.begin_nesting(byte);
        self.start = self.at - 1;
        Seen::Value { key: self.key.clone(), start: self.start }
    }

    fn begin_nesting(&mut self, byte: u8) {
        self.nesting = Nesting::default();
        self.nesting.ends_with(byte);
    }

    fn member(&mut self, end: usize) -> Seen {
        self.expected = Expected::Comma;
        Seen::Member { key: self.key.clone(), value: self.start..end }
    }
}
