//! A streamed answer, sorted into what it said.

use serde_json::Value;

use crate::sse::{Frame, Reader};

/// All frames of one chat stream that ended in `[DONE]`, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Transcript {
    /// The chunks.
    pub chunks: Vec<Value>,
    /// The bodies of `error` events.
    pub errors: Vec<Value>,
    /// The comments, without colon and space.
    pub comments: Vec<String>,
}

impl Transcript {
    /// Reads a whole body with the strict reader.
    pub fn read(body: &[u8]) -> Self {
        match Reader::read(body) {
            Ok(frames) => frames.into_iter().collect(),
            Err(breach) => panic!("{breach}\nin {}", String::from_utf8_lossy(body)),
        }
    }

    /// The choice objects with this index, in order.
    pub fn choice(&self, index: u64) -> Vec<&Value> {
        let choices = self.chunks.iter().filter_map(|chunk| chunk["choices"].as_array()).flatten();
        choices.filter(|choice| choice["index"] == index).collect()
    }

    /// The joined deltas of one field (`content`, `refusal`, `reasoning_content`) of one choice.
    pub fn joined(&self, index: u64, field: &str) -> String {
        self.choice(index).iter().filter_map(|choice| choice["delta"][field].as_str()).collect()
    }

    /// The joined texts of one choice of a legacy completion.
    pub fn joined_texts(&self, index: u64) -> String {
        self.choice(index).iter().filter_map(|choice| choice["text"].as_str()).collect()
    }

    /// The text of choice 0.
    pub fn text(&self) -> String {
        self.joined(0, "content")
    }

    /// The finish reasons of one choice that are not null.
    pub fn finishes(&self, index: u64) -> Vec<&str> {
        self.choice(index).iter().filter_map(|choice| choice["finish_reason"].as_str()).collect()
    }

    /// The usage objects that are not null.
    pub fn usages(&self) -> Vec<&Value> {
        self.chunks.iter().filter_map(|chunk| chunk.get("usage")).filter(|usage| !usage.is_null()).collect()
    }
}

impl FromIterator<Frame> for Transcript {
    fn from_iter<I: IntoIterator<Item = Frame>>(frames: I) -> Self {
        let mut transcript = Self::default();
        for frame in frames {
            match frame {
                Frame::Data(mut value) => match value.get_mut("error") {
                    Some(error) => transcript.errors.push(error.take()),
                    None => transcript.chunks.push(value),
                },
                Frame::Comment(comment) => transcript.comments.push(comment),
                Frame::Done => {}
            }
        }
        transcript
    }
}
