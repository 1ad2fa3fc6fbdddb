//! Runs Antiphon for tests: the real binary, servers in process, and a client that sees every byte.
//!
//! A harness fails by panicking: each function here panics, with what it saw, where Antiphon did not do its part.
#![expect(clippy::missing_panics_doc, reason = "said once, above: a harness fails by panicking")]

mod binary;
mod body;
mod clients;
mod compatibility;
mod document;
mod http;
mod schema;
mod scripted;
mod served;
mod skip;
mod sse;
mod transcript;

pub use binary::{Antiphon, ECHO_ALONE, Ended, executable};
pub use body::{ask, ask_model, input, prompt, streamed, with};
pub use clients::{NodeModules, Python, output, program};
pub use compatibility::{Registry, Row, page_with};
pub use document::Document;
pub use http::{Connection, Head, Request, Response, send};
pub use schema::Schemas;
pub use scripted::{PATIENCE, Scripted, Sighting, Step};
pub use served::Served;
pub use skip::skipped;
pub use sse::{Frame, Reader};
pub use transcript::Transcript;
