//! Reads numbers and texts, and never beyond the end of the file.

use std::io::{self, Read};

use super::Fault;

/// The longest text that is read: chat templates and licences are the longest, and far shorter.
const LONGEST_TEXT: u64 = 1 << 24;

/// A reader that knows where it is.
pub(super) struct Reader<R> {
    inner: R,
    position: u64,
    length: u64,
}

impl<R: Read> Reader<R> {
    pub(super) fn new(inner: R, length: u64) -> Self {
        Self { inner, position: 0, length }
    }

    pub(super) fn position(&self) -> u64 {
        self.position
    }

    pub(super) fn array<const N: usize>(&mut self, what: &str) -> Result<[u8; N], Fault> {
        self.take(N as u64, what)?;
        let mut bytes = [0; N];
        self.inner.read_exact(&mut bytes).map_err(|error| failed(&error, what))?;
        Ok(bytes)
    }

    pub(super) fn u32(&mut self, what: &str) -> Result<u32, Fault> {
        self.array(what).map(u32::from_le_bytes)
    }

    pub(super) fn u64(&mut self, what: &str) -> Result<u64, Fault> {
        self.array(what).map(u64::from_le_bytes)
    }

    /// Reads a text; of bytes that are none, what comes nearest.
    pub(super) fn text(&mut self, what: &str) -> Result<String, Fault> {
        let length = self.text_length(what)?;
        self.take(length, what)?;
        let mut bytes = Vec::new();
        self.inner.by_ref().take(length).read_to_end(&mut bytes).map_err(|error| failed(&error, what))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    pub(super) fn skip_text(&mut self, what: &str) -> Result<(), Fault> {
        let length = self.text_length(what)?;
        self.skip(length, what)
    }

    fn text_length(&mut self, what: &str) -> Result<u64, Fault> {
        let count = self.u64(what)?;
        if count > LONGEST_TEXT {
            return Err(Fault::Count { what: "bytes in a text", count, most: LONGEST_TEXT });
        }
        Ok(count)
    }

    pub(super) fn skip(&mut self, bytes: u64, what: &str) -> Result<(), Fault> {
        self.take(bytes, what)?;
        let skipped = io::copy(&mut self.inner.by_ref().take(bytes), &mut io::sink());
        match skipped {
            Ok(skipped) if skipped == bytes => Ok(()),
            Ok(_) => Err(Fault::Short(what.to_owned())),
            Err(error) => Err(failed(&error, what)),
        }
    }

    /// Moves on, where there is as much.
    fn take(&mut self, bytes: u64, what: &str) -> Result<(), Fault> {
        let end = self.position.checked_add(bytes).filter(|end| *end <= self.length);
        self.position = end.ok_or_else(|| Fault::Short(what.to_owned()))?;
        Ok(())
    }
}

fn failed(error: &io::Error, what: &str) -> Fault {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => Fault::Short(what.to_owned()),
        _ => Fault::Read(error.to_string()),
    }
}
