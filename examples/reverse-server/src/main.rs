//! Serves the reversing backend, with the defaults of the binary.

use std::sync::Arc;

use antiphon_example_reverse_backend::Reverse;
use antiphon_server::{Config, RunError, run};

#[actix_web::main]
async fn main() -> Result<(), RunError> {
    run(Config::default(), vec![Arc::new(Reverse)]).await
}
