//! The HTTP client, one for each thread that asks.
//!
//! A connection is driven by a task of the runtime that opened it. Were it shared, an answer would come by way of another
//! thread, and its connection would end with that thread's runtime; and no pool is locked where none is shared.

use std::cell::RefCell;
use std::sync::{Arc, Weak};
use std::time::Duration;

use rustls::ClientConfig;
use rustls::crypto::ring;
use rustls_platform_verifier::BuilderVerifierExt;
use tokio::runtime::{Handle, Id};

use crate::error::Error;
use crate::failure::Failure;

/// How long a connection is kept that nothing asks on; most servers close theirs after a minute or more.
const IDLE: Duration = Duration::from_secs(50);

/// What the clients of all threads have in common.
#[derive(Debug)]
pub(crate) struct Clients {
    settings: Arc<Settings>,
}

#[derive(Debug)]
struct Settings {
    connect_timeout: Duration,
    tls: ClientConfig,
}

/// A client of this thread.
struct Local {
    settings: Weak<Settings>,
    runtime: Id,
    client: reqwest::Client,
}

thread_local! {
    static LOCAL: RefCell<Vec<Local>> = const { RefCell::new(Vec::new()) };
}

impl Clients {
    /// Reads the certificates of the system only where an upstream `is_encrypted`: a container may have none.
    pub(crate) fn new(connect_timeout: Duration, is_encrypted: bool) -> Result<Self, Error> {
        Ok(Self { settings: Arc::new(Settings { connect_timeout, tls: tls(is_encrypted)? }) })
    }

    /// The client of the runtime that this is called in.
    pub(crate) fn get(&self) -> Result<reqwest::Client, Failure> {
        let runtime = Handle::current().id();
        LOCAL.with_borrow_mut(|local| {
            let is_this =
                |one: &&Local| one.runtime == runtime && one.settings.as_ptr() == Arc::as_ptr(&self.settings);
            if let Some(known) = local.iter().find(is_this) {
                return Ok(known.client.clone());
            }
            // Those of upstreams that are gone.
            local.retain(|one| one.settings.strong_count() > 0);
            let client = self.settings.client().map_err(Failure::Client)?;
            let settings = Arc::downgrade(&self.settings);
            local.push(Local { settings, runtime, client: client.clone() });
            Ok(client)
        })
    }
}

impl Settings {
    fn client(&self) -> reqwest::Result<reqwest::Client> {
        reqwest::Client::builder()
            .user_agent(concat!("antiphon/", env!("CARGO_PKG_VERSION")))
            // The key must not follow one.
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            // What the environment says of proxies would change it unseen.
            .no_proxy()
            .connect_timeout(self.connect_timeout)
            .pool_idle_timeout(IDLE)
            .tcp_nodelay(true)
            .tls_backend_preconfigured(self.tls.clone())
            .build()
    }
}

fn tls(is_encrypted: bool) -> Result<ClientConfig, Error> {
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?;
    let mut config = if is_encrypted {
        builder.with_platform_verifier()?.with_no_client_auth()
    } else {
        builder.with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth()
    };
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clients_here() -> usize {
        LOCAL.with_borrow(Vec::len)
    }

    fn block_on<T>(work: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(work)
    }

    #[test]
    fn each_runtime_has_a_client_and_those_of_the_gone_go() {
        let new = || Clients::new(Duration::from_secs(1), false).expect("no certificates are needed");
        let clients = new();
        block_on(async { [clients.get(), clients.get()].map(|client| drop(client.expect("a client"))) });
        assert_eq!(clients_here(), 1);
        block_on(async { drop(clients.get()) });
        assert_eq!(clients_here(), 2);
        drop(clients);
        block_on(async { drop(new().get()) });
        assert_eq!(clients_here(), 1);
    }
}
