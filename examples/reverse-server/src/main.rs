//! Serves the reversing backend, with the defaults of the binary.

use std::sync::Arc;

use antiphon_example_reverse_backend::Reverse;
use antiphon_server::{Config, RunError, log, run};

#[actix_web::main]
async fn main() -> Result<(), RunError> {
    let config = Config::default();
    let _log = log::start(&config.log);
    run(config, vec![Arc::new(Reverse)]).await
}
