//! The routes as the backends' models are now.

use std::sync::Arc;

use antiphon_backend::{Backend, Health};
use arc_swap::{ArcSwap, Guard};
use tracing::{info, warn};

use super::Routes;
use crate::config::ModelConfig;

/// Makes the routes, and makes them anew where models have come or gone.
pub(crate) struct Routing {
    backends: Vec<Arc<dyn Backend>>,
    settings: Vec<ModelConfig>,
    current: ArcSwap<Made>,
}

/// Routes, and the sum of the backends' revisions that they were made at.
pub(crate) struct Made {
    pub(crate) routes: Arc<Routes>,
    revision: u64,
}

impl Routing {
    /// Asks every backend for its models.
    ///
    /// # Errors
    /// As [`Routes::new`].
    pub(crate) fn new(backends: Vec<Arc<dyn Backend>>, settings: &[ModelConfig]) -> Result<Self, String> {
        // Read first: what changes meanwhile is then seen at the next request.
        let revision = revision(&backends);
        let routes = Arc::new(Routes::new(&backends, settings)?);
        let current = ArcSwap::from_pointee(Made { routes, revision });
        Ok(Self { backends, settings: settings.to_vec(), current })
    }

    /// The routes of now, read without a lock.
    pub(crate) fn now(&self) -> Guard<Arc<Made>> {
        let made = self.current.load();
        let revision = revision(&self.backends);
        if made.revision == revision {
            return made;
        }
        let routes = match Routes::new(&self.backends, &self.settings) {
            Ok(routes) => {
                info!(models = routes.listed.len(), "models changed");
                Arc::new(routes)
            }
            Err(reason) => {
                warn!(reason, "models not changed");
                Arc::clone(&made.routes)
            }
        };
        // Two workers may both do so, which does no harm.
        self.current.store(Arc::new(Made { routes, revision }));
        self.current.load()
    }

    /// The first reason why a backend is not ready.
    pub(crate) fn unready(&self) -> Option<String> {
        self.backends.iter().find_map(|backend| match backend.health() {
            Health::Ready => None,
            Health::Unready(reason) => Some(reason),
        })
    }
}

fn revision(backends: &[Arc<dyn Backend>]) -> u64 {
    backends.iter().fold(0, |sum, backend| sum.wrapping_add(backend.models_revision()))
}
