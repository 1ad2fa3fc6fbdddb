//! The kind `upstream`: the models of another server.

use std::sync::Arc;

use antiphon_server::Kinds;
use antiphon_upstream::{Config, Upstream};

/// Adds the kind.
pub(crate) fn add(kinds: Kinds) -> Kinds {
    kinds.with_environment("upstream", |config: Config, environment| {
        let upstream = Upstream::new(&config, |name| environment.get(name).map(str::to_owned));
        Ok(Arc::new(upstream.map_err(|error| error.to_string())?))
    })
}
