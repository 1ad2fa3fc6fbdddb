//! The conformance suite.

use std::sync::Arc;

use antiphon_backend::conformance;

use crate::model;

#[tokio::test]
async fn it_keeps_the_contract() {
    let Some(backend) = model::backend() else { return };
    conformance::run(|| Arc::clone(&backend)).await;
}
