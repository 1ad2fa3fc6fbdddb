//! Asks a server as fast as it answers, over connections that are kept.

use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use futures_util::future::try_join_all;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::runtime::Builder;

use crate::server::Server;

/// The bytes of a chat request whose message is echoed.
pub(crate) fn request(message: &str, stream: bool) -> Vec<u8> {
    let body = json!({"model": "echo", "messages": [{"role": "user", "content": message}], "stream": stream});
    let body = body.to_string();
    let length = body.len();
    format!(
        "POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer key\r\n\
         content-type: application/json\r\naccept: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

/// An answer as a client sees it.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The body, without its transfer coding.
    pub(crate) body: Vec<u8>,
    /// Events before `[DONE]`; 0 where it is not a stream.
    pub(crate) events: usize,
}

/// Asks once.
pub(crate) fn record(address: SocketAddr, request: &[u8]) -> io::Result<Answer> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let answer = runtime.block_on(async {
        let mut connection = Connection::open(address).await?;
        connection.ask(request).await?;
        Ok::<_, io::Error>(connection.buffer)
    })?;
    let head = head_length(&answer).ok_or(io::ErrorKind::InvalidData)?;
    let body = if is_chunked(&answer[..head]) { unchunked(&answer[head..]) } else { answer[head..].to_vec() };
    let events = body.windows(6).filter(|window| window == b"data: ").count().saturating_sub(1);
    Ok(Answer { body, events })
}

/// One measurement.
#[derive(Debug)]
pub(crate) struct Load<'a> {
    pub(crate) server: &'a Server,
    pub(crate) request: &'a [u8],
    pub(crate) connections: usize,
    pub(crate) window: Duration,
}

/// What a measurement found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measured {
    /// Answers a second.
    pub(crate) rate: f64,
    /// Seconds of a processor that the server spent on an answer: what else runs on the machine changes it little.
    pub(crate) processor_time: f64,
}

impl Load<'_> {
    /// Asks for as long as the window says.
    pub(crate) fn run(&self) -> Result<Measured, Box<dyn Error>> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let used = self.server.processor_time()?;
        let start = Instant::now();
        let end = start + self.window;
        let answers: Vec<u32> =
            runtime.block_on(try_join_all((0..self.connections).map(|_| self.connection(end))))?;
        let answers = f64::from(answers.iter().sum::<u32>());
        Ok(Measured {
            rate: answers / start.elapsed().as_secs_f64(),
            processor_time: (self.server.processor_time()? - used) / answers,
        })
    }

    async fn connection(&self, end: Instant) -> io::Result<u32> {
        let mut connection = Connection::open(self.server.address()).await?;
        let mut answers = 0;
        while Instant::now() < end {
            connection.ask(self.request).await?;
            answers += 1;
        }
        Ok(answers)
    }
}

/// Times to the first text of so many streams, one after another over one connection.
pub(crate) fn first_texts(address: SocketAddr, request: &[u8], count: usize) -> io::Result<Vec<Duration>> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut connection = Connection::open(address).await?;
        let mut times = Vec::with_capacity(count);
        for _ in 0..count {
            times.push(connection.first_text(request).await?);
        }
        Ok(times)
    })
}

struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    async fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(1 << 20) })
    }

    /// Sends a request, and says how long the first text of its stream took; reads the rest of it too.
    async fn first_text(&mut self, request: &[u8]) -> io::Result<Duration> {
        let start = Instant::now();
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let mut first = None;
        while first.is_none() || !is_whole(&self.buffer) {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if first.is_none() && has_text(&self.buffer) {
                first = Some(start.elapsed());
            }
        }
        first.ok_or_else(|| io::ErrorKind::InvalidData.into())
    }

    /// Sends a request and reads the whole answer into the buffer.
    async fn ask(&mut self, request: &[u8]) -> io::Result<()> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        while !is_whole(&self.buffer) {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        if self.buffer.starts_with(b"HTTP/1.1 200") {
            return Ok(());
        }
        Err(io::Error::other(String::from_utf8_lossy(&self.buffer).into_owned()))
    }
}

fn is_whole(answer: &[u8]) -> bool {
    let Some(head) = head_length(answer) else { return false };
    match content_length(&answer[..head]) {
        Some(length) => answer.len() >= head + length,
        None => answer.ends_with(b"\r\n0\r\n\r\n"),
    }
}

/// Whether a chunk with a text has come: the one with the role begins otherwise.
fn has_text(answer: &[u8]) -> bool {
    let text = br#""delta":{"content":""#;
    answer.windows(text.len()).any(|window| window == text)
}

fn head_length(answer: &[u8]) -> Option<usize> {
    answer.windows(4).take(2_048).position(|window| window == b"\r\n\r\n").map(|at| at + 4)
}

fn is_chunked(head: &[u8]) -> bool {
    content_length(head).is_none()
}

fn content_length(head: &[u8]) -> Option<usize> {
    let name = b"content-length: ";
    let start = head.windows(name.len()).position(|window| window.eq_ignore_ascii_case(name))? + name.len();
    let digits = head[start..].iter().take_while(|byte| byte.is_ascii_digit());
    Some(digits.fold(0, |length, digit| length * 10 + usize::from(digit - b'0')))
}

fn unchunked(mut coded: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(at) = coded.windows(2).position(|pair| pair == b"\r\n") {
        let size =
            std::str::from_utf8(&coded[..at]).ok().and_then(|size| usize::from_str_radix(size, 16).ok());
        let Some(size) = size.filter(|size| *size > 0) else { break };
        body.extend_from_slice(&coded[at + 2..at + 2 + size]);
        coded = &coded[at + 2 + size + 2..];
    }
    body
}
