//! What the binary prints.

use crate::process::{antiphon, file, parts, run};

#[test]
fn printed_configuration_prints_as_itself() {
    let text = "[server]\nbind = \"[::1]:0\"\n\n[log]\nformat = \"json\"\n";
    let (code, printed, errors) = run(&["--print-config", "--config", &file("print.toml", text)]);
    assert_eq!((code, errors.as_str()), (Some(0), ""));
    let again = run(&["--print-config", "--config", &file("printed.toml", &printed)]);
    assert_eq!(again, (Some(0), printed, String::new()));
}

#[test]
fn printed_configuration_has_every_layer() {
    let path = file("layers.toml", "[server]\nworkers = 2\nkeep_alive_s = 5\n");
    let mut command = antiphon(&["--print-config", "--config", &path, "--bind", "127.0.0.1:9"]);
    let output = command.env("ANTIPHON__SERVER__WORKERS", "3").output().unwrap();
    let (code, printed, _) = parts(output);
    assert_eq!(code, Some(0));
    for line in
        ["bind = \"127.0.0.1:9\"", "workers = 3", "keep_alive_s = 5", "max_choices = 8", "kind = \"echo\""]
    {
        assert!(printed.lines().any(|printed| printed == line), "no {line} in {printed}");
    }
}

#[test]
fn version_is_the_packages() {
    let version = format!("antiphon {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(run(&["--version"]), (Some(0), version, String::new()));
}

#[test]
fn help_names_every_flag() {
    let (code, help, _) = run(&["--help"]);
    assert_eq!(code, Some(0));
    for flag in ["--config <FILE>", "--bind <ADDR>", "--log-format <FORMAT>", "--check", "--print-config"] {
        assert!(help.contains(flag), "no {flag} in {help}");
    }
    assert_eq!(help.matches("pretty").count(), 1, "{help}");
}
