//! Files that are hostile are refused, each with its line.

use super::*;

/// A file with one value of metadata and one tensor of 64 bytes.
#[derive(Clone)]
struct Built {
    magic: &'static [u8],
    version: u32,
    tensors: u64,
    values: u64,
    metadata: Vec<u8>,
    tensor: Vec<u8>,
    data: usize,
}

fn text(text: &str) -> Vec<u8> {
    [&(text.len() as u64).to_le_bytes()[..], text.as_bytes()].concat()
}

fn value(key: &str, kind: u32, bytes: &[u8]) -> Vec<u8> {
    [&text(key), &kind.to_le_bytes()[..], bytes].concat()
}

fn array(key: &str, item: u32, count: u64, bytes: &[u8]) -> Vec<u8> {
    value(key, 9, &[&item.to_le_bytes()[..], &count.to_le_bytes(), bytes].concat())
}

fn tensor(name: &str, shape: &[u64], kind: u32, offset: u64) -> Vec<u8> {
    let mut bytes = text(name);
    bytes.extend(u32::try_from(shape.len()).unwrap().to_le_bytes());
    bytes.extend(shape.iter().flat_map(|length| length.to_le_bytes()));
    bytes.extend(kind.to_le_bytes());
    bytes.extend(offset.to_le_bytes());
    bytes
}

fn built() -> Built {
    Built {
        magic: b"GGUF",
        version: 3,
        tensors: 1,
        values: 1,
        metadata: value("general.architecture", 8, &text("llama")),
        tensor: tensor("w", &[16], 0, 0),
        data: 64,
    }
}

impl Built {
    fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.magic.to_vec();
        bytes.extend(self.version.to_le_bytes());
        bytes.extend(self.tensors.to_le_bytes());
        bytes.extend(self.values.to_le_bytes());
        bytes.extend(&self.metadata);
        bytes.extend(&self.tensor);
        bytes.resize(bytes.len().next_multiple_of(32) + self.data, 0);
        bytes
    }

    fn checked(&self) -> Result<(), String> {
        let bytes = self.bytes();
        super::check(&*bytes, bytes.len() as u64).map_err(|fault| fault.to_string())
    }
}

fn check(change: impl FnOnce(&mut Built), expected: &str) {
    let mut file = built();
    change(&mut file);
    assert_eq!(file.checked(), Err(expected.to_owned()));
}

#[test]
fn whole_file_passes() {
    assert_eq!(built().checked(), Ok(()));
}

#[test]
fn file_that_is_cut_anywhere_is_refused() {
    let bytes = built().bytes();
    for length in 0..bytes.len() {
        assert!(super::check(&bytes[..length], length as u64).is_err(), "{length} bytes passed");
    }
}

#[test]
fn head_is_checked() {
    check(|file| file.magic = b"GGML", "it is no GGUF file");
    check(|file| file.version = 1, "its GGUF version 1 is not supported");
    check(|file| file.version = 0x0300_0000, "its GGUF version 50331648 is not supported");
    check(|file| file.tensors = u64::MAX, "it has 18446744073709551615 tensors, and at most 65536 are read");
    check(|file| file.values = 1 << 40, "it has 1099511627776 metadata values, and at most 65536 are read");
}

#[test]
fn metadata_is_checked() {
    let metadata = |bytes: Vec<u8>| move |file: &mut Built| file.metadata = bytes;
    check(metadata(value("a", 13, &[])), r#""a" has the unknown type 13"#);
    check(metadata(value("", 0, &[0])), r#"key "" is empty or there twice"#);
    check(
        metadata(value("a", 8, &u64::MAX.to_le_bytes())),
        "it has 18446744073709551615 bytes in a text, and at most 16777216 are read",
    );
    check(
        metadata(value("a", 8, &1_000_000_u64.to_le_bytes())),
        "it is cut off: a goes beyond the end of the file",
    );
    check(
        metadata(array("a", 4, 1 << 60, &[])),
        "it has 1152921504606846976 items in an array, and at most 16777216 are read",
    );
    check(metadata(array("a", 4, 1 << 20, &[])), "it is cut off: a goes beyond the end of the file");
    check(metadata(array("a", 9, 1, &[])), r#""a" is an array of arrays"#);
    check(metadata(value("general.alignment", 4, &0_u32.to_le_bytes())), "general.alignment is 0");
    check(
        metadata(value("general.alignment", 4, &u32::MAX.to_le_bytes())),
        "general.alignment is 4294967295",
    );
    check(metadata(value("general.alignment", 10, &[0; 8])), "general.alignment is no 32-bit integer");
}

#[test]
fn key_that_is_there_twice_is_refused() {
    let twice = |file: &mut Built| {
        file.values = 2;
        file.metadata = value("a", 0, &[0]).repeat(2);
    };
    check(twice, r#"key "a" is empty or there twice"#);
}

#[test]
fn tensors_are_checked() {
    let of = |bytes: Vec<u8>| move |file: &mut Built| file.tensor = bytes;
    check(of(tensor("w", &[16], 0, 32)), r#"tensor "w" begins at 32, and not at 0"#);
    check(of(tensor("w", &[1 << 20], 0, 0)), r#"it is cut off: tensor "w" goes beyond the end of the file"#);
    check(
        of(tensor("w", &[1 << 32, 1 << 32], 0, 0)),
        r#"it is cut off: tensor "w" goes beyond the end of the file"#,
    );
    check(
        of(tensor("w", &[i64::MAX.cast_unsigned()], 28, 0)),
        r#"it is cut off: tensor "w" goes beyond the end of the file"#,
    );
    check(of(tensor("w", &[1; 5], 0, 0)), "it has 5 dimensions of a tensor, and at most 4 are read");
    check(of(tensor("w", &[33], 2, 0)), r#"tensor "w" has rows of 33, of blocks of 32"#);
    check(of(tensor("w", &[0], 0, 0)), r#"tensor "w" has rows of 0, of blocks of 1"#);
    check(of(tensor("w", &[16], 99, 0)), r#"tensor "w" has the unknown type 99"#);
    check(of(tensor(&"w".repeat(64), &[16], 0, 0)), "a tensor's name has 64 bytes");
}

#[test]
fn tensor_that_is_there_twice_is_refused() {
    let twice = |file: &mut Built| {
        file.tensors = 2;
        file.tensor = [tensor("w", &[8], 0, 0), tensor("w", &[8], 0, 32)].concat();
    };
    check(twice, r#"tensor "w" is there twice"#);
}

#[test]
fn no_file_of_random_bytes_panics() {
    let good = built().bytes();
    let mut random = 1_u64;
    for _ in 0..20_000 {
        let mut bytes = good.clone();
        for _ in 0..3 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let [place, value, ..] = (random >> 16).to_le_bytes();
            let place = usize::from(place) % bytes.len();
            bytes[place] = value;
        }
        // Whether it passes is not the question: many bytes mean nothing.
        let _ = super::check(&*bytes, bytes.len() as u64);
    }
}

#[test]
fn path_that_is_no_file_is_refused() {
    let missing = check_file(Path::new("/nonexistent/model.gguf")).unwrap_err().to_string();
    assert!(missing.starts_with("cannot read /nonexistent/model.gguf: "), "{missing}");
    assert_eq!(check_file(Path::new("/")).unwrap_err().to_string(), "/ is not a model: it is no file");
}
