//! Asks an OpenAI-compatible server twice: for a whole answer and for a stream.
//!
//! `cargo run -p antiphon-example-client -- [BASE_URL]`
#![expect(clippy::print_stdout, reason = "the answers are what this program is for")]

use std::error::Error;
use std::io::{BufRead, BufReader, Write};

use antiphon_types::chat::{Chunk, Completion, Message, Request, StreamEvent};

fn main() -> Result<(), Box<dyn Error>> {
    let base = std::env::args().nth(1).unwrap_or_else(|| "http://localhost:8000/v1".to_owned());
    let url = format!("{base}/chat/completions");

    let request = Request::new("echo", [Message::user("Say this is a test")]);
    let answer =
        ureq::post(&url).header("content-type", "application/json").send(serde_json::to_vec(&request)?)?;
    let completion: Completion = serde_json::from_reader(answer.into_body().into_reader())?;
    println!("{}", completion.text());

    let request = request.streaming_with_usage();
    let answer =
        ureq::post(&url).header("content-type", "application/json").send(serde_json::to_vec(&request)?)?;
    for line in BufReader::new(answer.into_body().into_reader()).lines() {
        let line = line?;
        let Some(data) = line.strip_prefix("data: ") else { continue };
        match StreamEvent::parse(data)? {
            StreamEvent::Chunk(chunk) => show(&chunk)?,
            StreamEvent::Error(error) => return Err(error.into()),
            StreamEvent::Done => break,
        }
    }
    Ok(())
}

/// Prints what a chunk adds to the answer.
fn show(chunk: &Chunk) -> std::io::Result<()> {
    print!("{}", chunk.text());
    if let Some(Some(usage)) = &chunk.usage {
        println!("\n{} tokens", usage.total_tokens);
    }
    std::io::stdout().flush()
}
