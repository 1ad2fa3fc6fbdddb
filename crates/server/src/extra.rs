//! Fields that a backend adds to those of the API, on their way into an answer.

use std::collections::BTreeMap;
use std::mem;

use antiphon_backend::Place;
use antiphon_types::Extra;
use serde::de::DeserializeOwned;

/// Fields that wait for the chunk that they go out with.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    answer: Extra,
    /// Those of each choice that has any.
    choices: BTreeMap<u32, OfChoice>,
    /// Those of calls that have not begun, by choice and slot.
    calls: BTreeMap<(u32, u32), Extra>,
}

/// The fields of a choice.
#[derive(Debug, Default)]
pub(crate) struct OfChoice {
    pub(crate) choice: Extra,
    pub(crate) message: Extra,
}

impl Waiting {
    /// Adds fields.
    pub(crate) fn add(&mut self, place: Place, fields: Extra) {
        let waiting = match place {
            Place::Answer => &mut self.answer,
            Place::Choice(index) => &mut self.choices.entry(index).or_default().choice,
            Place::Message(index) => &mut self.choices.entry(index).or_default().message,
            Place::ToolCall { choice, slot } => self.calls.entry((choice, slot)).or_default(),
        };
        place.join(waiting, fields);
    }

    /// Takes those of the answer.
    pub(crate) fn answer(&mut self) -> Extra {
        mem::take(&mut self.answer)
    }

    /// Takes those of a choice.
    pub(crate) fn choice(&mut self, index: u32) -> Option<OfChoice> {
        self.choices.remove(&index)
    }

    /// Takes those of a call.
    pub(crate) fn call(&mut self, choice: u32, slot: u32) -> Extra {
        self.calls.remove(&(choice, slot)).unwrap_or_default()
    }
}

/// What the server says itself of an answer.
pub(crate) const ANSWER: [&str; 7] = ["id", "object", "created", "model", "choices", "usage", "obfuscation"];

/// Moves a field to where the answer's type has it, if its value is one.
pub(crate) fn set<T: DeserializeOwned>(value: &mut Option<T>, fields: &mut Extra, name: &str) {
    if let Some(told) = fields.shift_remove(name).and_then(|told| serde_json::from_value(told).ok()) {
        *value = Some(told);
    }
}

/// Leaves out fields that the server gives a value itself: they would stand twice in the JSON.
pub(crate) fn without(mut fields: Extra, names: &[&str]) -> Extra {
    fields.retain(|name, _| !names.contains(&name.as_str()));
    fields
}
