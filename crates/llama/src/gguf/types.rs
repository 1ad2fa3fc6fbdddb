//! The types of values and of tensors, by their numbers in the file.

use std::io::Read;

use super::Fault;
use super::reader::Reader;

/// The type of a metadata value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ValueType {
    /// A number or a truth value of so many bytes, other than the next.
    Plain(u64),
    U32,
    Text,
    Array,
}

impl ValueType {
    pub(super) fn read<R: Read>(reader: &mut Reader<R>, key: &str) -> Result<Self, Fault> {
        Ok(match reader.u32(key)? {
            0 | 1 | 7 => Self::Plain(1),
            2 | 3 => Self::Plain(2),
            4 => Self::U32,
            5 | 6 => Self::Plain(4),
            8 => Self::Text,
            9 => Self::Array,
            10..=12 => Self::Plain(8),
            other => return Err(Fault::Value(format!("{key:?} has the unknown type {other}"))),
        })
    }

    /// The bytes that a value takes, where all take as many.
    pub(super) fn size(self) -> Option<u64> {
        match self {
            Self::Plain(size) => Some(size),
            Self::U32 => Some(4),
            Self::Text | Self::Array => None,
        }
    }
}

/// The type of a tensor: how many elements a block has, and how many bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TensorType {
    pub(super) block: u64,
    pub(super) size: u64,
}

impl TensorType {
    pub(super) fn read<R: Read>(reader: &mut Reader<R>, name: &str) -> Result<Self, Fault> {
        let (block, size) = match reader.u32(name)? {
            24 => (1, 1),
            1 | 25 | 30 => (1, 2),
            0 | 26 => (1, 4),
            27 | 28 => (1, 8),
            2 | 20 => (32, 18),
            3 => (32, 20),
            6 => (32, 22),
            7 => (32, 24),
            8 => (32, 34),
            9 => (32, 36),
            10 => (256, 84),
            11 | 21 => (256, 110),
            12 => (256, 144),
            13 => (256, 176),
            14 => (256, 210),
            15 => (256, 292),
            16 | 35 => (256, 66),
            17 => (256, 74),
            18 => (256, 98),
            19 => (256, 50),
            22 => (256, 82),
            23 => (256, 136),
            29 => (256, 56),
            34 => (256, 54),
            39 => (32, 17),
            40 => (64, 36),
            41 => (128, 18),
            42 => (64, 18),
            other => return Err(Fault::Value(format!("tensor {name:?} has the unknown type {other}"))),
        };
        Ok(Self { block, size })
    }
}
