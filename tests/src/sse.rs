//! Reads server-sent events strictly: what a lenient client would forgive is a breach here.

use serde_json::Value;

/// One frame of a chat stream, as it stood between two blank lines.
#[derive(Clone, Debug, PartialEq)]
pub enum Frame {
    /// `data: {…}`: one line with one JSON object.
    Data(Value),
    /// `: …`: a comment, without its colon and space.
    Comment(String),
    /// `data: [DONE]`: the last frame.
    Done,
}

/// Reads frames from bytes as they arrive; refuses all but the three forms of [`Frame`].
#[derive(Debug, Default)]
pub struct Reader {
    pending: Vec<u8>,
    done: bool,
}

impl Reader {
    /// Takes the next bytes of a body and gives the frames that they complete.
    ///
    /// # Errors
    /// What is wrong with the first bad frame: its form, its JSON, or that it stands after `[DONE]`.
    pub fn push(&mut self, bytes: &[u8]) -> Result<Vec<Frame>, String> {
        self.pending.extend_from_slice(bytes);
        let mut frames = Vec::new();
        while let Some(end) = self.pending.windows(2).position(|pair| pair == b"\n\n") {
            let line: Vec<u8> = self.pending.drain(..end + 2).take(end).collect();
            if self.done {
                return Err(format!("a frame after [DONE]: {:?}", String::from_utf8_lossy(&line)));
            }
            let frame = frame(&line)?;
            self.done = frame == Frame::Done;
            frames.push(frame);
        }
        Ok(frames)
    }

    /// Ends the body.
    ///
    /// # Errors
    /// That bytes are left over, or that no `[DONE]` came.
    pub fn finish(self) -> Result<(), String> {
        if !self.pending.is_empty() {
            return Err(format!("bytes left at the end: {:?}", String::from_utf8_lossy(&self.pending)));
        }
        if self.done { Ok(()) } else { Err("the stream ended without [DONE]".to_owned()) }
    }

    /// Reads a whole body.
    ///
    /// # Errors
    /// As [`Reader::push`] and [`Reader::finish`].
    pub fn read(body: &[u8]) -> Result<Vec<Frame>, String> {
        let mut reader = Self::default();
        let frames = reader.push(body)?;
        reader.finish()?;
        Ok(frames)
    }
}

/// Parses one frame, without its blank line.
fn frame(line: &[u8]) -> Result<Frame, String> {
    let text = std::str::from_utf8(line).map_err(|error| format!("not UTF-8 ({error}): {line:?}"))?;
    let breach = |what: &str| Err(format!("{what}: {text:?}"));
    if text.contains(['\n', '\r']) {
        return breach("more than one line in a frame");
    }
    if let Some(comment) = text.strip_prefix(": ") {
        return Ok(Frame::Comment(comment.to_owned()));
    }
    let Some(data) = text.strip_prefix("data: ") else {
        return breach("neither `data: ` nor `: `");
    };
    if data == "[DONE]" {
        return Ok(Frame::Done);
    }
    if !data.starts_with('{') || !data.ends_with('}') {
        return breach("data is not exactly one JSON object");
    }
    match serde_json::from_str(data) {
        Ok(value) => Ok(Frame::Data(value)),
        Err(error) => breach(&format!("data is not JSON ({error})")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Frame, Reader};

    #[test]
    fn exact_frames_are_read() {
        let body = b"data: {\"a\":1}\n\n: keep-alive\n\ndata: {\"b\":\"\\n\"}\n\ndata: [DONE]\n\n";
        let expected = vec![
            Frame::Data(json!({"a": 1})),
            Frame::Comment("keep-alive".to_owned()),
            Frame::Data(json!({"b": "\n"})),
            Frame::Done,
        ];
        assert_eq!(Reader::read(body), Ok(expected));
    }

    #[test]
    fn frames_may_arrive_byte_by_byte() {
        let mut reader = Reader::default();
        let frames: Vec<Frame> = "data: {\"t\":\"é\"}\n\ndata: [DONE]\n\n"
            .bytes()
            .flat_map(|byte| reader.push(&[byte]).expect("a good frame"))
            .collect();
        assert_eq!(frames, [Frame::Data(json!({"t": "é"})), Frame::Done]);
        assert_eq!(reader.finish(), Ok(()));
    }

    #[test]
    fn all_other_framing_is_a_breach() {
        let breaches: [&[u8]; 18] = [
            b"",
            b"data: {}\n\n",
            b"data: [DONE]",
            b"data: [DONE]\n",
            b"data: [DONE]\n\n\n",
            b"data: [DONE]\n\ndata: [DONE]\n\n",
            b"data: [DONE]\n\n: late\n\n",
            b"data:{}\n\ndata: [DONE]\n\n",
            b"data:  {}\n\ndata: [DONE]\n\n",
            b"data: {} \n\ndata: [DONE]\n\n",
            b"data: \n\ndata: [DONE]\n\n",
            b"data: {}\r\n\r\ndata: [DONE]\r\n\r\n",
            b"data: {}\ndata: {}\n\ndata: [DONE]\n\n",
            b"event: ping\n\ndata: [DONE]\n\n",
            b":keep-alive\n\ndata: [DONE]\n\n",
            b"data: {\"a\":}\n\ndata: [DONE]\n\n",
            b"data: {\"a\":\"\xff\"}\n\ndata: [DONE]\n\n",
            b"\n\ndata: [DONE]\n\n",
        ];
        for body in breaches {
            assert!(Reader::read(body).is_err(), "accepted {:?}", String::from_utf8_lossy(body));
        }
    }
}
