//! The check of the models that a backend names.

use std::collections::BTreeSet;

use super::{Failure, Probe};

/// There are models, and each has names of its own.
///
/// # Errors
/// The name at fault.
pub async fn models(probe: &Probe) -> Result<(), Failure> {
    let models = probe.backend.models();
    if models.is_empty() {
        return Err(Failure("there is no model".to_owned()));
    }
    let mut names = BTreeSet::new();
    for name in models.iter().flat_map(|model| std::iter::once(&model.id).chain(&model.aliases)) {
        if name.trim().is_empty() {
            return Err(Failure("a model has an empty name".to_owned()));
        }
        if !names.insert(name) {
            return Err(Failure(format!("the name {name:?} is given twice")));
        }
    }
    Ok(())
}
