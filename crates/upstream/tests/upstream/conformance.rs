//! The upstream over a second Antiphon: the suite that every backend keeps.

use std::net::SocketAddr;
use std::sync::{Arc, mpsc};
use std::thread;

use antiphon_backend::{Capability, EchoBackend, conformance};
use antiphon_server::{Config as ServerConfig, Handle, Server};
use antiphon_upstream::{Config, ModelConfig, Upstream};

/// A server of the echo, in a thread of its own.
struct Second {
    address: SocketAddr,
    handle: Handle,
}

impl Second {
    fn start() -> Self {
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            actix_rt::System::new().block_on(async move {
                let mut config = ServerConfig::default();
                config.server.bind = ([127, 0, 0, 1], 0).into();
                config.server.workers = 1;
                let echo = EchoBackend::default().with_models(["echo"]);
                let server = Server::bind(config, vec![Arc::new(echo)]).expect("a free port");
                sender.send((server.address(), server.handle())).expect("the test waits");
                server.run().await.expect("a server that runs to its end");
            });
        });
        let (address, handle) = receiver.recv().expect("a server that starts");
        Self { address, handle }
    }

    fn upstream(&self) -> Upstream {
        let mut config = Config::default();
        config.base_urls = vec![format!("http://{}", self.address)];
        config.models = vec![ModelConfig::new("second").upstream("echo")];
        Upstream::new(&config, |_| None).expect("settings that fit")
    }
}

impl Drop for Second {
    fn drop(&mut self) {
        // Polled once, which sends the command: a test does not wait for the end.
        let _ended = futures_util::FutureExt::now_or_never(self.handle.stop());
    }
}

#[tokio::test]
async fn it_keeps_the_contract() {
    let second = Second::start();
    let models = antiphon_backend::Backend::models(&second.upstream());
    let asked =
        [Capability::Chat, Capability::Completions, Capability::Embeddings, Capability::NativeChoices];
    assert!(asked.iter().all(|capability| models[0].has(*capability)), "a check would be skipped");
    conformance::run(|| second.upstream()).await;
}
