//! The upstream against servers that answer well, badly, or not at all, over real TCP.
//!
//! A test named `fault_N_…` injects a fault that a server behind Antiphon can have, and holds the behaviour owed.

mod ask;
mod cancellation;
mod conformance;
mod fake;
mod faults;
mod fidelity;
mod hostile;
mod http;
mod models;
mod refusals;
mod replicas;
