//! Serves the reversing backend, with the defaults of the binary but for the address that may be given.

use std::env;
use std::error::Error;
use std::sync::Arc;

use antiphon_example_reverse_backend::Reverse;
use antiphon_server::{Config, log, run};

#[actix_web::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut config = Config::default();
    config.server.bind = env::args().nth(1).as_deref().unwrap_or("127.0.0.1:8000").parse()?;
    let _log = log::start(&config.log);
    run(config, vec![Arc::new(Reverse)]).await?;
    Ok(())
}
