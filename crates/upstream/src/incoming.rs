//! An answer on its way in: its bytes, whole or as a stream, become events.

use antiphon_backend::Event;
use antiphon_types::ErrorResponse;

use crate::alike::Alike;
use crate::answer::Answer;
use crate::events::Events;
use crate::exchange::Opened;
use crate::failure::{Failure, status_of};
use crate::sse::{self, Decoder};

/// The most bytes of an answer that is not streamed: 32 MiB, with room for the log probabilities of a long one.
const MOST_WHOLE: usize = 32 << 20;

/// An answer, of which something can be told or which has ended.
#[derive(Debug)]
pub(crate) struct Incoming {
    opened: Opened,
    decoder: Decoder,
    events: Events,
    alike: Alike,
    /// Of the bytes behind those that the events came of.
    failure: Option<Failure>,
    has_ended: bool,
}

/// What one event of the stream was.
#[derive(PartialEq, Eq)]
enum Step {
    Goes,
    Ends,
}

impl Incoming {
    /// Reads an answer until something can be told of it.
    ///
    /// What form it has its own head says: a server that does not stream may answer a stream's request whole.
    pub(crate) async fn begin(opened: Opened, choices: u32) -> Result<Self, Failure> {
        let is_whole = opened.is_of("application/json") == Some(true);
        if !is_whole && opened.is_of("text/event-stream") == Some(false) {
            return Err(Failure::Malformed);
        }
        let events = Events::new(choices);
        let decoder = Decoder::default();
        let alike = Alike::default();
        let mut incoming = Self { opened, decoder, events, alike, failure: None, has_ended: false };
        if is_whole {
            incoming.read_whole().await?;
        } else {
            incoming.read_stream().await?;
        }
        Ok(incoming)
    }

    /// The next event; `None` at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<Event>, Failure> {
        loop {
            if let Some(event) = self.events.pop() {
                return Ok(Some(event));
            }
            let read = match self.failure.take() {
                Some(failure) => Err(failure),
                None if self.has_ended => {
                    self.opened.lease.succeeded();
                    self.opened.drain().await;
                    return Ok(None);
                }
                None => self.read_stream().await,
            };
            if let Err(failure) = read {
                self.opened.lease.note(&failure);
                return Err(failure);
            }
        }
    }

    async fn read_whole(&mut self) -> Result<(), Failure> {
        let body = self.opened.whole(MOST_WHOLE).await?;
        read(&body, &mut self.events, &mut self.alike)?;
        // It says all at once: what is not finished by now is nonsense, and not cut.
        self.events.end().map_err(|_| Failure::Malformed)?;
        self.has_ended = true;
        Ok(())
    }

    /// Reads the stream until there is an event, or its end.
    async fn read_stream(&mut self) -> Result<(), Failure> {
        while !self.events.has_ready() && !self.has_ended {
            match self.opened.bytes().await? {
                Some(bytes) => {
                    self.decoder.push(&bytes);
                    self.told(Self::decode)?;
                }
                None => self.told(Self::end)?,
            }
        }
        Ok(())
    }

    /// Does a piece of reading, whose failure waits until the events before it were told.
    fn told(&mut self, read: fn(&mut Self) -> Result<(), Failure>) -> Result<(), Failure> {
        let failed = read(self).err();
        if self.events.has_ready() {
            self.failure = failed;
            return Ok(());
        }
        failed.map_or(Ok(()), Err)
    }

    fn decode(&mut self) -> Result<(), Failure> {
        while let Some(event) = self.decoder.next().map_err(|_| Failure::TooLong)? {
            if step(event, &mut self.events, &mut self.alike)? == Step::Ends {
                self.events.end()?;
                self.has_ended = true;
                return Ok(());
            }
        }
        Ok(())
    }

    /// Takes the end of the bytes, which is that of the answer only where the stream said so.
    ///
    /// By `[DONE]`; or, for servers that do not, by the finish of every choice and the usage, which was asked for.
    fn end(&mut self) -> Result<(), Failure> {
        let last = self.decoder.end().map_err(|_| Failure::TooLong)?;
        let step = |event| step(event, &mut self.events, &mut self.alike);
        let is_done = last.map(step).transpose()? == Some(Step::Ends);
        if !is_done && !self.events.have_usage() {
            return Err(Failure::Cut);
        }
        self.events.end()?;
        self.has_ended = true;
        Ok(())
    }
}

fn step(event: sse::Event<'_>, events: &mut Events, alike: &mut Alike) -> Result<Step, Failure> {
    if event.data.trim_ascii() == b"[DONE]" {
        return Ok(Step::Ends);
    }
    if event.name == b"error" {
        return Err(error(event.data));
    }
    if event.data.is_empty() {
        return Ok(Step::Goes);
    }
    read(event.data, events, alike)?;
    Ok(Step::Goes)
}

/// Reads a whole answer, or the next chunk.
pub(crate) fn read(json: &[u8], events: &mut Events, alike: &mut Alike) -> Result<(), Failure> {
    if let Some((choice, text)) = alike.text(json) {
        events.take_text(choice, text);
        return Ok(());
    }
    // What serde says of a fault quotes the answer, which no log may hold.
    let answer: Answer = serde_json::from_slice(json).map_err(|_| Failure::Malformed)?;
    if answer.has_error {
        return Err(error(json));
    }
    let (ready, has_usage) = (events.ready(), answer.usage.is_some());
    events.take(answer)?;
    if let Some((choice, text)) = events.text_alone(ready).filter(|_| !has_usage) {
        alike.learn(json, choice, text);
    }
    Ok(())
}

/// An error that stands where an answer should.
fn error(json: &[u8]) -> Failure {
    let told = serde_json::from_slice::<ErrorResponse>(json).map(|response| response.error);
    let told = told.or_else(|_| serde_json::from_slice(json)).ok().map(Box::new);
    let status = told.as_ref().map_or(500, |body| status_of(body));
    Failure::Refused { status, told, retry_after: None }
}
