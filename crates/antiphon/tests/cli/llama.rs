//! A configuration of the kind `llama`, with llama.cpp and without.

use crate::process::{file, run};

const CONFIG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/llama.toml");

#[test]
fn unknown_key_is_78_and_names_the_nearest() {
    let path = file("llama_key.toml", "[[backends]]\nkind = \"llama\"\nslot = 4\n");
    let line = format!("{path}: unknown key `backends[0].slot`, did you mean `backends[0].slots`?\n");
    assert_eq!(run(&["--config", &path, "--check"]), (Some(78), String::new(), line));
}

#[cfg(not(feature = "llama"))]
#[test]
fn binary_without_llama_cpp_says_so() {
    let reason = "this binary is built without llama.cpp; it has to be built with the feature `llama`";
    let line = format!("{CONFIG}: `backends[0]`: {reason}\n");
    assert_eq!(run(&["--config", CONFIG, "--check"]), (Some(78), String::new(), line));
}

#[cfg(feature = "llama")]
mod built_in {
    use antiphon_tests::skipped;

    use super::{CONFIG, file, run};
    use crate::process::{antiphon, parts};

    /// Checks that a backend of this path is refused, with 78 and one line.
    fn check_refused(name: &str, model: &str, reason: &str) {
        let path = file(name, &format!("[[backends]]\nkind = \"llama\"\npath = {model:?}\n"));
        let line = format!("{path}: `backends[0]`: {reason}\n");
        assert_eq!(run(&["--config", &path, "--check"]), (Some(78), String::new(), line));
    }

    #[test]
    fn its_configuration_serves_the_model_that_is_installed() {
        let Some(model) = std::env::var_os("ANTIPHON_LLAMA_MODEL") else {
            return skipped("ANTIPHON_LLAMA_MODEL is not set, see tests/models/install");
        };
        let mut command = antiphon(&["--config", CONFIG, "--check"]);
        let checked = parts(command.env("ANTIPHON__BACKENDS__0__PATH", model).output().unwrap());
        assert_eq!(checked, (Some(0), "configuration is valid\n".to_owned(), String::new()));
    }

    #[test]
    fn file_that_is_no_model_is_78() {
        let model = file("text.gguf", "no model at all, but 24 bytes");
        check_refused("no_model.toml", &model, &format!("{model} is not a model: it is no GGUF file"));
        let missing = "/nonexistent/model.gguf";
        let reason = format!("cannot read {missing}: No such file or directory (os error 2)");
        check_refused("missing_model.toml", missing, &reason);
    }
}
