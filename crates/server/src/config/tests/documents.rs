//! The files and the document that state the defaults, held against them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use crate::kinds::LONGEST_DELAY_MS;

/// A file of the project, by its path from the root.
fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// Every key of the default configuration with its value.
fn keys() -> BTreeMap<String, Value> {
    let mut config = loaded("", &[]);
    config.models.push(ModelConfig::default());
    let config = serde_json::to_value(config).unwrap();
    let mut keys = BTreeMap::new();
    for (section, value) in config.as_object().unwrap() {
        let (path, table) = match value {
            Value::Array(items) => (format!("{section}[0]"), &items[0]),
            table => (section.clone(), table),
        };
        keys.extend(
            table.as_object().unwrap().iter().map(|(key, value)| (format!("{path}.{key}"), value.clone())),
        );
    }
    keys
}

/// The cells of the document's rows about a key: key, meaning, values, default, variable.
fn rows() -> Vec<[String; 5]> {
    let document = fs::read_to_string(project("docs/configuration.md")).unwrap();
    let rows = document.lines().filter(|line| line.starts_with("| `"));
    let cells = rows.map(|row| row.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()));
    cells.map(|cells| cells.collect::<Vec<_>>().try_into().expect("a row has five cells")).collect()
}

fn code(cell: &str) -> &str {
    cell.strip_prefix('`').and_then(|cell| cell.strip_suffix('`')).expect("code in backticks")
}

#[test]
fn default_file_states_every_key_with_its_default() {
    let text = fs::read_to_string(project("config/default.toml")).unwrap();
    let stated: Value = toml::from_str(&text).unwrap();
    assert_eq!(stated, serde_json::to_value(loaded("", &[])).unwrap());
}

#[test]
fn default_file_is_the_one_that_is_built_in() {
    assert_eq!(
        include_str!("../../../default.toml"),
        fs::read_to_string(project("config/default.toml")).unwrap()
    );
}

#[test]
fn every_file_is_valid() {
    let paths = fs::read_dir(project("config")).unwrap().map(|file| file.unwrap().path());
    // Their kinds are the binary's, whose own tests load them.
    let others = ["llama.toml", "upstream.toml"];
    for path in paths.filter(|path| !others.iter().any(|other| path.ends_with(other))) {
        let file = File::read(&path).unwrap();
        let loaded = load(&file, [], Flags::default(), &Kinds::default());
        if let Err(error) = loaded.and_then(load::Loaded::build) {
            panic!("{error}");
        }
    }
}

#[test]
fn document_has_every_key_with_its_default_and_no_other() {
    let documented: BTreeMap<String, Value> = rows()
        .iter()
        .map(|[key, _, _, default, _]| {
            let default: toml::Value = code(default).parse().expect("the default in TOML");
            (code(key).to_owned(), serde_json::to_value(default).unwrap())
        })
        .collect();
    assert_eq!(documented, keys());
}

#[test]
fn document_has_the_variable_of_every_key() {
    for [key, _, _, _, variable] in rows() {
        let path = code(&key).replace("[0]", ".0").replace('.', "__").to_uppercase();
        assert_eq!(code(&variable), format!("ANTIPHON__{path}"));
    }
}

#[test]
fn document_has_every_range() {
    let values: BTreeMap<_, _> =
        rows().into_iter().map(|[key, _, values, ..]| (code(&key).to_owned(), values)).collect();
    for (key, range) in ranges::RANGES {
        let range = format!("{} to {}", range.start(), range.end());
        assert!(values[key].ends_with(&range), "{key}: {}, not {range}", values[key]);
    }
    for key in ["backends[0].token_delay_ms", "backends[0].first_token_delay_ms"] {
        assert!(values[key].ends_with(&format!("0 to {LONGEST_DELAY_MS}")), "{key}: {}", values[key]);
    }
}

#[test]
fn document_shows_a_kind_as_the_documentation_of_kinds_does() {
    let document = fs::read_to_string(project("docs/configuration.md")).unwrap();
    let (_, section) = document.split_once("## Kinds of your own").unwrap();
    let code = fs::read_to_string(project("crates/server/src/kinds.rs")).unwrap();
    let comments = code.lines().filter_map(|line| line.strip_prefix("///"));
    let comments: Vec<&str> = comments.map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
    let comments = comments.join("\n");
    let blocks: Vec<&str> = section.split("```").skip(1).step_by(2).collect();
    assert_eq!(blocks.len(), 2);
    for block in blocks {
        let (_language, block) = block.split_once('\n').unwrap();
        assert!(comments.contains(block), "not in kinds.rs:\n{block}");
    }
}

/// The files below a folder that read the environment, but for tests.
fn readers_of_the_environment(folder: &Path) -> Vec<PathBuf> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let found = paths.map(|path| match path.is_dir() {
        _ if path.ends_with("tests.rs") => Vec::new(),
        true => readers_of_the_environment(&path),
        false if fs::read_to_string(&path).unwrap().contains(concat!("env::", "var")) => vec![path],
        false => Vec::new(),
    });
    found.flatten().collect()
}

#[test]
fn environment_is_read_in_one_place() {
    let crates = fs::read_dir(project("crates")).unwrap().map(|entry| entry.unwrap().path().join("src"));
    let found: Vec<_> = crates.flat_map(|folder| readers_of_the_environment(&folder)).collect();
    assert_eq!(found, [project("crates/server/src/cli.rs")]);
}

#[test]
fn every_number_has_a_range() {
    let numbers = keys().into_iter().filter(|(key, value)| value.is_number() && !key.starts_with("backends"));
    let mut ranged: Vec<_> = ranges::RANGES.iter().map(|(key, _)| (*key).to_owned()).collect();
    ranged.sort();
    assert_eq!(numbers.map(|(key, _)| key).collect::<Vec<_>>(), ranged);
}
