//! Holds a GGUF file against its format, before llama.cpp reads it.

mod reader;
#[cfg(test)]
mod tests;
mod types;

use std::collections::HashSet;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use self::reader::Reader;
use self::types::{TensorType, ValueType};
use crate::Error;

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// It begins with something else.
    #[error("it is no GGUF file")]
    Magic,
    /// Its version is not 2 or 3, or of the other byte order.
    #[error("its GGUF version {0} is not supported")]
    Version(u32),
    /// It ends before what it says that it holds.
    #[error("it is cut off: {0} goes beyond the end of the file")]
    Short(String),
    /// A count is beyond any that a model has.
    #[error("it has {count} {what}, and at most {most} are read")]
    Count {
        /// What is counted.
        what: &'static str,
        /// How many it says that there are.
        count: u64,
        /// How many there can be.
        most: u64,
    },
    /// A name or a value breaks the format.
    #[error("{0}")]
    Value(String),
    /// Reading failed.
    #[error("it cannot be read: {0}")]
    Read(String),
}

/// More metadata, or more tensors, than any model has.
const MOST_ENTRIES: u64 = 1 << 16;
/// The most tokens, merges and whatever else stands in an array.
const MOST_ITEMS: u64 = 1 << 24;
/// A tensor's name ends before so many bytes: llama.cpp's own limit.
const LONGEST_NAME: usize = 64;
const MOST_DIMENSIONS: u32 = 4;
/// More than any file needs; a page of memory is 4,096.
const MOST_ALIGNMENT: u32 = 1 << 16;

/// Checks a file, without reading its tensors.
///
/// Every count, length, offset and size in its head is held against the file's end. What the values mean to a model
/// is not looked at.
///
/// # Errors
/// When it cannot be opened, or is not a GGUF file that is whole.
pub fn check_file(path: &Path) -> Result<(), Error> {
    let unreadable = |source| Error::Unreadable { path: path.to_owned(), source };
    let file = File::open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    if !metadata.is_file() {
        let fault = Fault::Value("it is no file".to_owned());
        return Err(Error::Malformed { path: path.to_owned(), fault });
    }
    check(BufReader::new(file), metadata.len())
        .map_err(|fault| Error::Malformed { path: path.to_owned(), fault })
}

/// Checks what a reader reads, which is `length` bytes long.
///
/// # Errors
/// The first fault.
pub fn check(reader: impl std::io::Read, length: u64) -> Result<(), Fault> {
    let mut reader = Reader::new(reader, length);
    if reader.array::<4>("the head")? != *b"GGUF" {
        return Err(Fault::Magic);
    }
    match reader.u32("the head")? {
        2 | 3 => {}
        version => return Err(Fault::Version(version)),
    }
    let tensors = count("tensors", reader.u64("the head")?, MOST_ENTRIES)?;
    let values = count("metadata values", reader.u64("the head")?, MOST_ENTRIES)?;
    let alignment = metadata(&mut reader, values)?;
    let tensors: Vec<_> = (0..tensors).map(|_| tensor(&mut reader)).collect::<Result<_, _>>()?;
    let start = reader.position().next_multiple_of(alignment.into());
    extents(&tensors, alignment.into(), start, length)
}

/// Holds the places of tensors, behind one another from `start` on, against the end of the file.
fn extents(tensors: &[Tensor], alignment: u64, start: u64, length: u64) -> Result<(), Fault> {
    let mut names = HashSet::new();
    let mut next = 0;
    for Tensor { name, offset, size } in tensors {
        let short = || Fault::Short(format!("tensor {name:?}"));
        if !names.insert(name) {
            return Err(Fault::Value(format!("tensor {name:?} is there twice")));
        }
        if *offset != next {
            return Err(Fault::Value(format!("tensor {name:?} begins at {offset}, and not at {next}")));
        }
        let end = next.checked_add(*size).ok_or_else(short)?;
        // The padding after the last tensor may be missing; its data may not.
        if start.checked_add(end).is_none_or(|end| end > length) {
            return Err(short());
        }
        next = end.checked_next_multiple_of(alignment).ok_or_else(short)?;
    }
    Ok(())
}

/// Reads all metadata; gives back the alignment of the tensors.
fn metadata<R: std::io::Read>(reader: &mut Reader<R>, values: u64) -> Result<u32, Fault> {
    let mut alignment = 32;
    let mut keys = HashSet::new();
    for _ in 0..values {
        let key = reader.text("a key")?;
        if key.is_empty() || !keys.insert(key.clone()) {
            return Err(Fault::Value(format!("key {key:?} is empty or there twice")));
        }
        let kind = ValueType::read(reader, &key)?;
        if key == "general.alignment" {
            alignment = match kind {
                ValueType::U32 => reader.u32(&key)?,
                _ => return Err(Fault::Value("general.alignment is no 32-bit integer".to_owned())),
            };
            if !alignment.is_power_of_two() || alignment > MOST_ALIGNMENT {
                return Err(Fault::Value(format!("general.alignment is {alignment}")));
            }
            continue;
        }
        value(reader, kind, &key)?;
    }
    Ok(alignment)
}

/// Reads over a value.
fn value<R: std::io::Read>(reader: &mut Reader<R>, kind: ValueType, key: &str) -> Result<(), Fault> {
    if let Some(size) = kind.size() {
        return reader.skip(size, key);
    }
    if kind == ValueType::Text {
        return reader.skip_text(key);
    }
    let item = ValueType::read(reader, key)?;
    let items = count("items in an array", reader.u64(key)?, MOST_ITEMS)?;
    match item.size() {
        Some(size) => reader.skip(size * items, key),
        None if item == ValueType::Text => (0..items).try_for_each(|_| reader.skip_text(key)),
        None => Err(Fault::Value(format!("{key:?} is an array of arrays"))),
    }
}

struct Tensor {
    name: String,
    offset: u64,
    /// In bytes.
    size: u64,
}

fn tensor<R: std::io::Read>(reader: &mut Reader<R>) -> Result<Tensor, Fault> {
    let name = reader.text("a tensor's name")?;
    if name.len() >= LONGEST_NAME {
        return Err(Fault::Value(format!("a tensor's name has {} bytes", name.len())));
    }
    let dimensions = reader.u32(&name)?;
    count("dimensions of a tensor", dimensions.into(), MOST_DIMENSIONS.into())?;
    let shape: Vec<u64> = (0..dimensions).map(|_| reader.u64(&name)).collect::<Result<_, _>>()?;
    let kind = TensorType::read(reader, &name)?;
    let offset = reader.u64(&name)?;
    let row = shape.first().copied().unwrap_or(1);
    if !row.is_multiple_of(kind.block) || shape.contains(&0) {
        return Err(Fault::Value(format!("tensor {name:?} has rows of {row}, of blocks of {}", kind.block)));
    }
    let elements = shape.iter().try_fold(1_u64, |product, length| product.checked_mul(*length));
    let size = elements
        .filter(|elements| *elements <= i64::MAX.cast_unsigned())
        .and_then(|elements| (elements / kind.block).checked_mul(kind.size));
    let size = size.ok_or_else(|| Fault::Short(format!("tensor {name:?}")))?;
    Ok(Tensor { name, offset, size })
}

fn count(what: &'static str, count: u64, most: u64) -> Result<u64, Fault> {
    if count <= most { Ok(count) } else { Err(Fault::Count { what, count, most }) }
}
