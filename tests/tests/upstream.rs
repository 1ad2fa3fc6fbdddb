//! Antiphon in front of another Antiphon: what comes through it is what the other says.

mod clients;
mod failing;
mod same;

use std::net::SocketAddr;
use std::sync::OnceLock;

use antiphon_tests::{Antiphon, ECHO_ALONE};

/// An `antiphon` that serves the model of another server as `fast`.
fn in_front_of(second: SocketAddr, model: &str) -> Antiphon {
    Antiphon::with_config(&format!(
        "[[backends]]\nkind = \"upstream\"\nbase_urls = [\"http://{second}\"]\n\
         models = [{{ id = \"fast\", upstream = \"{model}\" }}, {{ id = \"ghost\", upstream = \"no-such\" }}]\n"
    ))
}

/// Two of them: the echo, and one in front of it.
struct Chain {
    first: Antiphon,
    second: Antiphon,
}

fn chain() -> &'static Chain {
    static CHAIN: OnceLock<Chain> = OnceLock::new();
    CHAIN.get_or_init(|| {
        let second = Antiphon::with_config(ECHO_ALONE);
        Chain { first: in_front_of(second.address(), "echo"), second }
    })
}
