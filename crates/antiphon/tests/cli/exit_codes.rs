//! Every exit code, with the line that goes with it.

use std::fs;
use std::net::TcpListener;

use crate::process::{antiphon, file, parts, run};

/// Checks that a file is refused with 78 and one line: its name and this.
fn check(name: &str, text: &str, expected: &str) {
    let path = file(name, text);
    let line = format!("{path}: {expected}\n");
    assert_eq!(run(&["--config", &path]), (Some(78), String::new(), line.clone()));
    assert_eq!(run(&["--config", &path, "--check"]), (Some(78), String::new(), line));
}

#[test]
fn valid_configuration_checks_as_0() {
    let valid = (Some(0), "configuration is valid\n".to_owned(), String::new());
    assert_eq!(run(&["--check"]), valid);
    assert_eq!(run(&["--check", "--config", &file("valid.toml", "[server]\nworkers = 1\n")]), valid);
}

#[test]
fn every_file_of_the_project_checks_as_0() {
    for file in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../config")).unwrap() {
        let path = file.unwrap().path();
        if path.ends_with("llama.toml") {
            // It takes a feature and a model: see `llama`.
            continue;
        }
        let mut command = antiphon(&["--check", "--config", path.to_str().unwrap()]);
        let checked = parts(command.env("OPENAI_API_KEY", "fake-api-key").output().unwrap());
        assert_eq!(checked, (Some(0), "configuration is valid\n".to_owned(), String::new()), "{path:?}");
    }
}

#[test]
fn upstream_without_its_key_is_78_and_names_the_variable() {
    let text = "[[backends]]\nkind = \"upstream\"\nbase_urls = [\"http://127.0.0.1:9\"]\napi_key_env = \"NO_SUCH_KEY\"\n";
    let expected = "`backends[0]`: `api_key_env`: the variable `NO_SUCH_KEY` is not set";
    let path = file("no_key.toml", text);
    assert_eq!(
        run(&["--config", &path, "--check"]),
        (Some(78), String::new(), format!("{path}: {expected}\n"))
    );
}

#[test]
fn unknown_key_is_78() {
    let expected = "unknown key `server.bnd`, did you mean `server.bind`?";
    check("unknown_key.toml", "[server]\nbnd = \"127.0.0.1:0\"\n", expected);
}

#[test]
fn unknown_key_of_a_backend_is_78() {
    let text = "[[backends]]\nkind = \"echo\"\nprefx = \"\"\n";
    check("backend_key.toml", text, "unknown key `backends[0].prefx`, did you mean `backends[0].prefix`?");
}

#[test]
fn unknown_kind_is_78() {
    let expected = "`backends[0].kind`: unknown kind `ecko`, did you mean `echo`?";
    check("unknown_kind.toml", "[[backends]]\nkind = \"ecko\"\n", expected);
}

#[test]
fn wrong_type_is_78() {
    let expected = "`server.workers`: must be an integer, not a string";
    check("wrong_type.toml", "[server]\nworkers = \"two\"\n", expected);
}

#[test]
fn bad_value_is_78() {
    let expected = "`server.bind`: not an address and port, such as `127.0.0.1:8000`";
    check("bad_value.toml", "[server]\nbind = \"nonsense\"\n", expected);
}

#[test]
fn text_that_is_no_toml_is_78() {
    check("syntax.toml", "[server]\nworkers = 1\nworkers = 2\n", "line 3: duplicate key");
}

#[test]
fn list_of_no_backend_is_78() {
    let expected = "`backends`: must be a list of one backend or more, each a `[[backends]]` table";
    check("no_backend.toml", "backends = []\n", expected);
}

#[test]
fn backend_without_kind_is_78() {
    check("no_kind.toml", "[[backends]]\n", "`backends[0].kind`: is missing");
}

#[test]
fn model_of_two_backends_is_78() {
    let expected = "`backends[1]`: answers for the model `echo`, and so does `backends[0]`";
    check("same_model.toml", &"[[backends]]\nkind = \"echo\"\n".repeat(2), expected);
}

#[test]
fn missing_file_is_78() {
    let line = "no/such.toml: cannot be read: No such file or directory (os error 2)\n";
    assert_eq!(run(&["--config", "no/such.toml"]), (Some(78), String::new(), line.to_owned()));
}

#[test]
fn unknown_variable_is_78() {
    let output = antiphon(&[]).env("ANTIPHON__SERVER__BNID", "127.0.0.1:0").output().unwrap();
    let line = "ANTIPHON__SERVER__BNID: unknown key `server.bnid`, did you mean `server.bind`?\n";
    assert_eq!(parts(output), (Some(78), String::new(), line.to_owned()));
}

#[test]
fn misspelt_variable_is_78() {
    let output = antiphon(&["--check"]).env("ANTIPHON_SERVER__WORKERS", "1").output().unwrap();
    let line =
        "ANTIPHON_SERVER__WORKERS: not a variable of Antiphon, did you mean `ANTIPHON__SERVER__WORKERS`?\n";
    assert_eq!(parts(output), (Some(78), String::new(), line.to_owned()));
}

#[test]
fn model_name_that_cannot_be_is_78() {
    let text = "[[backends]]\nkind = \"echo\"\nmodels = [\"a b\\n\"]\n";
    let expected = "`backends[0].models`: \"a b\\n\" cannot be a model's name, which is 1 to 256 characters, \
                    not all white space and no control character";
    check("model_name.toml", text, expected);
}

#[test]
fn address_that_is_taken_is_69() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (code, output, errors) = run(&["--bind", &address]);
    assert_eq!((code, output.as_str()), (Some(69), ""));
    assert!(errors.starts_with(&format!("cannot bind {address}: ")), "{errors}");
    assert_eq!(errors.lines().count(), 1, "{errors}");
}

#[test]
fn bad_command_line_is_2() {
    for arguments in [&["--bnid", "127.0.0.1:0"][..], &["--bind", "nonsense"], &["--check", "--print-config"]]
    {
        let (code, output, errors) = run(arguments);
        assert_eq!((code, output.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(errors.starts_with("error: "), "{errors}");
    }
}

#[test]
fn bad_address_is_said_as_in_a_file() {
    let (_, _, errors) = run(&["--bind", "nonsense"]);
    assert!(errors.contains("not an address and port, such as `127.0.0.1:8000`"), "{errors}");
}
