use std::sync::atomic::{AtomicU64, Ordering};

use antiphon_backend::{Capability, Context, EventStream, adapt::text_stream, chat};
use futures_util::stream;

use super::*;
use crate::config::Reasoning;

struct Serving(Vec<ModelInfo>);

/// Serves as many of its models as its revision says, less one.
struct Growing(Vec<ModelInfo>, AtomicU64);

impl Backend for Growing {
    fn models(&self) -> Vec<ModelInfo> {
        let revisions = 2..=self.models_revision();
        self.0.iter().zip(revisions).map(|(model, _)| model.clone()).collect()
    }

    fn models_revision(&self) -> u64 {
        self.1.load(Ordering::Relaxed)
    }

    fn chat(&self, _request: chat::Request, _context: Context) -> EventStream {
        text_stream(stream::iter([""]))
    }
}

#[test]
fn models_that_come_later_are_found() {
    let models = ["a", "b", "c"].map(ModelInfo::new);
    let growing = Arc::new(Growing(models.to_vec(), AtomicU64::new(1)));
    let fixed = Arc::new(Serving(vec![ModelInfo::new("b")]));
    let mut settings = [ModelConfig::new("c")];
    settings[0].completions_by_chat = true;
    let routing = Routing::new(vec![growing.clone(), fixed], &settings).expect("routes");
    let listed =
        || routing.now().routes.list(None).data.into_iter().map(|model| model.id).collect::<Vec<_>>();
    assert_eq!(listed(), ["b"]);
    growing.1.store(2, Ordering::Relaxed);
    assert_eq!(listed(), ["b", "a"]);
    growing.1.store(4, Ordering::Relaxed);
    assert_eq!(listed(), ["b", "a", "c"]);
    let made = routing.now();
    assert!(made.routes.find("c").is_some_and(|route| route.model.has(Capability::CompletionsByChat)));
    assert!(made.routes.find("b").is_some_and(|route| route.backend.models_revision() == 0));
}

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
    Routes::new(&backends.collect::<Vec<_>>(), settings)
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
    refused(vec![vec![ModelInfo::new("a")], vec![ModelInfo::new("a")]], "the model name `a` is given twice");
    refused(
        vec![vec![ModelInfo::new("a"), ModelInfo::new("b").alias("a")]],
        "the model name `a` is given twice",
    );
    refused(
        vec![vec![ModelInfo::new("*")], vec![ModelInfo::new("*")]],
        "two backends take the wildcard `*`; one alone may",
    );
}
