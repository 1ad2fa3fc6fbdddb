//! The edges between crates that are allowed, held against what cargo says.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use antiphon_tests::program;
use cargo_metadata::{DependencyKind, MetadataCommand, Package};

/// What each library may depend on, in its own code. Tests, examples and measurements may use everything.
const EDGES: [(&str, &[&str]); 7] = [
    ("antiphon-types", &["schemars", "serde", "serde_json"]),
    (
        "antiphon-backend",
        &[
            "antiphon-types",
            "async-stream",
            "bpe-openai",
            "compact_str",
            "futures-core",
            "futures-util",
            "jsonschema",
            "regex-syntax",
            "serde_json",
            "thiserror",
            "tokio",
            "tokio-util",
        ],
    ),
    (
        "antiphon-chat-template",
        &[
            "aho-corasick",
            "antiphon-backend",
            "futures-core",
            "jiff",
            "minijinja",
            "minijinja-contrib",
            "serde",
            "serde_json",
            "thiserror",
        ],
    ),
    (
        "antiphon-upstream",
        &[
            "antiphon-backend",
            "antiphon-types",
            "bytes",
            "httpdate",
            "memchr",
            "reqwest",
            "rustls",
            "rustls-platform-verifier",
            "serde",
            "serde_json",
            "thiserror",
            "tokio",
            "tokio-util",
            "tracing",
        ],
    ),
    (
        "antiphon-server",
        &[
            "actix-rt",
            "actix-web",
            "antiphon-backend",
            "antiphon-types",
            "arc-swap",
            "bytes",
            "clap",
            "config",
            "fastrand",
            "futures-util",
            "percent-encoding",
            "schemars",
            "serde",
            "serde_json",
            "serde_path_to_error",
            "strsim",
            "thiserror",
            "tokio",
            "toml",
            "tracing",
            "tracing-appender",
            "tracing-subscriber",
        ],
    ),
    ("antiphon", &["antiphon-llama", "antiphon-server", "antiphon-upstream", "mimalloc"]),
    (
        "antiphon-llama",
        &[
            "antiphon-backend",
            "antiphon-chat-template",
            "fastrand",
            "futures-util",
            "llama-cpp-2",
            "llguidance",
            "serde",
            "serde_json",
            "thiserror",
            "tokio",
            "tracing",
        ],
    ),
];

fn packages() -> Vec<Package> {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");
    let metadata = MetadataCommand::new().manifest_path(manifest).no_deps().exec();
    metadata.expect("cargo knows the workspace").packages
}

fn dependencies(package: &Package) -> BTreeSet<&str> {
    let normal = package.dependencies.iter().filter(|dependency| dependency.kind == DependencyKind::Normal);
    normal.map(|dependency| dependency.name.as_str()).collect()
}

#[test]
fn crates_depend_on_what_stands_below_them() {
    let packages = packages();
    for (name, allowed) in EDGES {
        let package = packages.iter().find(|package| package.name.as_str() == name);
        let package = package.unwrap_or_else(|| panic!("{name} is a member"));
        assert_eq!(dependencies(package), allowed.iter().copied().collect(), "{name}");
    }
}

#[test]
fn engines_stand_beside_the_server() {
    for package in packages() {
        let name = package.name.as_str();
        let is_engine = name.starts_with("antiphon-")
            && EDGES.iter().all(|(layer, _)| *layer != name)
            && package.manifest_path.as_str().contains("/crates/");
        assert!(!is_engine || !dependencies(&package).contains("antiphon-server"), "{name}");
    }
}

#[test]
fn the_example_backend_depends_on_the_trait_alone() {
    let packages = packages();
    let example = packages.iter().find(|package| package.name.as_str() == "antiphon-example-reverse-backend");
    assert_eq!(dependencies(example.expect("a member")), BTreeSet::from(["antiphon-backend"]));
}

/// The source files below a folder, each without its tests.
fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let found = paths.filter(|path| path.file_stem().is_some_and(|name| name != "tests")).map(|path| {
        if path.is_dir() {
            return sources(&path);
        }
        let text = fs::read_to_string(&path).expect("a source file is text");
        let code = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
        vec![(path, code)]
    });
    found.flatten().collect()
}

/// Asserts that none of these words stands in the files that are chosen by their name, and that there are some.
fn check_absent(folders: &[&str], chosen: impl Fn(&str) -> bool, words: &[&str]) {
    let files = folders.iter().flat_map(|folder| sources(&program(folder)));
    let files =
        files.filter(|(path, _)| path.file_name().and_then(|name| name.to_str()).is_some_and(&chosen));
    let files: Vec<_> = files.collect();
    assert!(!files.is_empty(), "no files in {folders:?}");
    for (path, code) in files {
        let found: Vec<_> = words.iter().filter(|word| code.contains(**word)).collect();
        assert!(found.is_empty(), "{found:?} in {}", path.display());
    }
}

#[test]
fn encoders_know_no_http_and_frames_no_openai_type() {
    let server = ["crates/server/src"];
    check_absent(&server, |name| name == "encode.rs" || name == "collect.rs", &["actix", "crate::sse"]);
    check_absent(&server, |name| name == "sse.rs", &["antiphon_types", "antiphon_backend", "crate::chat"]);
}

#[test]
fn nothing_is_locked_or_detached() {
    check_absent(&["crates/backend/src", "crates/server/src"], |_| true, &["Mutex", "RwLock", "spawn("]);
}
