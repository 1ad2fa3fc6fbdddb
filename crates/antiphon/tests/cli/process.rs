//! The binary as a child process.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, ChildStderr, ChildStdout, Command, Output, Stdio};

/// The binary with these arguments and no variables.
pub(crate) fn antiphon(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_antiphon"));
    command.env_clear().args(arguments).stdin(Stdio::null());
    command
}

/// Writes a configuration of this name and returns its path.
pub(crate) fn file(name: &str, text: &str) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, text).unwrap();
    path.into_os_string().into_string().unwrap()
}

/// The parts of a finished process: exit code, standard output, standard error.
pub(crate) fn parts(output: Output) -> (Option<i32>, String, String) {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// Runs the binary to its end.
pub(crate) fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    parts(antiphon(arguments).output().unwrap())
}

/// A server that has said where it listens; killed when dropped.
pub(crate) struct Server {
    child: Child,
    stdout: BufReader<ChildStdout>,
    stderr: ChildStderr,
    /// The first line of its output.
    pub(crate) greeting: String,
}

impl Server {
    /// Starts a server on a free port of this machine, with further arguments.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        Self::start_on("127.0.0.1:0", arguments)
    }

    /// Starts a server on an address, with further arguments.
    pub(crate) fn start_on(address: &str, arguments: &[&str]) -> Self {
        let mut command = antiphon(&["--bind", address]);
        let child = command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = child.unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let stderr = child.stderr.take().unwrap();
        let mut greeting = String::new();
        stdout.read_line(&mut greeting).unwrap();
        Self { child, stdout, stderr, greeting }
    }

    /// The `host:port` of the greeting.
    pub(crate) fn address(&self) -> &str {
        let (_, rest) = self.greeting.split_once("http://").expect("a URL in the greeting");
        rest.split_once(',').expect("a comma after the URL").0
    }

    /// Sends a signal, such as `TERM`.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("sh").args(["-c", r#"kill -s "$0" "$1""#, name, &id]).status().unwrap();
        assert!(sent.success());
    }

    /// Waits for its end: exit code, further output, standard error.
    pub(crate) fn wait(mut self) -> (Option<i32>, String, String) {
        let (mut output, mut errors) = (String::new(), String::new());
        self.stdout.read_to_string(&mut output).unwrap();
        self.stderr.read_to_string(&mut errors).unwrap();
        (self.child.wait().unwrap().code(), output, errors)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Fails where it has ended, which is well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
