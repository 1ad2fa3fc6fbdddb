//! Holds the backends' models against each other, and their names against what a request can ask for.

use std::collections::HashMap;
use std::iter;
use std::sync::Arc;

use antiphon_backend::Backend;

use super::error::Fault;
use super::{BackendConfig, Config};
use crate::models::{LONGEST_NAME, is_name};
use crate::routing::lasts;

/// Checks that each backend has a model, that requests can name it, and that no name stands for two.
///
/// Models that come and go are left out: the routes see to them as they come.
pub(super) fn check(config: &Config, backends: &[Arc<dyn Backend>]) -> Result<(), Fault> {
    let owners = owners(&config.backends, backends)?;
    if !backends.iter().all(lasts) {
        return Ok(());
    }
    for (index, model) in config.models.iter().enumerate() {
        if !owners.contains_key(&model.id) {
            let reason = format!("no backend has a model `{}`", model.id);
            return Err(Fault::new(format!("models[{index}].id"), reason));
        }
    }
    Ok(())
}

/// The backend of each name.
fn owners(configs: &[BackendConfig], backends: &[Arc<dyn Backend>]) -> Result<HashMap<String, usize>, Fault> {
    let mut owners = HashMap::new();
    let backends = configs.iter().zip(backends).enumerate().filter(|(_, (_, backend))| lasts(backend));
    for (index, (config, backend)) in backends {
        let key = key(index, config);
        let models = backend.models();
        if models.is_empty() {
            return Err(Fault::new(key, "has no model"));
        }
        for name in models.into_iter().flat_map(|model| iter::once(model.id).chain(model.aliases)) {
            if !is_name(&name) {
                return Err(Fault::new(key, not_a_name(&name)));
            }
            match owners.insert(name.clone(), index) {
                None => {}
                Some(owner) if owner == index => {
                    return Err(Fault::new(key, format_args!("has the model `{name}` twice")));
                }
                Some(owner) => {
                    let reason = format!("answers for the model `{name}`, and so does `{}`", path(owner));
                    return Err(Fault::new(path(index), reason));
                }
            }
        }
    }
    Ok(owners)
}

/// The path of a backend.
pub(super) fn path(index: usize) -> String {
    format!("backends[{index}]")
}

/// The key that names a backend's models, where its kind has one that is called so.
fn key(index: usize, config: &BackendConfig) -> String {
    let path = path(index);
    if config.settings.contains_key("models") { path + ".models" } else { path }
}

fn not_a_name(name: &str) -> String {
    format!(
        "{name:?} cannot be a model's name, which is 1 to {LONGEST_NAME} characters, \
         not all white space and no control character"
    )
}
