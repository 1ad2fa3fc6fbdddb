//! The models that an upstream serves: those of the settings, or those that it lists.

#[cfg(test)]
mod tests;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};

use antiphon_backend::{Capabilities, ModelInfo};
use antiphon_types::{Extra, Model, ModelList, Value};

use crate::config::{Config, ModelConfig};
use crate::lacks::capabilities;

/// The models of one upstream.
#[derive(Debug)]
pub(crate) enum Models {
    /// Those of the settings, each with the upstream's name of it.
    Named(Vec<Named>),
    /// Those that the upstream lists.
    Listed(Listed),
}

/// A model of the settings.
#[derive(Debug)]
pub(crate) struct Named {
    info: ModelInfo,
    upstream: Option<String>,
}

/// The models of the latest list, none until there is one.
#[derive(Debug)]
pub(crate) struct Listed {
    models: RwLock<Vec<ModelInfo>>,
    revision: AtomicU64,
    capabilities: Capabilities,
}

impl Models {
    pub(crate) fn new(config: &Config) -> Self {
        if config.models.is_empty() {
            return Self::Listed(Listed {
                models: RwLock::new(Vec::new()),
                revision: AtomicU64::new(1),
                capabilities: capabilities(&config.lacks),
            });
        }
        let named = |model: &ModelConfig| {
            let mut info = ModelInfo::new(&*model.id);
            info.context_length = model.context_length;
            info.capabilities = capabilities(config.lacks.iter().chain(&model.lacks));
            Named { info, upstream: model.upstream.clone() }
        };
        Self::Named(config.models.iter().map(named).collect())
    }

    pub(crate) fn all(&self) -> Vec<ModelInfo> {
        match self {
            Self::Named(named) => named.iter().map(|model| model.info.clone()).collect(),
            Self::Listed(listed) => listed.models.read().unwrap_or_else(PoisonError::into_inner).clone(),
        }
    }

    pub(crate) fn revision(&self) -> u64 {
        match self {
            Self::Named(_) => 0,
            Self::Listed(listed) => listed.revision.load(Ordering::Acquire),
        }
    }

    /// The upstream's name of a model, and what the model can do.
    pub(crate) fn resolve<'a>(&'a self, asked: &'a str) -> (&'a str, Capabilities) {
        match self {
            Self::Named(named) => {
                let is_asked = |model: &&Named| model.info.id == asked;
                let model = named.iter().find(is_asked);
                let model = model.or_else(|| named.iter().find(|model| model.info.is_wildcard()));
                let capabilities = model.map_or_else(|| capabilities([]), |model| model.info.capabilities);
                (model.and_then(|model| model.upstream.as_deref()).unwrap_or(asked), capabilities)
            }
            Self::Listed(listed) => (asked, listed.capabilities),
        }
    }
}

impl Listed {
    /// Takes a list, and says whether it is one. What it lists twice, or without a name, counts once or not at all.
    pub(crate) fn take(&self, json: &[u8]) -> bool {
        let Ok(list) = serde_json::from_slice::<ModelList>(json) else { return false };
        let mut models: Vec<ModelInfo> = Vec::with_capacity(list.data.len());
        let mut names = std::collections::HashSet::new();
        for model in list.data {
            if !model.id.trim().is_empty() && names.insert(model.id.clone()) {
                models.push(self.info(model));
            }
        }
        let mut known = self.models.write().unwrap_or_else(PoisonError::into_inner);
        if *known != models {
            *known = models;
            self.revision.fetch_add(1, Ordering::Release);
        }
        true
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.models.read().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    fn info(&self, model: Model) -> ModelInfo {
        let mut info = ModelInfo::new(model.id).created(model.created);
        info.context_length = context_length(&model.extra);
        info.capabilities = self.capabilities;
        if !model.owned_by.is_empty() {
            info.owned_by = model.owned_by;
        }
        info
    }
}

/// The length of the context under the names that servers give it: vLLM, `OpenRouter`, llama.cpp.
fn context_length(extra: &Extra) -> Option<u64> {
    let of_meta = || extra.get("meta")?.get("n_ctx");
    let value = extra.get("max_model_len").or_else(|| extra.get("context_length")).or_else(of_meta);
    value.and_then(Value::as_u64).filter(|tokens| *tokens > 0)
}
