//! The whole server in one call: bind, serve, stop when told to.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use actix_rt::signal::unix::{Signal, SignalKind, signal};
use actix_web::dev::Server as ActixServer;
use actix_web::{App, HttpServer};
use antiphon_backend::Backend;
use futures_util::FutureExt;
use futures_util::future::{Either, join, select};
use thiserror::Error;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tracing::{info, warn};

use crate::api::Api;
use crate::config::{Config, ServerConfig};
use crate::in_flight::InFlight;

/// How long workers may take to drop what is cut: some look for a second order to stop once a second.
const CUT: Duration = Duration::from_millis(1_500);

/// Why a server does not run.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RunError {
    /// The address is taken, is not this machine's, or needs a privilege.
    #[error("cannot bind {address}")]
    Bind {
        /// The address as configured.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// The backends' models do not go together; the text says which do not.
    #[error("{0}")]
    Models(String),
    /// The server ended by itself.
    #[error("the server failed")]
    Serve(#[source] io::Error),
}

/// A server that has its address and waits to be run.
pub struct Server {
    address: SocketAddr,
    http: ActixServer,
    grace: Duration,
    in_flight: InFlight,
    handle: Handle,
    told: watch::Receiver<()>,
}

/// Stops a running server from elsewhere.
#[derive(Clone, Debug)]
pub struct Handle(watch::Sender<()>);

/// Serves `backends` until the process is told to stop.
///
/// Prints nothing: where it listens, and a line a request, go to the log, which [`log::start`](crate::log::start) starts
/// with `config.log`, or which the application has already. The configuration's own `backends` are not used: they are
/// for the binary, which builds them.
///
/// # Errors
/// Where the address cannot be bound, the models clash, or the server fails.
///
/// # Example
/// ```no_run
/// use std::sync::Arc;
///
/// use antiphon_backend::EchoBackend;
/// use antiphon_server::{Config, RunError, log, run};
///
/// #[actix_web::main]
/// async fn main() -> Result<(), RunError> {
///     let config = Config::default();
///     let _log = log::start(&config.log);
///     run(config, vec![Arc::new(EchoBackend::default())]).await
/// }
/// ```
pub async fn run(config: Config, backends: Vec<Arc<dyn Backend>>) -> Result<(), RunError> {
    Server::bind(config, backends)?.run().await
}

impl fmt::Debug for Server {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Server").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Server {
    /// Binds the address and prepares the workers; connections wait until [`Server::run`].
    ///
    /// Must be called within an actix or Tokio runtime.
    ///
    /// # Errors
    /// [`RunError::Bind`] or [`RunError::Models`].
    pub fn bind(config: Config, backends: Vec<Arc<dyn Backend>>) -> Result<Self, RunError> {
        let api = Api::new(&config, backends)?;
        let in_flight = api.in_flight().clone();
        let settings = config.server;
        let bind_error = |source| RunError::Bind { address: settings.bind, source };
        let http = HttpServer::new(move || App::new().configure(|app| api.everywhere(app)))
            .workers(workers(&settings))
            .keep_alive(Duration::from_secs(settings.keep_alive_s))
            // The grace is kept in `run`, which says why it cuts what is left.
            .shutdown_timeout(u64::MAX)
            // A client that left is noticed at once, and its work is dropped.
            .h1_allow_half_closed(settings.half_closed)
            // Small writes go out as they are made: they are a stream's tokens.
            .tcp_nodelay(true)
            .disable_signals()
            .bind(settings.bind)
            .map_err(bind_error)?;
        let address = http.addrs().first().copied();
        let address = address.ok_or_else(|| bind_error(io::ErrorKind::AddrNotAvailable.into()))?;
        let grace = Duration::from_secs(settings.shutdown_timeout_s);
        let (tell, told) = watch::channel(());
        Ok(Self { address, http: http.run(), grace, in_flight, handle: Handle(tell), told })
    }

    /// The address that is really bound: its port is never 0.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What stops the server from elsewhere.
    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// Serves until SIGTERM, SIGINT or a [`Handle`] says stop; answers in flight then end within the grace.
    ///
    /// A second signal ends it at once. What is not over by then is cut, with a line in the log for each.
    ///
    /// # Errors
    /// [`RunError::Serve`].
    pub async fn run(self) -> Result<(), RunError> {
        info!(address = %self.address, "listening");
        let Self { mut http, grace, in_flight, mut told, .. } = self;
        let mut signals = Signals::new();
        let stop = first(signals.next(), told.changed());
        if let Either::Left((ended, _)) = select(&mut http, pin!(stop)).await {
            return ended.map_err(RunError::Serve);
        }
        info!("stopping: answers in flight may end; a second signal ends them at once");
        let graceful = join(http.handle().stop(true), &mut http).map(|((), ended)| ended);
        let enough = first(signals.next(), sleep(grace));
        if let Either::Left((ended, _)) = select(pin!(graceful), pin!(enough)).await {
            return ended.map_err(RunError::Serve);
        }
        in_flight.cut();
        // With it its workers end, each on its own thread; they are waited for, but not where a backend blocks one.
        drop(http);
        let _ = timeout(CUT, in_flight.none()).await;
        Ok(())
    }
}

impl Handle {
    /// Takes no new connections, and waits until answers in flight have ended or the grace is over.
    pub async fn stop(&self) {
        self.0.send_replace(());
        self.0.closed().await;
    }
}

fn workers(settings: &ServerConfig) -> usize {
    match settings.workers {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        workers => workers,
    }
}

/// Waits for one of two.
async fn first(one: impl Future, other: impl Future) {
    select(pin!(one), pin!(other)).await;
}

/// SIGTERM and SIGINT, from now on: one that comes between two waits is not lost.
struct Signals(Option<(Signal, Signal)>);

impl Signals {
    fn new() -> Self {
        let streams =
            signal(SignalKind::terminate()).and_then(|first| Ok((first, signal(SignalKind::interrupt())?)));
        if let Err(error) = &streams {
            warn!(%error, "signals cannot be received: the server is stopped by other means only");
        }
        Self(streams.ok())
    }

    async fn next(&mut self) {
        match &mut self.0 {
            Some((terminate, interrupt)) => {
                first(terminate.recv(), interrupt.recv()).await;
            }
            None => std::future::pending().await,
        }
    }
}
