//! What stands between a backend and its reader: streams of events over streams of events.
//!
//! [`generate`](crate::generate) puts the needed ones together for a server; a backend that wraps another can
//! take them singly. Each is a plain [`Stream`] over any `Unpin` stream of events (an
//! [`EventStream`](crate::EventStream) is one; pin others with `Box::pin`), keeps the borders of the events
//! it passes, and drops the stream beneath it as soon as nothing more is wanted of it, which cancels the
//! work.
//!
//! [`Stream`]: https://docs.rs/futures-core/0.3/futures_core/stream/trait.Stream.html

mod best_of;
mod collect;
mod deadline;
mod echo_prompt;
mod ends;
mod fan_out;
mod guard;
mod limit;
mod meter;
mod per_choice;
mod rules;
mod source;
mod stop;
mod text;
mod think;
mod validate;

pub(crate) use self::deadline::late;
pub(crate) use self::guard::caught;
pub(crate) use self::rules::Breach;
pub(crate) use self::stop::Patterns;
pub use self::{
    best_of::best_of,
    collect::{Whole, WholeChoice, WholeToolCall, collect},
    deadline::{Deadline, deadline},
    echo_prompt::{EchoPrompt, echo_prompt},
    fan_out::{FanOut, fan_out, fan_out_prompts},
    guard::{Guard, guard},
    limit::{Limit, limit},
    meter::{Meter, meter},
    stop::{Stop, stop},
    text::{text_stream, try_text_stream},
    think::{Think, Thinking, think},
    validate::{Validate, validate},
};
#[cfg(feature = "conformance")]
pub(crate) use self::{guard::Panicked, rules::Rules};
