//! Each layer over those before it.

use std::net::{Ipv4Addr, SocketAddr};

use super::*;

const ECHO: &str = "[[backends]]\nkind = \"echo\"\n";

fn setting(config: &Config, backend: usize, key: &str) -> Value {
    config.backends[backend].settings[key].clone()
}

#[test]
fn file_goes_over_defaults_key_by_key() {
    let config = loaded("[server]\nworkers = 3\n", &[]);
    assert_eq!(config.server, ServerConfig { workers: 3, ..ServerConfig::default() });
    assert_eq!(config.limits, Limits::default());
}

#[test]
fn variables_go_over_the_file() {
    let text = "[server]\nworkers = 3\nkeep_alive_s = 5\n";
    let config = loaded(text, &[("ANTIPHON__SERVER__WORKERS", "4"), ("OTHER", "x"), ("ANTIPHON_PORT", "x")]);
    assert_eq!(config.server, ServerConfig { workers: 4, keep_alive_s: 5, ..ServerConfig::default() });
}

#[test]
fn flags_go_over_variables() {
    let bind = SocketAddr::from((Ipv4Addr::LOCALHOST, 1));
    let flags = Flags { bind: Some(bind), log_format: Some(LogFormat::Json) };
    let variables = [("ANTIPHON__SERVER__BIND".into(), "127.0.0.1:2".into())];
    let config = load(&file(""), variables, flags, &Kinds::default()).unwrap().config;
    assert_eq!((config.server.bind, config.log.format), (bind, LogFormat::Json));
}

#[test]
fn backends_of_the_file_replace_the_default_one() {
    let config = loaded("[[backends]]\nkind = \"echo\"\nmodels = [\"a\"]\n", &[]);
    assert_eq!(config.backends.len(), 1);
    assert_eq!(setting(&config, 0, "models"), serde_json::json!(["a"]));
}

#[test]
fn backend_takes_the_defaults_of_its_kind() {
    let config = loaded(ECHO, &[]);
    assert_eq!(setting(&config, 0, "models"), serde_json::json!(["echo", "*"]));
    assert_eq!(setting(&config, 0, "token_delay_ms"), 0);
}

#[test]
fn variable_sets_a_key_of_one_backend() {
    let text = ECHO.repeat(2);
    let config = loaded(&text, &[("ANTIPHON__BACKENDS__1__TOKEN_DELAY_MS", "7")]);
    assert_eq!(setting(&config, 0, "token_delay_ms"), 0);
    assert_eq!(setting(&config, 1, "token_delay_ms"), 7);
}

#[test]
fn variable_adds_a_backend() {
    let config = loaded(ECHO, &[("ANTIPHON__BACKENDS__1__KIND", "echo")]);
    assert_eq!(config.backends.len(), 2);
}

#[test]
fn variable_for_a_string_is_taken_as_it_is() {
    let config = loaded("", &[("ANTIPHON__BACKENDS__0__PREFIX", "5")]);
    assert_eq!(setting(&config, 0, "prefix"), "5");
}

#[test]
fn variable_for_anything_else_is_toml() {
    let variables = [
        ("ANTIPHON__BACKENDS__0__MODELS", r#"["a", "b"]"#),
        ("ANTIPHON__STREAM__OBFUSCATION", "true"),
        ("ANTIPHON__LIMITS__BODY_BYTES", "1_024"),
    ];
    let config = loaded("", &variables);
    assert_eq!(setting(&config, 0, "models"), serde_json::json!(["a", "b"]));
    assert!(config.stream.obfuscation);
    assert_eq!(config.limits.body_bytes, 1024);
}

#[test]
fn printed_configuration_loads_as_itself() {
    let config = loaded("[server]\nbind = \"[::1]:0\"\n[log]\nformat = \"json\"\n", &[]);
    assert_eq!(loaded(&config.to_toml().unwrap(), &[]), config);
}

#[test]
fn configuration_of_a_library_user_reads_from_toml() {
    let config: Config = toml::from_str("[limits]\nmax_choices = 2\n").unwrap();
    assert_eq!(config.limits.max_choices, 2);
    assert_eq!(config.backends, Config::default().backends);
    assert!(toml::from_str::<Config>("[limits]\nmax_choice = 2\n").is_err());
}
