//! Files that are nearly a model are refused, or serve: nothing crashes the binary.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::served::model;

/// How many files are tried.
const CASES: u64 = 240;

/// A place in the head of the file, and how many bytes stand there.
#[derive(Clone, Copy, Debug)]
struct Place {
    at: u64,
    length: u64,
}

/// Where the head of a file has what.
#[derive(Debug, Default)]
struct Head {
    /// Values of metadata that are one number.
    numbers: Vec<Place>,
    /// Types of values, counts of arrays, lengths of keys.
    shapes: Vec<Place>,
    /// Texts and items of arrays.
    contents: Vec<Place>,
    /// Names, dimensions, types and offsets of tensors.
    tensors: Vec<Place>,
}

/// Reads over the head of a file, and notes what is where.
struct Walk {
    file: std::io::BufReader<File>,
    at: u64,
    head: Head,
}

impl Walk {
    fn number(&mut self, length: u64) -> u64 {
        let mut bytes = [0; 8];
        self.file.read_exact(&mut bytes[..usize::try_from(length).unwrap()]).unwrap();
        self.at += length;
        u64::from_le_bytes(bytes)
    }

    fn skip(&mut self, length: u64) -> Place {
        let place = Place { at: self.at, length };
        self.file.seek_relative(length.cast_signed()).unwrap();
        self.at += length;
        place
    }

    fn text(&mut self) -> Place {
        self.head.shapes.push(Place { at: self.at, length: 8 });
        let length = self.number(8);
        self.skip(length)
    }

    fn value(&mut self, kind: u64) {
        match kind {
            8 => {
                let text = self.text();
                self.head.contents.push(text);
            }
            9 => {
                self.head.shapes.push(Place { at: self.at, length: 12 });
                let (item, count) = (self.number(4), self.number(8));
                if item == 8 {
                    let start = self.at;
                    for _ in 0..count {
                        let length = self.number(8);
                        self.skip(length);
                    }
                    self.head.contents.push(Place { at: start, length: self.at - start });
                } else {
                    let items = self.skip(count * size(item));
                    self.head.contents.push(items);
                }
            }
            number => {
                let number = self.skip(size(number));
                self.head.numbers.push(number);
            }
        }
    }

    fn run(path: &Path) -> Head {
        let mut walk =
            Self { file: std::io::BufReader::new(File::open(path).unwrap()), at: 0, head: Head::default() };
        walk.skip(8);
        let (tensors, values) = (walk.number(8), walk.number(8));
        for _ in 0..values {
            let key = walk.text();
            walk.head.contents.push(key);
            walk.head.shapes.push(Place { at: walk.at, length: 4 });
            let kind = walk.number(4);
            walk.value(kind);
        }
        let start = walk.at;
        for _ in 0..tensors {
            let length = walk.number(8);
            walk.skip(length);
            let dimensions = walk.number(4);
            walk.skip(dimensions * 8 + 12);
        }
        walk.head.tensors.push(Place { at: start, length: walk.at - start });
        walk.head
    }
}

/// The bytes of a number by its type in the file.
fn size(kind: u64) -> u64 {
    match kind {
        0 | 1 | 7 => 1,
        2 | 3 => 2,
        4..=6 => 4,
        _ => 8,
    }
}

/// Random numbers that are the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 20) % most.max(1)
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[usize::try_from(self.below(all.len() as u64)).unwrap()]
    }
}

/// Numbers at which programs fail.
const NUMBERS: [u64; 12] =
    [0, 1, 2, 3, 7, 64, 65_535, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0x7fc0_0000_7fc0_0000, u64::MAX];

/// A change to the head of the file.
fn change(head: &Head, random: &mut Random) -> (u64, Vec<u8>) {
    let kind = random.below(10);
    let places = match kind {
        0..4 => &head.numbers,
        4..6 => &head.shapes,
        6..8 => &head.tensors,
        _ => &head.contents,
    };
    let Place { at, length } = *random.of(places);
    if kind < 4 || (kind == 4 && length <= 8) {
        let bytes = random.of(&NUMBERS).to_le_bytes();
        return (at, bytes[..usize::try_from(length).unwrap()].to_vec());
    }
    let byte = u8::try_from(random.below(256)).unwrap();
    (at + random.below(length), vec![byte])
}

/// Runs the binary's check of a configuration; gives its exit code and what it said.
fn checked(config: &Path) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_antiphon"));
    command.env_clear().arg("--check").arg("--config").arg(config).stdin(Stdio::null());
    let output = command.output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn no_file_crashes_the_binary() {
    let Some(model) = model() else { return };
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let (copy, config) = (folder.join("hostile.gguf"), folder.join("hostile.toml"));
    fs::copy(&model, &copy).unwrap();
    let keys = "context_length = 64\nslots = 1\nthreads = 1\nembeddings = true\n";
    fs::write(&config, format!("[[backends]]\nkind = \"llama\"\npath = {copy:?}\n{keys}")).unwrap();
    let head = Walk::run(&copy);
    let mut file = OpenOptions::new().read(true).write(true).open(&copy).unwrap();
    let mut random = Random(1);
    let (mut refused, mut crashed) = (0, 0);
    for case in 0..CASES {
        let (at, bytes) = change(&head, &mut random);
        let mut old = vec![0; bytes.len()];
        file.seek(SeekFrom::Start(at)).unwrap();
        file.read_exact(&mut old).unwrap();
        let mut write = |bytes: &[u8]| {
            file.seek(SeekFrom::Start(at)).unwrap();
            file.write_all(bytes).unwrap();
        };
        write(&bytes);
        let (code, said) = checked(&config);
        write(&old);
        match code {
            Some(0) => assert_eq!(said, "", "case {case}: {bytes:?} at {at}"),
            Some(78) => assert_eq!(said.lines().count(), 1, "case {case}: {bytes:?} at {at}: {said}"),
            other => panic!("case {case}: {bytes:?} at {at} ended with {other:?}: {said}"),
        }
        refused += u64::from(code == Some(78));
        crashed += u64::from(said.contains("died"));
    }
    println!("{CASES} files: {refused} refused, of which {crashed} killed the process that tried them");
    fs::remove_file(&copy).unwrap();
    assert!(refused > CASES / 4 && refused < CASES, "{refused}");
}
