//! The README, held against the files that it shows and the commands that it gives.

use std::fs;

use antiphon_tests::program;

fn read(path: &str) -> String {
    fs::read_to_string(program(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The fenced blocks of a language.
fn blocks(readme: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    readme
        .split(&fence)
        .skip(1)
        .filter_map(|rest| rest.split_once("```"))
        .map(|(block, _)| block.to_owned())
        .collect()
}

/// A text without its white space, which formatters move.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

/// Every block stands in one of the files.
fn check(language: &str, files: &[&str]) {
    let files: Vec<String> = files.iter().map(|path| squeezed(&read(path))).collect();
    let blocks = blocks(&read("README.md"), language);
    assert!(!blocks.is_empty(), "no block of {language}");
    for block in blocks {
        assert!(files.iter().any(|file| file.contains(&squeezed(&block))), "in no example:\n{block}");
    }
}

#[test]
fn examples_are_shown_as_they_stand() {
    check("python", &["examples/python/chat.py", "examples/python/stream.py"]);
    check("js", &["examples/node/chat.mjs"]);
    check(
        "rust",
        &[
            "examples/reverse-backend/src/lib.rs",
            "examples/reverse-server/src/main.rs",
            "examples/rust-client/src/main.rs",
        ],
    );
}

#[test]
fn the_test_command_is_what_is_run_before_a_change_lands() {
    let readme = read("README.md");
    assert!(readme.contains("\n    cargo test --workspace\n"));
    assert!(read(".ci/run").contains("cargo test --locked --workspace\n"));
}

#[test]
fn links_lead_to_files() {
    let pages = fs::read_dir(program("docs")).expect("a folder of pages");
    let pages = pages.map(|page| format!("docs/{}", page.expect("a page").file_name().display()));
    for page in pages.chain(["README.md".to_owned()]) {
        let text = read(&page);
        let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
        for (_, rest) in text.match_indices("](").map(|(at, _)| text.split_at(at + 2)) {
            let target = rest.split(')').next().unwrap_or_default();
            let target = target.split('#').next().unwrap_or_default();
            if !target.is_empty() && !target.contains("://") {
                let path = program(folder).join(target);
                assert!(path.exists(), "{page}: {target}");
            }
        }
    }
}
