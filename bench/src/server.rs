//! Starts the servers that are compared, each with one worker on the first core.

use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::bare::Form;

/// A server in a process of its own, which ends with this value.
#[derive(Debug)]
pub(crate) struct Server {
    process: Child,
    address: SocketAddr,
    file: PathBuf,
}

impl Server {
    /// The real binary, built into the folder of this one, with its defaults but for the worker, the port and
    /// the tokens: words, for it is the server that is measured and not the counting of tokens.
    pub(crate) fn antiphon() -> Result<Self, Box<dyn Error>> {
        Self::of_words(&built()?)
    }

    /// Another build of the binary: of an earlier day, when the echo may have known no tokens but words.
    pub(crate) fn earlier(binary: &Path) -> Result<Self, Box<dyn Error>> {
        Self::of_words(binary).or_else(|_| Self::configured(binary, ECHO))
    }

    fn of_words(binary: &Path) -> Result<Self, Box<dyn Error>> {
        Self::configured(binary, &format!("{ECHO}tokenizer = \"words\"\n"))
    }

    /// The real binary in front of another server, whose model `echo` it serves.
    pub(crate) fn upstream(behind: &Self) -> Result<Self, Box<dyn Error>> {
        let address = behind.address;
        let backend =
            format!("kind = \"upstream\"\nbase_urls = [\"http://{address}\"]\nmodels = [\"echo\"]\n");
        Self::configured(&built()?, &backend)
    }

    /// A binary with one worker and one backend.
    fn configured(binary: &Path, backend: &str) -> Result<Self, Box<dyn Error>> {
        let server = "[server]\nworkers = 1\nbind = \"127.0.0.1:0\"\n\n[[backends]]\n";
        let file = temporary("toml", format!("{server}{backend}").as_bytes())?;
        let mut command = on_first_core();
        command.arg(binary).arg("--config").arg(&file);
        Self::start(command, file)
    }

    /// The bare handler, which sends `body`.
    pub(crate) fn bare(body: &[u8], form: Form) -> Result<Self, Box<dyn Error>> {
        let file = temporary("body", body)?;
        let mut command = on_first_core();
        command.arg(std::env::current_exe()?).arg("bare").arg(&file).arg(form.name());
        Self::start(command, file)
    }

    fn start(mut command: Command, file: PathBuf) -> Result<Self, Box<dyn Error>> {
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let stdout = process.stdout.take().ok_or("no standard output")?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        let address = address_in(&line).ok_or_else(|| format!("no address in the first line: {line}"))?;
        Ok(Self { process, address, file })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Seconds of a processor that the process has used, in hundredths.
    pub(crate) fn processor_time(&self) -> Result<f64, Box<dyn Error>> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.process.id()))?;
        // The name of the process, which may hold anything, is in parentheses; user and system time are 12 and 13 words later.
        let (_, words) = stat.rsplit_once(')').ok_or("no process")?;
        let ticks: Result<Vec<u32>, _> = words.split_whitespace().skip(11).take(2).map(str::parse).collect();
        Ok(f64::from(ticks?.iter().sum::<u32>()) / 100.0)
    }
}

/// The echo, as it is measured.
const ECHO: &str = "kind = \"echo\"\nmodels = [\"echo\", \"*\"]\n";

/// The binary that was built into the folder of this one.
fn built() -> Result<PathBuf, Box<dyn Error>> {
    let binary = std::env::current_exe()?.with_file_name("antiphon");
    if binary.exists() {
        return Ok(binary);
    }
    Err(format!("{} is not built: cargo build --release --workspace", binary.display()).into())
}

impl Drop for Server {
    fn drop(&mut self) {
        // The process may have ended and the file be gone: there is nothing more to do about either.
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_file(&self.file);
    }
}

/// Finds `http://address` in the line that a server greets with.
fn address_in(line: &str) -> Option<SocketAddr> {
    let (_, rest) = line.split_once("http://")?;
    let end = rest.find(|character: char| !(character.is_ascii_digit() || ".:".contains(character)));
    rest[..end.unwrap_or(rest.len())].parse().ok()
}

fn temporary(extension: &str, content: &[u8]) -> Result<PathBuf, Box<dyn Error>> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("antiphon-bench-{}-{count}.{extension}", std::process::id());
    let file = std::env::temp_dir().join(name);
    fs::write(&file, content)?;
    Ok(file)
}

fn on_first_core() -> Command {
    let mut command = Command::new("taskset");
    command.args(["--cpu-list", "0"]);
    command
}

/// Keeps the load away from the core that is measured.
pub(crate) fn pin_to_second_core() -> Result<(), Box<dyn Error>> {
    let this = std::process::id().to_string();
    let status =
        Command::new("taskset").args(["--cpu-list", "--pid", "1", &this]).stdout(Stdio::null()).status()?;
    if status.success() { Ok(()) } else { Err("this needs two cores, and taskset (util-linux)".into()) }
}
