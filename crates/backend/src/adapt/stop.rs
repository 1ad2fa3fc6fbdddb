//! Ends a choice at its stop sequences, which are never seen.

mod held;
mod matcher;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use antiphon_types::chat::FinishReason;
use futures_core::Stream;

use self::held::Held;
use self::matcher::Matcher;
use super::ends::Ends;
use super::per_choice::PerChoice;
use super::source::{Item, Source};
use crate::Event;

pub(crate) use self::matcher::Patterns;

/// Ends each choice before the first of some stop sequences.
///
/// There are `choices` choices, and `stops` are for each. The stop that is complete first counts; of several
/// that are complete at once, the longest. So the outcome depends on the text alone, not on where its events
/// end. Only [`Event::Text`] is searched, and a stop may lie across any number of them, but not across a tool
/// call, reasoning or a refusal: the text after one is a new text. Ignored are empty stops, and those of 4 GiB
/// or more. The search takes time in proportion to the text and to the number of stops, which the API limits to
/// four.
///
/// An event whose text may begin a stop is held, whole, until that is decided or its choice goes on to something
/// else; all others pass at once. So no more text is held than the longest stop and one event. The event in
/// which a stop begins is cut there, along with those of its log probabilities that reach into the stop. `Finish`
/// with `stop` follows, and the rest of the choice is swallowed. Once all choices have finished and one of them
/// was cut, the stream beneath is dropped. Its usage comes last, and not at all where a choice was cut, for it
/// counts what nobody sees: put [`meter`](super::meter) above.
pub fn stop<S>(stream: S, stops: impl IntoIterator<Item: AsRef<str>>, choices: u32) -> Stop<S>
where
    S: Stream<Item = Item> + Unpin,
{
    Stop::new(stream, Arc::new(Patterns::new(stops)), choices)
}

/// The stream that [`stop`] makes.
#[derive(Debug)]
pub struct Stop<S> {
    source: Source<S>,
    patterns: Arc<Patterns>,
    progress: PerChoice<Progress>,
    ends: Ends,
    /// What goes out before the stream beneath is asked for more.
    ready: VecDeque<Item>,
}

#[derive(Debug)]
enum Progress {
    Running(Held, Matcher),
    Finished,
    Cut,
}

impl<S> Stop<S> {
    /// As [`stop`] does, with patterns that several streams share.
    pub(crate) fn new(stream: S, patterns: Arc<Patterns>, choices: u32) -> Self {
        let progress = PerChoice::new(choices, || Progress::Running(Held::default(), patterns.matcher()));
        let (source, ends) = (Source::new(stream), Ends::new(choices));
        Self { source, patterns, progress, ends, ready: VecDeque::new() }
    }

    /// Takes an event and gives it back where it passes at once.
    fn pass(&mut self, event: Event) -> Option<Event> {
        let Some(progress) = event.choice().and_then(|choice| self.progress.get_mut(choice)) else {
            let Event::Usage(usage) = event else { return Some(event) };
            self.ends.usage(usage);
            return None;
        };
        let (held, matcher) = match progress {
            Progress::Running(held, matcher) => (held, matcher),
            Progress::Finished => return Some(event),
            Progress::Cut => return None,
        };
        match &event {
            Event::Text { choice, text, .. } => {
                if let Some(found) = matcher.scan(&self.patterns, text) {
                    let finish = Event::finish(FinishReason::Stop).at(*choice);
                    held.cut(event, &found, &mut self.ready);
                    self.ready.push_back(Ok(finish));
                    *progress = Progress::Cut;
                    self.ends.cut();
                    return None;
                }
            }
            Event::Finish { .. } => {
                held.release(&mut self.ready);
                *progress = Progress::Finished;
                self.ends.finished();
                return self.after_ready(event);
            }
            _ if matcher.pending() > 0 && event.ends_text() => {
                held.release(&mut self.ready);
                matcher.reset();
                return self.after_ready(event);
            }
            _ => {}
        }
        held.pass(event, matcher.pending(), &mut self.ready)
    }

    /// Gives an event back, or has it go out after all that is ready.
    fn after_ready(&mut self, event: Event) -> Option<Event> {
        if self.ready.is_empty() {
            return Some(event);
        }
        self.ready.push_back(Ok(event));
        None
    }

    /// Lets go of all that is held: no more text comes.
    fn release(&mut self) {
        for (_, progress) in self.progress.iter_mut() {
            if let Progress::Running(held, _) = progress {
                held.release(&mut self.ready);
            }
        }
    }
}

impl<S: Stream<Item = Item> + Unpin> Stream for Stop<S> {
    type Item = Item;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Item>> {
        let this = self.get_mut();
        loop {
            if let Some(item) = this.ready.pop_front() {
                return Poll::Ready(Some(item));
            }
            match ready!(this.source.poll(cx)) {
                Some(Ok(event)) => {
                    let passed = this.pass(event);
                    if this.ends.is_in_vain() {
                        this.source.end();
                    }
                    if let Some(event) = passed {
                        return Poll::Ready(Some(Ok(event)));
                    }
                }
                end => {
                    this.release();
                    this.ready.extend(this.ends.last(end));
                    if this.ready.is_empty() {
                        return Poll::Ready(None);
                    }
                }
            }
        }
    }
}
