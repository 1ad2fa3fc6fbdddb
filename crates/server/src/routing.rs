//! Which backend answers for a model name: by id, by alias, else by the wildcard.

mod now;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::SystemTime;

use antiphon_backend::{Backend, ModelInfo};
use antiphon_types::{Model, ModelList};
use tracing::warn;

pub(crate) use self::now::Routing;
use crate::config::ModelConfig;
use crate::models::is_name;
use crate::purpose::Purpose;

/// A backend and the model of it that was asked for.
#[derive(Clone)]
pub(crate) struct Route {
    pub(crate) backend: Arc<dyn Backend>,
    pub(crate) model: Arc<ModelInfo>,
}

impl Route {
    /// The model's name in answers: the one that was asked for under the wildcard, else the id behind an alias.
    pub(crate) fn name<'a>(&'a self, asked: &'a str) -> &'a str {
        if self.model.is_wildcard() { asked } else { &self.model.id }
    }
}

/// All models of all backends.
pub(crate) struct Routes {
    named: HashMap<String, Route>,
    wildcard: Option<Route>,
    /// Those with a name of their own, in the order of the configuration, those that come and go last.
    listed: Vec<Arc<ModelInfo>>,
}

impl Routes {
    /// Asks every backend for its models.
    ///
    /// # Errors
    /// Where two models answer to one name, a name is none, there is no model at all, or a table of `settings` is for none;
    /// the text says which. Not where models come and go: what does not fit is then left out, with a warning.
    fn new(backends: &[Arc<dyn Backend>], settings: &[ModelConfig]) -> Result<Self, String> {
        let mut routes = Self { named: HashMap::new(), wildcard: None, listed: Vec::new() };
        let mut unused: HashMap<_, _> = settings.iter().map(|model| (&*model.id, model)).collect();
        let now = SystemTime::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_secs());
        // Models that stay come first, so that none of them loses its name to one that comes.
        let mut backends = backends.to_vec();
        backends.sort_by_key(|backend| !lasts(backend));
        for backend in &backends {
            for mut model in backend.models() {
                // A model that tells no time of its own is as old as the server.
                if model.created == 0 {
                    model.created = now;
                }
                if let Some(settings) = unused.remove(&*model.id) {
                    model = settings.apply(model);
                }
                match routes.add(Route { backend: Arc::clone(backend), model: Arc::new(model) }) {
                    Err(reason) if !lasts(backend) => warn!(reason, "model left out"),
                    added => added?,
                }
            }
        }
        if !backends.iter().all(lasts) {
            return Ok(routes);
        }
        if routes.named.is_empty() && routes.wildcard.is_none() {
            return Err("no backend serves any model".to_owned());
        }
        if let Some(id) = unused.into_keys().min() {
            return Err(format!("there are settings for the model `{id}`, and no backend has it"));
        }
        Ok(routes)
    }

    /// Adds a model; where it cannot, nothing has changed.
    fn add(&mut self, route: Route) -> Result<(), String> {
        let model = Arc::clone(&route.model);
        if Purpose::of(&model).is_none() {
            return Err(format!(
                "the model `{}` does nothing: no chats, completions or embeddings",
                model.id
            ));
        }
        if model.is_wildcard() {
            if self.wildcard.is_some() {
                return Err("two backends take the wildcard `*`; one alone may".to_owned());
            }
            self.wildcard = Some(route);
            return Ok(());
        }
        let mut names = HashMap::new();
        for name in std::iter::once(&model.id).chain(&model.aliases) {
            if !is_name(name) {
                return Err(format!("{name:?} cannot be a model's name"));
            }
            if self.named.contains_key(name) || names.insert(name.clone(), route.clone()).is_some() {
                return Err(format!("the model name `{name}` is given twice"));
            }
        }
        self.named.extend(names);
        self.listed.push(model);
        Ok(())
    }

    /// The route of a model name; the wildcard takes names, and is none itself.
    pub(crate) fn find(&self, name: &str) -> Option<&Route> {
        let any = || self.wildcard.as_ref().filter(|_| is_name(name) && name != ModelInfo::WILDCARD);
        self.named.get(name).or_else(any)
    }

    /// What `GET /v1/models` lists for `principal`: each id.
    pub(crate) fn list(&self, principal: Option<&str>) -> ModelList {
        let seen = self.listed.iter().filter(|model| may_see(principal, model));
        ModelList::new(seen.map(|model| describe(model, &model.id)).collect::<Vec<_>>())
    }

    /// What `GET /v1/models/{name}` answers to `principal`.
    pub(crate) fn describe(&self, name: &str, principal: Option<&str>) -> Option<Model> {
        let route = self.find(name).filter(|route| may_see(principal, &route.model))?;
        Some(describe(&route.model, route.name(name)))
    }
}

/// Whether the models of a backend stay as they are.
pub(crate) fn lasts(backend: &Arc<dyn Backend>) -> bool {
    backend.models_revision() == 0
}

/// Whether a model is shown to who asks: where nobody is asked for a key, everybody sees every model.
fn may_see(principal: Option<&str>, model: &ModelInfo) -> bool {
    let _ = (principal, model);
    true
}

fn describe(model: &ModelInfo, id: &str) -> Model {
    Model::new(id, model.created, model.owned_by.as_str())
}
