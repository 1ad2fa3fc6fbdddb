//! The thread that reads the list of models and probes replicas that are asked no more.

use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::error::Error;
use crate::exchange::Reach;
use crate::models::Models;

/// How soon a list that could not be read is asked for again.
const AGAIN: Duration = Duration::from_secs(2);

/// The thread, which ends with this value.
#[derive(Debug)]
pub(crate) struct Housekeeping {
    stop: CancellationToken,
    thread: Option<JoinHandle<()>>,
}

/// What the thread works on.
#[derive(Debug)]
pub(crate) struct House {
    pub(crate) reach: Arc<Reach>,
    pub(crate) models: Arc<Models>,
    pub(crate) refresh: Duration,
    pub(crate) probe: Duration,
}

impl Housekeeping {
    pub(crate) fn start(house: House) -> Result<Self, Error> {
        let stop = CancellationToken::new();
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Error::Start(error.into()))?;
        let stopped = stop.clone();
        let work = move || {
            runtime.block_on(stopped.run_until_cancelled(house.keep()));
            // The name of a machine may just be looked up, which cannot be called off.
            runtime.shutdown_background();
        };
        let thread = thread::Builder::new().name("upstream".to_owned()).spawn(work);
        let thread = thread.map_err(|error| Error::Start(error.into()))?;
        Ok(Self { stop, thread: Some(thread) })
    }
}

impl Drop for Housekeeping {
    fn drop(&mut self) {
        self.stop.cancel();
        if let Some(thread) = self.thread.take() {
            // It has told of a panic, if it ended in one.
            let _ = thread.join();
        }
    }
}

impl House {
    async fn keep(self) {
        tokio::join!(self.keep_list(), self.keep_replicas());
    }

    /// Reads the list from the first replica that gives one, from time to time.
    async fn keep_list(&self) {
        let Models::Listed(listed) = &*self.models else { return };
        loop {
            let at = Instant::now();
            let is_read = self.read_list(|json| listed.take(json)).await;
            // The list of before is as good as any, where there is one.
            sleep_until(
                at + if is_read || !listed.is_empty() { self.refresh } else { AGAIN.min(self.refresh) },
            )
            .await;
        }
    }

    async fn read_list(&self, take: impl Fn(&[u8]) -> bool) -> bool {
        let replicas = &self.reach.replicas;
        for replica in [replicas.numbers(true), replicas.numbers(false)].concat() {
            if let Ok((200, body)) = self.reach.get_models(replica).await
                && take(&body)
            {
                return true;
            }
        }
        false
    }

    /// Probes the replicas that are out until they answer, in any way but with a failure of their own.
    async fn keep_replicas(&self) {
        let replicas = &self.reach.replicas;
        loop {
            let out = replicas.numbers(false);
            if out.is_empty() {
                replicas.ejected.notified().await;
            }
            sleep(self.probe).await;
            for replica in replicas.numbers(false) {
                if matches!(self.reach.get_models(replica).await, Ok((status, _)) if status < 500) {
                    replicas.succeeded(replica);
                }
            }
        }
    }
}
