//! A server that does to its connections what a test says, byte by byte.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use antiphon_types::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinSet;

/// One thing that is done to a connection, once its request was read.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// Sends bytes.
    Send(Vec<u8>),
    /// Sends bytes one by one, each in a packet of its own where the system lets it.
    Drip(Vec<u8>),
    /// Goes on when the test says so.
    Wait(Arc<Notify>),
    /// Says nothing until the client leaves.
    Hang,
    /// Closes with a FIN.
    Close,
    /// Closes with a RST.
    Reset,
}

/// A request, as it came.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
    /// Which of the connections it came on, from 0.
    pub(crate) connection: usize,
}

impl Received {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a body of JSON")
    }

    /// The value of a header, given in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value).next()
    }

    fn is_for_the_list(&self) -> bool {
        self.head.starts_with("GET ")
    }
}

/// What a request is answered with, in the order of the requests; the last for all others.
type Scripts = Arc<Mutex<VecDeque<Vec<Act>>>>;

/// The server, which ends with this value.
pub(crate) struct Fake {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Received>>>,
    /// When each connection was closed by its client.
    pub(crate) left: mpsc::UnboundedReceiver<Instant>,
    list: Arc<Mutex<Vec<Act>>>,
    scripts: Scripts,
    sent: Arc<AtomicUsize>,
    tasks: JoinSet<()>,
}

impl Fake {
    /// Answers the first request by the first script, and so on; all further ones by the last.
    pub(crate) async fn start(scripts: impl IntoIterator<Item = Vec<Act>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (sender, left) = mpsc::unbounded_channel();
        let fake = Self {
            address,
            requests: Arc::default(),
            left,
            list: Arc::new(Mutex::new(crate::http::json(404, "", "{}"))),
            scripts: Arc::new(Mutex::new(scripts.into_iter().collect())),
            sent: Arc::default(),
            tasks: JoinSet::new(),
        };
        fake.serving(listener, sender)
    }

    fn serving(mut self, listener: TcpListener, left: mpsc::UnboundedSender<Instant>) -> Self {
        let server = Server {
            requests: Arc::clone(&self.requests),
            list: Arc::clone(&self.list),
            scripts: Arc::clone(&self.scripts),
            sent: Arc::clone(&self.sent),
            left,
            connection: 0,
        };
        self.tasks.spawn(async move {
            let mut connections = JoinSet::new();
            for connection in 0.. {
                let (socket, _) = listener.accept().await.expect("a listener that is open");
                let server = Server { connection, ..server.clone() };
                connections.spawn(server.serve(socket));
            }
        });
        self
    }

    /// Its base URL, with `/v1`.
    pub(crate) fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// All requests so far, but those for the list of models.
    pub(crate) fn requests(&self) -> Vec<Received> {
        let requests = self.requests.lock().expect("no test panicked here");
        requests.iter().filter(|request| !request.is_for_the_list()).cloned().collect()
    }

    /// How often the list of models was asked for.
    pub(crate) fn lists(&self) -> usize {
        let requests = self.requests.lock().expect("no test panicked here");
        requests.iter().filter(|request| request.is_for_the_list()).count()
    }

    /// How many bytes its scripts have sent, once they send no more.
    pub(crate) async fn settled(&self) -> usize {
        let mut known = (usize::MAX, 0);
        // The sending goes on in this very thread: where it makes no way in so many turns, it is held.
        while known.1 < 1_000 {
            tokio::task::yield_now().await;
            let sent = self.sent.load(Ordering::SeqCst);
            known = if sent == known.0 { (sent, known.1 + 1) } else { (sent, 0) };
        }
        known.0
    }

    /// What the list of models is answered with from now on.
    pub(crate) fn set_list(&self, acts: Vec<Act>) {
        *self.list.lock().expect("no test panicked here") = acts;
    }

    /// What requests are answered with from now on.
    pub(crate) fn set_script(&self, acts: Vec<Act>) {
        *self.scripts.lock().expect("no test panicked here") = VecDeque::from([acts]);
    }
}

#[derive(Clone)]
struct Server {
    requests: Arc<Mutex<Vec<Received>>>,
    list: Arc<Mutex<Vec<Act>>>,
    scripts: Scripts,
    sent: Arc<AtomicUsize>,
    left: mpsc::UnboundedSender<Instant>,
    connection: usize,
}

impl Server {
    async fn serve(self, mut socket: TcpStream) {
        socket.set_nodelay(true).expect("a socket that is open");
        while let Some(received) = read(&mut socket, self.connection).await {
            let acts = if received.is_for_the_list() {
                self.list.lock().expect("no test panicked here").clone()
            } else {
                next(&mut self.scripts.lock().expect("no test panicked here"))
            };
            self.requests.lock().expect("no test panicked here").push(received);
            for act in acts {
                let length = if let Act::Send(bytes) = &act { bytes.len() } else { 0 };
                if perform(act, &mut socket).await.is_none() {
                    break;
                }
                self.sent.fetch_add(length, Ordering::SeqCst);
            }
        }
        // A test that has ended no longer listens.
        let _ = self.left.send(Instant::now());
    }
}

fn next(scripts: &mut VecDeque<Vec<Act>>) -> Vec<Act> {
    if scripts.len() > 1 {
        return scripts.pop_front().unwrap_or_default();
    }
    scripts.front().cloned().unwrap_or_default()
}

/// Does one thing; `None` where the connection has ended.
async fn perform(act: Act, socket: &mut TcpStream) -> Option<()> {
    match act {
        Act::Send(bytes) => socket.write_all(&bytes).await.ok(),
        Act::Drip(bytes) => {
            for byte in bytes {
                socket.write_all(&[byte]).await.ok()?;
                tokio::task::yield_now().await;
            }
            Some(())
        }
        Act::Wait(gate) => {
            gate.notified().await;
            Some(())
        }
        Act::Hang => {
            while socket.read(&mut [0; 1_024]).await.is_ok_and(|read| read > 0) {}
            None
        }
        Act::Close => {
            socket.shutdown().await.ok()?;
            None
        }
        Act::Reset => {
            socket.set_zero_linger().expect("a socket that is open");
            let gone = std::mem::replace(socket, unconnected().await);
            drop(gone);
            None
        }
    }
}

/// A socket whose other end is closed already.
async fn unconnected() -> TcpStream {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    TcpStream::connect(listener.local_addr().expect("an address")).await.expect("a listener that is open")
}

/// Reads a request; `None` where the client has left.
async fn read(socket: &mut TcpStream, connection: usize) -> Option<Received> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        if socket.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).expect("a head is text");
    let mut received = Received { head, body: bytes[end..].to_vec(), connection };
    let length = received.header("content-length").map_or(0, |length| length.parse().expect("a length"));
    while received.body.len() < length {
        if socket.read_buf(&mut received.body).await.ok()? == 0 {
            return None;
        }
    }
    Some(received)
}
