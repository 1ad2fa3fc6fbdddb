//! Fields that a backend adds to those of the API, on their way into an answer.

use std::mem;

use antiphon_backend::Place;
use antiphon_types::Extra;
use serde::de::DeserializeOwned;

/// Fields that wait for the chunk that they go out with.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    answer: Extra,
    /// Those of each choice that has any.
    choices: Vec<(u32, OfChoice)>,
    /// Those of calls that have not begun, by choice and slot.
    calls: Vec<((u32, u32), Extra)>,
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
            Place::Choice(index) => &mut self.of(index).choice,
            Place::Message(index) => &mut self.of(index).message,
            Place::ToolCall { choice, slot } => self.of_call((choice, slot)),
        };
        place.join(waiting, fields);
    }

    /// Takes those of the answer.
    pub(crate) fn answer(&mut self) -> Extra {
        mem::take(&mut self.answer)
    }

    /// Takes those of a choice.
    pub(crate) fn choice(&mut self, index: u32) -> Option<OfChoice> {
        let at = self.choices.iter().position(|(known, _)| *known == index)?;
        Some(self.choices.swap_remove(at).1)
    }

    /// Takes those of a call.
    pub(crate) fn call(&mut self, choice: u32, slot: u32) -> Extra {
        let at = self.calls.iter().position(|(known, _)| *known == (choice, slot));
        at.map(|at| self.calls.swap_remove(at).1).unwrap_or_default()
    }

    fn of_call(&mut self, call: (u32, u32)) -> &mut Extra {
        let at = self.calls.iter().position(|(known, _)| *known == call).unwrap_or_else(|| {
            self.calls.push((call, Extra::new()));
            self.calls.len() - 1
        });
        &mut self.calls[at].1
    }

    fn of(&mut self, index: u32) -> &mut OfChoice {
        let at = self.choices.iter().position(|(known, _)| *known == index).unwrap_or_else(|| {
            self.choices.push((index, OfChoice::default()));
            self.choices.len() - 1
        });
        &mut self.choices[at].1
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
