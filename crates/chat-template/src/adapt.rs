//! Makes events of the calls of tools that stand in the text of a stream.

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use antiphon_backend::chat::{self, FinishReason};
use antiphon_backend::{BackendError, Event, Stream};

use crate::format::Format;
use crate::parse::Parser;

type Item = Result<Event, BackendError>;

/// Reads the calls of tools out of the text of a stream.
///
/// It does so wherever the text is split. Each choice has a [`Parser`] of its own; the names of the tools, and the
/// number of choices, are the request's. A `stop` becomes `tool_calls` where a choice has called. All other events
/// pass as they are, in their places. Where the model writes its reasoning into its text,
/// [`think`](antiphon_backend::adapt::think) comes first: what it only thinks of calling is no call.
pub fn tool_calls<S>(stream: S, format: Format, request: &chat::Request) -> ToolCalls<S>
where
    S: Stream<Item = Item> + Unpin,
{
    let parsers = (0..request.choices().max(1)).map(|_| Parser::for_request(format, request)).collect();
    ToolCalls { source: Some(stream), parsers, ready: VecDeque::new() }
}

/// The stream that [`tool_calls`] makes.
#[derive(Debug)]
pub struct ToolCalls<S> {
    /// Gone as soon as it is over, as that cancels the work.
    source: Option<S>,
    parsers: Vec<Parser>,
    /// What goes out before the stream beneath is asked for more.
    ready: VecDeque<Item>,
}

/// Events of one choice, on their way out.
struct Out<'a> {
    choice: u32,
    ready: &'a mut VecDeque<Item>,
}

impl Extend<Event> for Out<'_> {
    fn extend<T: IntoIterator<Item = Event>>(&mut self, events: T) {
        self.ready.extend(events.into_iter().map(|event| Ok(event.at(self.choice))));
    }
}

impl<S> ToolCalls<S> {
    fn take(&mut self, event: Event) {
        let choice = event.choice().unwrap_or_default();
        let parser = self.parsers.get_mut(choice as usize);
        let mut out = Out { choice, ready: &mut self.ready };
        let event = match (event, parser) {
            (Event::Text { text, logprobs, .. }, Some(parser)) => {
                return parser.push(&text, logprobs.map(|tokens| *tokens), &mut out);
            }
            (Event::Finish { choice, reason }, Some(parser)) => {
                parser.finish(&mut out);
                let has_called = parser.calls() > 0 && reason == FinishReason::Stop;
                Event::finish(if has_called { FinishReason::ToolCalls } else { reason }).at(choice)
            }
            (event, _) => event,
        };
        self.ready.push_back(Ok(event));
    }

    /// Gives out what is held where the stream ends without having finished.
    fn end(&mut self) {
        self.source = None;
        for (choice, parser) in (0..).zip(&mut self.parsers) {
            parser.finish(&mut Out { choice, ready: &mut self.ready });
        }
    }
}

impl<S: Stream<Item = Item> + Unpin> Stream for ToolCalls<S> {
    type Item = Item;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Item>> {
        let this = self.get_mut();
        loop {
            if let Some(item) = this.ready.pop_front() {
                return Poll::Ready(Some(item));
            }
            let Some(source) = &mut this.source else { return Poll::Ready(None) };
            match ready!(Pin::new(source).poll_next(cx)) {
                Some(Ok(event)) => this.take(event),
                Some(Err(error)) => {
                    this.end();
                    this.ready.push_back(Err(error));
                }
                None => this.end(),
            }
        }
    }
}
