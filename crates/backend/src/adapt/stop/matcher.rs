//! Finds the first of several strings in a text that comes in pieces.

/// The strings that are looked for; never empty ones.
#[derive(Debug)]
pub(crate) struct Patterns {
    all: Vec<Pattern>,
    /// Whether a pattern begins with this byte.
    begins: [bool; 256],
}

#[derive(Debug)]
struct Pattern {
    bytes: Vec<u8>,
    /// For each length less one: how much of the pattern's start still stands when the next byte does not
    /// fit.
    fallbacks: Vec<u32>,
    len: u32,
}

/// How much of each pattern the text so far ends with.
#[derive(Clone, Debug)]
pub(super) struct Matcher {
    reached: Vec<u32>,
    longest: u32,
}

/// A pattern was found, in bytes of the piece that was scanned.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Match {
    pub(super) end: usize,
    pub(super) len: usize,
}

impl Patterns {
    /// Leaves out what is empty, and what is longer than the tables can say: 4 GiB.
    pub(crate) fn new(texts: impl IntoIterator<Item: AsRef<str>>) -> Self {
        let all: Vec<_> = texts.into_iter().filter_map(|text| Pattern::new(text.as_ref())).collect();
        let mut begins = [false; 256];
        for pattern in &all {
            begins[usize::from(pattern.bytes[0])] = true;
        }
        Self { all, begins }
    }

    pub(super) fn matcher(&self) -> Matcher {
        Matcher { reached: vec![0; self.all.len()], longest: 0 }
    }
}

impl Pattern {
    fn new(text: &str) -> Option<Self> {
        let len = u32::try_from(text.len()).ok().filter(|len| *len > 0)?;
        let mut pattern = Self { bytes: text.as_bytes().to_vec(), fallbacks: vec![0], len };
        let mut reached = 0;
        for place in 1..pattern.bytes.len() {
            reached = pattern.step(reached, pattern.bytes[place]);
            pattern.fallbacks.push(reached);
        }
        Some(pattern)
    }

    /// How much of the pattern stands after one more byte. (Knuth, Morris and Pratt, 1977.)
    fn step(&self, mut reached: u32, byte: u8) -> u32 {
        while self.bytes[reached as usize] != byte {
            if reached == 0 {
                return 0;
            }
            reached = self.fallbacks[reached as usize - 1];
        }
        reached + 1
    }
}

impl Matcher {
    /// Reads the next piece; of the patterns that end first, finds the longest.
    ///
    /// The patterns and the pieces are UTF-8, so a match begins and ends between characters. Nothing may be
    /// read after a match.
    pub(super) fn scan(&mut self, patterns: &Patterns, piece: &str) -> Option<Match> {
        for (place, byte) in piece.bytes().enumerate() {
            // Most bytes begin nothing.
            if self.longest == 0 && !patterns.begins[usize::from(byte)] {
                continue;
            }
            let mut found = 0;
            self.longest = 0;
            for (pattern, reached) in patterns.all.iter().zip(&mut self.reached) {
                *reached = pattern.step(*reached, byte);
                self.longest = self.longest.max(*reached);
                if *reached == pattern.len {
                    found = found.max(*reached);
                }
            }
            if found > 0 {
                return Some(Match { end: place + 1, len: found as usize });
            }
        }
        None
    }

    /// Begins a new text.
    pub(super) fn reset(&mut self) {
        self.reached.fill(0);
        self.longest = 0;
    }

    /// How many bytes at the end of the text may begin a pattern.
    pub(super) fn pending(&self) -> usize {
        self.longest as usize
    }
}
