//! The official Python client, with a real model.

use antiphon_tests::{Python, program};

use crate::served::served;

#[test]
fn python_does_all_that_the_model_can() {
    let (Some(python), Some(server)) = (Python::get(), served("embeddings = true")) else { return };
    python.run(&program("tests/clients/python/llama.py"), &server.base_url());
}
