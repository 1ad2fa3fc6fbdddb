//! Runs programs in Python and Node: the clients of the ecosystem, and the examples that use them.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs, process};

use crate::skip::path_for_test;

/// A file or folder of the repository, by its path from the root.
pub fn program(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// A Python interpreter with the packages that a test needs.
#[derive(Debug)]
pub struct Python(PathBuf);

impl Python {
    /// The interpreter with `openai`, which `ANTIPHON_PYTHON` names; says `skipped` where it is not set.
    pub fn get() -> Option<Self> {
        path_for_test("ANTIPHON_PYTHON").map(Self)
    }

    /// The interpreter with `schemathesis`, which `ANTIPHON_SCHEMATHESIS` names; says `skipped` where it is not set.
    pub fn with_schemathesis() -> Option<Self> {
        path_for_test("ANTIPHON_SCHEMATHESIS").map(Self)
    }

    /// The interpreter that `ANTIPHON_PYTHON_OPENAI_2` names, with the packages that ask for `openai` 2.
    pub fn with_openai_2() -> Option<Self> {
        path_for_test("ANTIPHON_PYTHON_OPENAI_2").map(Self)
    }

    /// Runs a script and gives what it printed.
    pub fn run(&self, script: &Path, base_url: &str) -> String {
        let mut command = Command::new(&self.0);
        command.arg(script).env("PYTHONDONTWRITEBYTECODE", "1");
        output(command, base_url)
    }

    /// Runs a module as a program; what it leaves in its folder is forgotten with the machine's temporary files.
    pub fn run_module(&self, module: &str, arguments: &[&str]) -> String {
        let mut command = Command::new(&self.0);
        command.args(["-m", module]).args(arguments).current_dir(env::temp_dir());
        output(command, "")
    }

    /// Runs Python code that is not in a file.
    pub fn run_code(&self, code: &str) -> String {
        let mut command = Command::new(&self.0);
        command.args(["-c", code]);
        output(command, "")
    }
}

/// A `node_modules` folder that has the `openai` package, and the AI SDK.
#[derive(Debug)]
pub struct NodeModules(PathBuf);

impl NodeModules {
    /// The folder that `ANTIPHON_NODE_MODULES` names; says `skipped` where it is not set.
    pub fn get() -> Option<Self> {
        path_for_test("ANTIPHON_NODE_MODULES").map(Self)
    }

    /// Runs a module, with `arguments` for Node before it, and gives what it printed.
    pub fn run(&self, arguments: &[&str], module: &Path, base_url: &str) -> String {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        // A module finds its packages in a `node_modules` above it, and in no variable.
        let folder = env::temp_dir().join(format!("antiphon-node-{}-{count}", process::id()));
        fs::create_dir_all(&folder).expect("a temporary directory that can be written");
        for path in modules_beside(module) {
            let copy = folder.join(path.file_name().expect("a module is a file"));
            fs::copy(&path, copy).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        }
        std::os::unix::fs::symlink(&self.0, folder.join("node_modules")).expect("a fresh directory");
        let mut command = Command::new("node");
        command.args(arguments).arg(folder.join(module.file_name().expect("a module is a file")));
        let printed = output(command, base_url);
        drop(fs::remove_dir_all(&folder));
        printed
    }
}

/// A module and those beside it, which it may import.
fn modules_beside(module: &Path) -> impl Iterator<Item = PathBuf> {
    let folder = module.parent().expect("a module stands in a folder");
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("a folder that can be read").path());
    paths.filter(|path| path.extension().is_some_and(|extension| extension == "mjs"))
}

/// Runs a command that must succeed, with `OPENAI_BASE_URL` set where it is not empty.
pub fn output(mut command: Command, base_url: &str) -> String {
    // What the user's own environment says of OpenAI must not reach a test.
    let own = env::vars_os().map(|(name, _)| name).filter(is_openai);
    for name in own {
        command.env_remove(name);
    }
    command.env("OPENAI_API_KEY", "fake-api-key");
    if !base_url.is_empty() {
        command.env("OPENAI_BASE_URL", base_url);
    }
    let output = command.output().unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let log = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {}\n{printed}\n{log}", output.status);
    printed
}

fn is_openai(name: &OsString) -> bool {
    name.to_string_lossy().starts_with("OPENAI_")
}
