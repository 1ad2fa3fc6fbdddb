//! Programs of the ecosystem against the real binary, each run once, and the page that tells of them.

use std::process::Command;
use std::sync::OnceLock;
use std::{env, fs};

use antiphon_tests::{Antiphon, NodeModules, Python, Registry, Row, output, page_with, program};

/// The page that shows what the programs did.
const PAGE: &str = "docs/compatibility.md";

/// A program below `tests/clients`.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Program {
    AsyncOpenAi,
    Node(&'static str),
    Python(&'static str),
    PythonOpenAi2(&'static str),
}

/// In the order of the page.
const PROGRAMS: [Program; 10] = [
    Program::Python("with_openai.py"),
    Program::PythonOpenAi2("with_openai.py"),
    Program::Node("with-openai.mjs"),
    Program::AsyncOpenAi,
    Program::Python("with_langchain.py"),
    Program::PythonOpenAi2("with_llama_index.py"),
    Program::Node("with-ai-sdk.mjs"),
    Program::Python("with_pydantic_ai.py"),
    Program::PythonOpenAi2("with_instructor.py"),
    Program::Python("with_litellm.py"),
];

impl Program {
    /// What it did; none where it is not installed.
    fn rows(self, base_url: &str) -> Option<Vec<Row>> {
        let python = |python: Python, script: &str| {
            python.run(&program("tests/clients/python").join(script), base_url)
        };
        let (registry, printed) = match self {
            Self::Python(script) => (Registry::PyPi, python(Python::get()?, script)),
            Self::PythonOpenAi2(script) => (Registry::PyPi, python(Python::with_openai_2()?, script)),
            Self::Node(module) => {
                let path = program("tests/clients/node").join(module);
                (Registry::Npm, NodeModules::get()?.run(&[], &path, base_url))
            }
            Self::AsyncOpenAi => {
                let client = Command::new(env!("CARGO_BIN_EXE_with-async-openai"));
                (Registry::CratesIo, output(client, base_url))
            }
        };
        Some(Row::read(registry, &printed))
    }
}

/// What one of [`PROGRAMS`] did, which is run for whoever asks first; it panics where it failed.
fn run(program: Program) -> Option<&'static [Row]> {
    static RUNS: [OnceLock<Option<Vec<Row>>>; PROGRAMS.len()] = [const { OnceLock::new() }; PROGRAMS.len()];
    let at = PROGRAMS.iter().position(|other| *other == program).expect("a program of the list");
    let rows = || {
        let antiphon = Antiphon::start();
        program.rows(&format!("{}/v1", antiphon.base_url()))
    };
    RUNS[at].get_or_init(rows).as_deref()
}

#[test]
fn openai_python_does_all_that_it_can() {
    run(Program::Python("with_openai.py"));
}

#[test]
fn openai_python_2_does_all_that_it_can() {
    run(Program::PythonOpenAi2("with_openai.py"));
}

#[test]
fn openai_node_does_all_that_it_can() {
    run(Program::Node("with-openai.mjs"));
}

#[test]
fn async_openai_does_all_that_it_can() {
    run(Program::AsyncOpenAi);
}

#[test]
fn langchain_does_all_that_it_can() {
    run(Program::Python("with_langchain.py"));
}

#[test]
fn llama_index_does_all_that_it_can() {
    run(Program::PythonOpenAi2("with_llama_index.py"));
}

#[test]
fn ai_sdk_does_all_that_it_can() {
    run(Program::Node("with-ai-sdk.mjs"));
}

#[test]
fn pydantic_ai_does_all_that_it_can() {
    run(Program::Python("with_pydantic_ai.py"));
}

#[test]
fn instructor_does_all_that_it_can() {
    run(Program::PythonOpenAi2("with_instructor.py"));
}

#[test]
fn litellm_does_all_that_it_can() {
    run(Program::Python("with_litellm.py"));
}

#[test]
fn the_page_shows_what_the_programs_did() {
    let Some(rows) = PROGRAMS.into_iter().map(run).collect::<Option<Vec<_>>>() else { return };
    let path = program(PAGE);
    let page = fs::read_to_string(&path).expect("the page of this repository");
    let written = page_with(&page, &rows.concat());
    if env::var_os("ANTIPHON_WRITE_PAGE").is_some() {
        fs::write(&path, &written).expect("a page that can be written");
    } else {
        assert!(
            page == written,
            "{PAGE} is not what ANTIPHON_WRITE_PAGE=1 cargo test would write:\n{written}"
        );
    }
}
