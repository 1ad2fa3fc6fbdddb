//! A raw HTTP/1.1 client: it sends the bytes it is given and reads framing by hand.

use std::fmt::Write as _;
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

use crate::schema::Schemas;
use crate::transcript::Transcript;

/// No answer of a test takes this long: reading fails rather than hangs.
const PATIENCE: Duration = Duration::from_secs(30);

/// A request to send: method, path, headers and body, exactly as given.
#[derive(Clone, Debug)]
pub struct Request {
    head: String,
    body: Vec<u8>,
}

impl Request {
    /// A request with a `host` header and no body.
    pub fn new(method: &str, path: &str) -> Self {
        Self { head: format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\n"), body: Vec::new() }
    }

    /// A GET.
    pub fn get(path: &str) -> Self {
        Self::new("GET", path)
    }

    /// A POST of JSON to the chat completions.
    pub fn chat(body: &Value) -> Self {
        Self::new("POST", "/v1/chat/completions").json(body)
    }

    /// A POST of JSON to the legacy completions.
    pub fn completions(body: &Value) -> Self {
        Self::new("POST", "/v1/completions").json(body)
    }

    /// A POST of JSON to the embeddings.
    pub fn embeddings(body: &Value) -> Self {
        Self::new("POST", "/v1/embeddings").json(body)
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        write!(self.head, "{name}: {value}\r\n").expect("writing to a string cannot fail");
        self
    }

    /// Sets a JSON body with its `content-type` and `content-length`.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.header("content-type", "application/json").body(body.to_string())
    }

    /// Sets a body with its `content-length`.
    #[must_use]
    pub fn body(self, body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        let mut request = self.header("content-length", &body.len().to_string());
        request.body = body;
        request
    }

    /// The head alone, blank line included.
    pub fn head(&self) -> Vec<u8> {
        format!("{}\r\n", self.head).into_bytes()
    }

    /// The bytes on the wire.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.head();
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

/// Sends one request on a connection of its own and reads the whole answer.
pub fn send(address: SocketAddr, request: &Request) -> Response {
    let mut connection = Connection::open(address);
    connection.send(&request.bytes());
    connection.response()
}

/// The status line and headers of an answer.
#[derive(Clone, Debug)]
pub struct Head {
    /// The status code.
    pub status: u16,
    /// The headers in order, names in lower case.
    pub headers: Vec<(String, String)>,
}

impl Head {
    /// The value of a header that stands at most once.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let value = values.next();
        assert_eq!(values.next(), None, "{name} twice in {:?}", self.headers);
        value
    }

    fn parse(bytes: &[u8]) -> Self {
        let text = std::str::from_utf8(bytes).expect("a head is text");
        let mut lines = text.split("\r\n");
        let line = lines.next().unwrap_or_default();
        let status = line.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3)?.parse().ok());
        let headers = lines.map(|line| {
            let (name, value) = line.split_once(':').unwrap_or_else(|| panic!("not a header: {line:?}"));
            (name.to_ascii_lowercase(), value.trim().to_owned())
        });
        Self {
            status: status.unwrap_or_else(|| panic!("not a status line: {line:?}")),
            headers: headers.collect(),
        }
    }
}

/// A whole answer.
#[derive(Clone, Debug)]
pub struct Response {
    /// Status and headers.
    pub head: Head,
    /// The body, out of its chunks.
    pub body: Vec<u8>,
}

impl Response {
    /// The status code.
    pub fn status(&self) -> u16 {
        self.head.status
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.header(name)
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("a body of text")
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {} {:?}", self.status(), self.text()))
    }

    /// The body as a strict event stream of status 200, whose chunks are valid by OpenAI's schema.
    pub fn transcript(&self) -> Transcript {
        self.transcript_of("CreateChatCompletionStreamResponse")
    }

    /// The same of legacy completions, whose pieces are of another schema.
    pub fn pieces(&self) -> Transcript {
        self.transcript_of("x.CompletionChunk")
    }

