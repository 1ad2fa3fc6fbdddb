//! The edges between crates that are allowed, held against what cargo says.

use std::collections::BTreeSet;

use cargo_metadata::{DependencyKind, MetadataCommand, Package};

/// What each library may depend on, in its own code. Tests, examples and measurements may use everything.
const EDGES: [(&str, &[&str]); 3] = [
    ("antiphon-types", &["serde", "serde_json"]),
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
        "antiphon-server",
        &[
            "actix-rt",
            "actix-web",
            "antiphon-backend",
            "antiphon-types",
            "bytes",
            "clap",
            "config",
            "fastrand",
            "futures-util",
            "percent-encoding",
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
