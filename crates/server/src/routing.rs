//! Which backend answers for a model name: by id, by alias, else by the wildcard.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::SystemTime;

use antiphon_backend::{Backend, Health, ModelInfo};
use antiphon_types::{Model, ModelList};

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
    backends: Vec<Arc<dyn Backend>>,
    named: HashMap<String, Route>,
    wildcard: Option<Route>,
    /// Those with a name of their own, in the order of the configuration.
    listed: Vec<Arc<ModelInfo>>,
}

impl Routes {
    /// Asks every backend for its models, once.
    ///
    /// # Errors
    /// Where two models answer to one name, a name is none, there is no model at all, or a table of `settings` is for none;
    /// the text says which.
    pub(crate) fn new(backends: Vec<Arc<dyn Backend>>, settings: &[ModelConfig]) -> Result<Self, String> {
        let mut routes = Self { backends, named: HashMap::new(), wildcard: None, listed: Vec::new() };
        let mut unused: HashMap<_, _> = settings.iter().map(|model| (&*model.id, model)).collect();
        let now = SystemTime::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_secs());
        for backend in routes.backends.clone() {
            for mut model in backend.models() {
                // A model that tells no time of its own is as old as the server.
                if model.created == 0 {
                    model.created = now;
                }
                if let Some(settings) = unused.remove(&*model.id) {
                    model = settings.apply(model);
                }
                routes.add(Route { backend: Arc::clone(&backend), model: Arc::new(model) })?;
            }
        }
        if routes.named.is_empty() && routes.wildcard.is_none() {
            return Err("no backend serves any model".to_owned());
        }
        if let Some(id) = unused.into_keys().min() {
            return Err(format!("there are settings for the model `{id}`, and no backend has it"));
        }
        Ok(routes)
    }

    fn add(&mut self, route: Route) -> Result<(), String> {
        if Purpose::of(&route.model).is_none() {
            return Err(format!(
                "the model `{}` does nothing: no chats, completions or embeddings",
                route.model.id
            ));
        }
        if route.model.is_wildcard() {
            return match self.wildcard.replace(route) {
                None => Ok(()),
                Some(_) => Err("two backends take the wildcard `*`; one alone may".to_owned()),
            };
        }
        let model = Arc::clone(&route.model);
        self.listed.push(Arc::clone(&model));
        for name in std::iter::once(&model.id).chain(&model.aliases) {
            if !is_name(name) {
                return Err(format!("{name:?} cannot be a model's name"));
            }
            if self.named.insert(name.clone(), route.clone()).is_some() {
                return Err(format!("the model name `{name}` is given twice"));
            }
        }
        Ok(())
    }

    /// The route of a model name; the wildcard takes names, and is none itself.
    pub(crate) fn find(&self, name: &str) -> Option<&Route> {
        let any = || self.wildcard.as_ref().filter(|_| is_name(name) && name != ModelInfo::WILDCARD);
        self.named.get(name).or_else(any)
    }

    /// What `GET /v1/models` lists for `principal`: each id, in the order of the configuration.
    pub(crate) fn list(&self, principal: Option<&str>) -> ModelList {
        let seen = self.listed.iter().filter(|model| may_see(principal, model));
        ModelList::new(seen.map(|model| describe(model, &model.id)).collect::<Vec<_>>())
    }

    /// What `GET /v1/models/{name}` answers to `principal`.
    pub(crate) fn describe(&self, name: &str, principal: Option<&str>) -> Option<Model> {
        let route = self.find(name).filter(|route| may_see(principal, &route.model))?;
        Some(describe(&route.model, route.name(name)))
    }

    /// The first reason why a backend is not ready.
    pub(crate) fn unready(&self) -> Option<String> {
        self.backends.iter().find_map(|backend| match backend.health() {
            Health::Ready => None,
            Health::Unready(reason) => Some(reason),
        })
    }
}

/// Whether a model is shown to who asks: where nobody is asked for a key, everybody sees every model.
fn may_see(principal: Option<&str>, model: &ModelInfo) -> bool {
    let _ = (principal, model);
    true
}

