//! Reads server-sent events out of bytes, wherever they are split.
//!
//! As the [HTML standard](https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream) has
//! it, but that an event at the very end needs no blank line, and that an event has a most.

mod lines;
#[cfg(test)]
mod tests;

use self::lines::Lines;

/// The most bytes of an event, and of a line: 1 MiB.
pub(crate) const MOST_BYTES: usize = 1 << 20;

/// One event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Event<'a> {
    /// The value of its last `event` field; empty where there is none.
    pub(crate) name: &'a [u8],
    /// The values of its `data` fields, joined by line feeds.
    pub(crate) data: &'a [u8],
}

/// An event or a line is longer than [`MOST_BYTES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooLong;

/// Takes bytes as they come, and gives events as they are whole.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    lines: Lines,
    fields: Fields,
}

/// What the lines of one event said.
#[derive(Debug, Default)]
struct Fields {
    name: Vec<u8>,
    data: Vec<u8>,
    has_data: bool,
    /// Whether they were given as an event, and can go.
    are_given: bool,
}

impl Decoder {
    /// Takes the next bytes.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.lines.push(bytes);
    }

    /// Gives the next event; `None` until more bytes come.
    pub(crate) fn next(&mut self) -> Result<Option<Event<'_>>, TooLong> {
        self.fields.forget_given();
        while let Some(line) = self.lines.next()? {
            if !line.is_empty() {
                self.fields.take(line)?;
            } else if self.fields.end() {
                return Ok(Some(self.fields.event()));
            }
        }
        Ok(None)
    }

    /// Gives the event that the end of the bytes cut its blank line off, if there is one.
    pub(crate) fn end(&mut self) -> Result<Option<Event<'_>>, TooLong> {
        self.fields.forget_given();
        self.fields.take(self.lines.rest())?;
        Ok(self.fields.end().then(|| self.fields.event()))
    }
}

impl Fields {
    fn forget_given(&mut self) {
        if std::mem::take(&mut self.are_given) {
            self.name.clear();
            self.data.clear();
        }
    }

    /// Reads a line. One that begins with a colon is a comment: a field without a name.
    fn take(&mut self, line: &[u8]) -> Result<(), TooLong> {
        let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
        let value = line.get(name.len() + 1..).unwrap_or_default();
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match name {
            b"data" => {
                if std::mem::replace(&mut self.has_data, true) {
                    self.data.push(b'\n');
                }
                self.data.extend_from_slice(value);
            }
            b"event" => {
                self.name.clear();
                self.name.extend_from_slice(value);
            }
            _ => {}
        }
        if self.data.len() > MOST_BYTES { Err(TooLong) } else { Ok(()) }
    }

    /// Ends an event; false where it has no data, and so is none.
    fn end(&mut self) -> bool {
        if !std::mem::take(&mut self.has_data) {
            self.name.clear();
            return false;
        }
        self.are_given = true;
        true
    }

    fn event(&self) -> Event<'_> {
        Event { name: &self.name, data: &self.data }
    }
}
