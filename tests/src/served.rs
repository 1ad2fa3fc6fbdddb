//! Serves backends of a test in this process, on a thread of their own.

use std::net::SocketAddr;
use std::sync::{Arc, mpsc};
use std::thread;

use antiphon_backend::Backend;
use antiphon_server::{Config, Handle, Server};
use futures_util::FutureExt;

/// A server on a free port, told to stop when dropped.
#[derive(Debug)]
pub struct Served {
    address: SocketAddr,
    handle: Handle,
}

impl Served {
    /// Serves one backend with the default settings.
    pub fn start(backend: impl Backend) -> Self {
        Self::configured(backend, |_| {})
    }

    /// Serves one backend with changed settings.
    pub fn configured(backend: impl Backend, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::default();
        change(&mut config);
        config.server.bind = ([127, 0, 0, 1], 0).into();
        config.server.shutdown_timeout_s = 0;
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            actix_rt::System::new().block_on(async move {
                let server = Server::bind(config, vec![Arc::new(backend)]).expect("a free port");
                sender.send((server.address(), server.handle())).expect("the test waits");
                server.run().await.expect("a server that runs to its end");
            });
        });
        let (address, handle) = receiver.recv().expect("a server that starts");
        Self { address, handle }
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base URL, without `/v1`.
    pub fn base_url(&self) -> String {
        format!("http://localhost:{}", self.address.port())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // Polled once, which sends the command: a test does not wait for the end.
        let _ended = self.handle.stop().now_or_never();
    }
}