fn describe(model: &ModelInfo, id: &str) -> Model {
    Model::new(id, model.created, model.owned_by.as_str())
}

#[cfg(test)]
mod tests {
    use antiphon_backend::{Capability, Context, EventStream, adapt::text_stream, chat};
    use futures_util::stream;

    use super::*;
    use crate::config::Reasoning;

    struct Serving(Vec<ModelInfo>);

    impl Backend for Serving {
        fn models(&self) -> Vec<ModelInfo> {
            self.0.clone()
        }

        fn chat(&self, _request: chat::Request, _context: Context) -> EventStream {
            text_stream(stream::iter([""]))
        }
    }

    fn routes(backends: Vec<Vec<ModelInfo>>) -> Result<Routes, String> {
        routes_with(&[], backends)
    }

    fn routes_with(settings: &[ModelConfig], backends: Vec<Vec<ModelInfo>>) -> Result<Routes, String> {
        let backends = backends.into_iter().map(|models| Arc::new(Serving(models)) as Arc<dyn Backend>);
        Routes::new(backends.collect(), settings)
    }

    fn refused(backends: Vec<Vec<ModelInfo>>, expected: &str) {
        assert_eq!(routes(backends).err().as_deref(), Some(expected));
    }

    #[test]
    fn names_lead_to_ids() {
        let routes =
            routes(vec![vec![ModelInfo::new("a").alias("b")], vec![ModelInfo::new("c")]]).expect("routes");
        let name = |asked| routes.find(asked).map(|route| route.name(asked).to_owned());
        assert_eq!(name("a").as_deref(), Some("a"));
        assert_eq!(name("b").as_deref(), Some("a"));
        assert_eq!(name("c").as_deref(), Some("c"));
        assert_eq!(name("d"), None);
        let listed: Vec<_> = routes.list(None).data.into_iter().map(|model| model.id).collect();
        assert_eq!(listed, ["a", "c"]);
    }

    #[test]
    fn the_wildcard_takes_the_rest_and_is_not_listed() {
        let routes = routes(vec![vec![ModelInfo::new("a"), ModelInfo::new("*")]]).expect("routes");
        assert_eq!(routes.find("any/thing").map(|route| route.name("any/thing")), Some("any/thing"));
        assert_eq!(routes.describe("any/thing", None).map(|model| model.id).as_deref(), Some("any/thing"));
        assert_eq!(routes.list(None).data.len(), 1);
    }

    #[test]
    fn settings_change_the_model_that_they_name() {
        let mut settings = [ModelConfig::new("a"), ModelConfig::new("*")];
        settings[0].reasoning = Reasoning::Tags;
        settings[1].completions_by_chat = true;
        let models = || vec![vec![ModelInfo::new("a"), ModelInfo::new("b"), ModelInfo::new("*")]];
        let routes = routes_with(&settings, models()).expect("routes");
        let able = |name| {
            let model = &routes.find(name).expect("a route").model;
            [Capability::ThinkTags, Capability::CompletionsByChat].map(|capability| model.has(capability))
        };
        assert_eq!(["a", "b", "c"].map(able), [[true, false], [false, false], [false, true]]);
        let refused = routes_with(&[ModelConfig::new("d")], models()).err();
        assert_eq!(refused.as_deref(), Some("there are settings for the model `d`, and no backend has it"));
    }

    #[test]
    fn names_that_clash_are_refused() {
        refused(vec![], "no backend serves any model");
        refused(
            vec![vec![ModelInfo::new("a").without(Capability::Chat)]],
            "the model `a` does nothing: no chats, completions or embeddings",
        );
        refused(vec![vec![ModelInfo::new(" ")]], "\" \" cannot be a model's name");
        refused(
            vec![vec![ModelInfo::new("a")], vec![ModelInfo::new("a")]],
            "the model name `a` is given twice",
        );
        refused(
            vec![vec![ModelInfo::new("a"), ModelInfo::new("b").alias("a")]],
            "the model name `a` is given twice",
        );
        refused(
            vec![vec![ModelInfo::new("*")], vec![ModelInfo::new("*")]],
            "two backends take the wildcard `*`; one alone may",
        );
    }
}
