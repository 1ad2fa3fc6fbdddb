//! Builds the binaries of the workspace, each once, and runs the real `antiphon`.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::{self, JoinHandle};
use std::{env, fs, process};

/// The text of a config file: one echo, and no wildcard, so that a model can be unknown.
pub const ECHO_ALONE: &str = "[[backends]]\nkind = \"echo\"\nmodels = [\"echo\"]\n";

/// A running `antiphon`, killed when dropped.
#[derive(Debug)]
pub struct Antiphon {
    child: Child,
    address: SocketAddr,
    config: Option<PathBuf>,
    log: Option<JoinHandle<String>>,
}

/// How an `antiphon` ended.
#[derive(Clone, Debug)]
pub struct Ended {
    /// The exit code; none where a signal ended it.
    pub code: Option<i32>,
    /// All that it said on stderr.
    pub log: String,
}

impl Antiphon {
    /// Starts it as a user does, but on a free port: the echo backend, any model name.
    pub fn start() -> Self {
        Self::run(executable("antiphon", "antiphon"), None)
    }

    /// Starts it with the text of a config file.
    pub fn with_config(text: &str) -> Self {
        Self::built(executable("antiphon", "antiphon"), text)
    }

    /// Starts one that is built already, with the text of a config file.
    pub fn built(executable: impl Into<PathBuf>, text: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = env::temp_dir().join(format!("antiphon-{}-{count}.toml", process::id()));
        fs::write(&path, text).expect("a temporary directory that can be written");
        Self::run(executable.into(), Some(path))
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base URL, without `/v1`.
    pub fn base_url(&self) -> String {
        format!("http://localhost:{}", self.address.port())
    }

    /// Sends it a signal, such as `TERM`, and waits for its end.
    pub fn stop(self, signal: &str) -> Ended {
        self.signal(signal);
        self.wait()
    }

    /// Waits for its end.
    pub fn wait(mut self) -> Ended {
        let status = self.child.wait().expect("a child of this process");
        let log = self.log.take().and_then(|log| log.join().ok()).unwrap_or_default();
        Ended { code: status.code(), log }
    }

    /// Sends it a signal, such as `TERM`.
    pub fn signal(&self, signal: &str) {
        // Each shell has its own `kill`; a small system has no other.
        let sent = Command::new("sh").arg("-c").arg(format!("kill -{signal} {}", self.child.id())).status();
        assert!(sent.expect("a machine with a shell").success(), "{signal} was not sent");
    }

    fn run(executable: PathBuf, config: Option<PathBuf>) -> Self {
        let mut command = Command::new(executable);
        command.args(["--bind", "127.0.0.1:0"]).stdout(Stdio::piped()).stderr(Stdio::piped());
        if let Some(path) = &config {
            command.arg("--config").arg(path);
        }
        let mut child = command.spawn().expect("the binary that was just built starts");
        let log = thread::spawn(collect(child.stderr.take().expect("stderr is piped")));
        let mut lines = BufReader::new(child.stdout.take().expect("stdout is piped")).lines();
        let address = lines.by_ref().map_while(Result::ok).find_map(|line| address_in(&line));
        // The rest is read and forgotten: a full pipe would hold the server.
        thread::spawn(move || lines.for_each(drop));
        let Some(address) = address else {
            drop(child.kill());
            let status = child.wait();
            panic!("antiphon said no address and ended with {status:?}:\n{}", log.join().unwrap_or_default())
        };
        Self { child, address, config, log: Some(log) }
    }
}

impl Drop for Antiphon {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
        if let Some(path) = &self.config {
            drop(fs::remove_file(path));
        }
    }
}

/// The path of a binary of the workspace, built in the profile and target directory of the running test.
pub fn executable(package: &str, binary: &str) -> PathBuf {
    static BUILT: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    // A test runs as TARGET/PROFILE/deps/NAME-HASH.
    let test = env::current_exe().expect("a running test has a path");
    let folder = test.ancestors().nth(2).expect("a test stands in the target directory");
    let target = folder.parent().expect("a profile stands in the target directory");
    let profile = match folder.file_name().and_then(OsStr::to_str) {
        Some("debug") | None => "dev",
        Some(profile) => profile,
    };
    let mut known = BUILT.lock().expect("a binary that builds");
    if known.insert(binary.to_owned()) {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut build = Command::new(cargo);
        build.args(["build", "--quiet", "--package", package, "--bin", binary, "--profile", profile]);
        build.arg("--target-dir").arg(target).current_dir(env!("CARGO_MANIFEST_DIR"));
        assert!(build.status().expect("cargo runs").success(), "{binary} does not build");
    }
    folder.join(binary).with_extension(env::consts::EXE_EXTENSION)
}

/// Collects what a process says on stderr until it ends.
fn collect(mut stderr: impl Read) -> impl FnOnce() -> String {
    move || {
        let mut bytes = Vec::new();
        // What came before a failure to read is still worth showing.
        drop(stderr.read_to_end(&mut bytes));
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// The address in a line such as `listening on http://127.0.0.1:8000`.
fn address_in(line: &str) -> Option<SocketAddr> {
    let (_, rest) = line.split_once("http://")?;
    let end = rest.find(|letter: char| !letter.is_ascii_hexdigit() && !"[]:.".contains(letter));
    rest[..end.unwrap_or(rest.len())].trim_end_matches('.').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::address_in;

    #[test]
    fn address_is_read_from_any_line() {
        let at = |text: &str| text.parse().ok();
        assert_eq!(address_in("antiphon is listening"), None);
        assert_eq!(address_in("Listening on http://127.0.0.1:4321 (echo)"), at("127.0.0.1:4321"));
        assert_eq!(address_in("try: curl http://[::1]:80/v1/models"), at("[::1]:80"));
    }
}