    fn transcript_of(&self, definition: &str) -> Transcript {
        assert_eq!(self.status(), 200, "{}", self.text());
        let transcript = Transcript::read(&self.body);
        if let Some(schemas) = Schemas::get() {
            // The published schema knows no calls of custom tools in streams; the clients do.
            let published = |chunk: &&Value| !chunk.to_string().contains(r#""type":"custom""#);
            for chunk in transcript.chunks.iter().filter(published) {
                schemas.check(definition, chunk);
            }
        }
        transcript
    }
}

/// One connection, with what was read from it and not yet used.
#[derive(Debug)]
pub struct Connection {
    socket: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    /// Connects.
    pub fn open(address: SocketAddr) -> Self {
        let socket = TcpStream::connect(address).unwrap_or_else(|error| panic!("connecting: {error}"));
        socket.set_read_timeout(Some(PATIENCE)).expect("a timeout that is not zero");
        socket.set_nodelay(true).expect("a socket that is open");
        Self { socket, buffer: Vec::new() }
    }

    /// Sends bytes.
    pub fn send(&mut self, bytes: &[u8]) {
        self.socket.write_all(bytes).expect("a server that reads");
    }

    /// Sends bytes that the server may refuse to read to their end.
    pub fn offer(&mut self, bytes: &[u8]) {
        drop(self.socket.write_all(bytes));
    }

    /// The socket itself, to be shut down or looked at.
    pub fn socket(&self) -> &TcpStream {
        &self.socket
    }

    /// Reads a whole answer. The connection can be used again.
    pub fn response(&mut self) -> Response {
        let head = self.head();
        let body = self.body(&head);
        Response { head, body }
    }

    /// Reads a status line and headers.
    pub fn head(&mut self) -> Head {
        let end = self.read_past(b"\r\n\r\n");
        let head: Vec<u8> = self.buffer.drain(..end).collect();
        Head::parse(&head[..end - 4])
    }

    /// Reads the body that belongs to a head.
    pub fn body(&mut self, head: &Head) -> Vec<u8> {
        if let Some(length) = head.header("content-length") {
            assert_eq!(head.header("transfer-encoding"), None, "a body framed twice");
            let length = length.parse().expect("a length");
            return self.take(length);
        }
        if head.header("transfer-encoding") == Some("chunked") {
            let mut body = Vec::new();
            while let Some(chunk) = self.chunk() {
                body.extend(chunk);
            }
            return body;
        }
        assert!(matches!(head.status, 100..200 | 204 | 304), "a body without framing: {head:?}");
        Vec::new()
    }

    /// Reads one HTTP chunk; `None` is the last one.
    pub fn chunk(&mut self) -> Option<Vec<u8>> {
        let end = self.read_past(b"\r\n");
        let line: Vec<u8> = self.buffer.drain(..end).collect();
        let line = std::str::from_utf8(&line[..end - 2]).expect("a chunk size is text");
        let size = usize::from_str_radix(line, 16).unwrap_or_else(|_| panic!("not a chunk size: {line:?}"));
        let chunk = self.take(size);
        assert_eq!(self.take(2), b"\r\n", "a chunk is longer than its size");
        (size > 0).then_some(chunk)
    }

    /// Reads all that comes until the server closes.
    pub fn rest(&mut self) -> Vec<u8> {
        while self.fill() {}
        std::mem::take(&mut self.buffer)
    }

    /// Takes `count` bytes.
    fn take(&mut self, count: usize) -> Vec<u8> {
        while self.buffer.len() < count {
            assert!(self.fill(), "closed after {} of {count} bytes", self.buffer.len());
        }
        self.buffer.drain(..count).collect()
    }

    /// Reads until a pattern stands in the buffer; the position after it.
    fn read_past(&mut self, pattern: &[u8]) -> usize {
        let mut from = 0;
        loop {
            let found = self.buffer[from..].windows(pattern.len()).position(|window| window == pattern);
            if let Some(position) = found {
                return from + position + pattern.len();
            }
            from = self.buffer.len().saturating_sub(pattern.len() - 1);
            assert!(
                self.fill(),
                "closed in the middle of an answer: {:?}",
                String::from_utf8_lossy(&self.buffer)
            );
        }
    }

    /// Reads once; false where the server closed.
    fn fill(&mut self) -> bool {
        let mut bytes = [0; 16 * 1024];
        match self.socket.read(&mut bytes) {
            Ok(count) => {
                self.buffer.extend_from_slice(&bytes[..count]);
                count > 0
            }
            Err(error) if error.kind() == ErrorKind::ConnectionReset => false,
            Err(error) => panic!("reading: {error}"),
        }
    }
}
