//! Tests of kinds that are added.

use antiphon_backend::EchoBackend;
use serde::Deserialize;

use super::*;
use crate::config::{Config, ConfigError, File, Flags, load};

/// Settings with one of each: a plain key, one that may be absent, a table of its own, free keys.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Settings {
    model: String,
    limit: Option<u32>,
    retry: Retry,
    headers: BTreeMap<String, String>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Retry {
    times: u8,
}

fn kinds() -> Kinds {
    Kinds::default().with("reverse", |settings: Settings| match settings.model.as_str() {
        "" => Err("needs a `model`".to_owned()),
        model => Ok(Arc::new(EchoBackend::default().with_models([model]))),
    })
}

fn loaded(settings: &str) -> Result<Config, ConfigError> {
    let file = File::of("x.toml", &format!("[[backends]]\nkind = \"reverse\"\n{settings}"));
    load(&file, [], Flags::default(), &kinds())?.build().map(|(config, _)| config)
}

fn check(settings: &str, expected: &str) {
    assert_eq!(loaded(settings).unwrap_err().to_string(), expected);
}

#[test]
fn added_kind_is_built_from_its_settings() {
    let config = loaded("model = \"m\"\nlimit = 3\nretry.times = 2\nheaders.x-any = \"1\"").unwrap();
    let settings = serde_json::to_value(&config.backends[0].settings).unwrap();
    let expected =
        serde_json::json!({"model": "m", "limit": 3, "retry": {"times": 2}, "headers": {"x-any": "1"}});
    assert_eq!(settings, expected);
}

#[test]
fn unknown_key_of_an_added_kind_is_refused() {
    check("modl = \"m\"", "x.toml: unknown key `backends[0].modl`, did you mean `backends[0].model`?");
    check(
        "retry.time = 1",
        "x.toml: unknown key `backends[0].retry.time`, did you mean `backends[0].retry.times`?",
    );
}

#[test]
fn bad_value_of_an_added_kind_is_refused() {
    check("model = 1", "x.toml: `backends[0].model`: must be a string, not an integer");
    check(
        "limit = \"3\"",
        "x.toml: `backends[0].limit`: must be an integer from 0 to 4294967295, not a string",
    );
    check(
        "retry.times = 256",
        "x.toml: `backends[0].retry.times`: must be an integer from 0 to 255, not 256",
    );
    check("headers.a = 1", "x.toml: `backends[0].headers.a`: must be a string, not an integer");
}

#[test]
fn backend_that_cannot_be_built_says_why() {
    check("", "x.toml: `backends[0]`: needs a `model`");
}

#[test]
fn nearest_of_all_kinds_is_named() {
    let file = File::of("x.toml", "[[backends]]\nkind = \"revers\"\n");
    let refused = load(&file, [], Flags::default(), &kinds()).map(|loaded| loaded.config);
    let line = "x.toml: `backends[0].kind`: unknown kind `revers`, did you mean `reverse`?";
    assert_eq!(refused.unwrap_err().to_string(), line);
}

#[test]
fn settings_without_named_fields_are_refused() {
    let kinds = Kinds::default().with("plain", |_: u32| Ok(Arc::new(EchoBackend::default())));
    assert_eq!(kinds.defaults("plain").unwrap_err(), "its settings are not a struct with named fields");
}

#[test]
fn binary_is_called_what_its_author_calls_it() {
    let (own, named) = (Kinds::default().program(), kinds().named("reverse", "7.1.0").program());
    assert_eq!((own.name, own.version), ("antiphon", env!("CARGO_PKG_VERSION")));
    assert_eq!((named.name, named.version), ("reverse", "7.1.0"));
}

#[test]
fn kind_is_given_the_variables_that_its_settings_name() {
    let kinds = Kinds::default().with_environment("reverse", |settings: Settings, environment| {
        assert!(!format!("{environment:?}").contains("m-of-a-variable"));
        let model = environment.get(&settings.model).ok_or("no such variable")?;
        Ok(Arc::new(EchoBackend::default().with_models([model])))
    });
    let named = |name: &str| {
        let file = File::of("x.toml", &format!("[[backends]]\nkind = \"reverse\"\nmodel = \"{name}\""));
        let variables = [("MODEL".into(), "m-of-a-variable".into())];
        let loaded = load(&file, variables, Flags::default(), &kinds)?.build();
        loaded.map(|(_, backends)| backends[0].models()[0].id.clone())
    };
    assert_eq!(named("MODEL").unwrap(), "m-of-a-variable");
    assert_eq!(named("OTHER").unwrap_err().to_string(), "x.toml: `backends[0]`: no such variable");
}
