//! The rules of the contract that show in the events, as a state machine.

use super::per_choice::PerChoice;
use crate::{BackendError, ErrorKind, Event};

/// A breach of the contract of [`Backend`](crate::Backend).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Breach {
    #[error("an event came of choice {choice}, and the choices are 0 to {}", .choices - 1)]
    UnknownChoice { choice: u32, choices: u32 },
    #[error("choice {choice} went on after its finish")]
    AfterFinish { choice: u32 },
    #[error("choice {choice} finished twice")]
    SecondFinish { choice: u32 },
    #[error("slot {slot} of choice {choice} began without the tool's name")]
    NoStart { choice: u32, slot: u32 },
    #[error("slot {slot} of choice {choice} began twice")]
    SecondStart { choice: u32, slot: u32 },
    #[error("usage came twice")]
    SecondUsage,
    #[error("the stream ended before choice {choice} had finished")]
    Unfinished { choice: u32 },
    #[error("there are {vectors} vectors for {inputs} inputs")]
    Vectors { vectors: usize, inputs: usize },
    #[error("vector {index} has {found} dimensions, and not {expected}")]
    Dimensions { index: usize, found: usize, expected: usize },
    #[error("vector {index} holds a number that is not finite")]
    NotFinite { index: usize },
}

impl From<Breach> for BackendError {
    fn from(breach: Breach) -> Self {
        Self::new(ErrorKind::Contract, "the backend broke its contract").with_source(breach)
    }
}

/// What has come so far, as far as the rules need it.
#[derive(Debug)]
pub(crate) struct Rules {
    choices: u32,
    progress: PerChoice<Progress>,
    has_usage: bool,
}

#[derive(Debug, Default)]
struct Progress {
    is_finished: bool,
    /// Few: the API allows 128 tools, and engines call them one after another.
    slots: Vec<u32>,
}

impl Rules {
    /// The rules for a stream of so many choices; 0 counts as 1.
    pub(crate) fn new(choices: u32) -> Self {
        Self {
            choices: choices.max(1),
            progress: PerChoice::new(choices, Progress::default),
            has_usage: false,
        }
    }

    /// Takes the next event.
    pub(crate) fn event(&mut self, event: &Event) -> Result<(), Breach> {
        let Some(choice) = event.choice() else {
            let is_usage = matches!(event, Event::Usage(_));
            let is_second = is_usage && std::mem::replace(&mut self.has_usage, true);
            return if is_second { Err(Breach::SecondUsage) } else { Ok(()) };
        };
        let Some(progress) = self.progress.get_mut(choice) else {
            return Err(Breach::UnknownChoice { choice, choices: self.choices });
        };
        match event {
            Event::Finish { .. } if progress.is_finished => Err(Breach::SecondFinish { choice }),
            Event::Finish { .. } => {
                progress.is_finished = true;
                Ok(())
            }
            _ if progress.is_finished => Err(Breach::AfterFinish { choice }),
            Event::ToolCall { slot, start, .. } => progress.call(choice, *slot, start.is_some()),
            _ => Ok(()),
        }
    }

    /// Takes the end of the stream.
    pub(crate) fn end(&mut self) -> Result<(), Breach> {
        match self.progress.iter_mut().find(|(_, progress)| !progress.is_finished) {
            Some((choice, _)) => Err(Breach::Unfinished { choice }),
            None => Ok(()),
        }
    }
}

impl Progress {
    fn call(&mut self, choice: u32, slot: u32, starts: bool) -> Result<(), Breach> {
        // The latest slot is the likeliest.
        match (self.slots.iter().rev().any(|known| *known == slot), starts) {
            (true, false) => Ok(()),
            (false, true) => {
                self.slots.push(slot);
                Ok(())
            }
            (false, false) => Err(Breach::NoStart { choice, slot }),
            (true, true) => Err(Breach::SecondStart { choice, slot }),
        }
    }
}
