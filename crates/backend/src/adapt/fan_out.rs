//! Makes an answer of several choices out of several answers of one.

#[cfg(test)]
mod tests;

use std::pin::Pin;
use std::task::{Context, Poll};

use antiphon_types::{CompletionTokensDetails, Usage};
use futures_core::Stream;

use super::source::{Item, Source};
use crate::Event;

/// Joins streams of one choice each into one of all.
///
/// The first is choice 0, the next 1, and so on. The streams take turns, so that none waits for another;
/// within a choice the order stays. The usage of all comes last: the prompt of the first that came, the
/// completions of all. An error of one ends them all. Dropping the stream drops them all; each is dropped by
/// itself when it ends.
pub fn fan_out<S>(streams: impl IntoIterator<Item = S>) -> FanOut<S>
where
    S: Stream<Item = Item> + Unpin,
{
    FanOut { sources: (0..).zip(streams.into_iter().map(Source::new)).collect(), next: 0, usage: None }
}

/// The stream that [`fan_out`] makes.
#[derive(Debug)]
pub struct FanOut<S> {
    /// Those that go on, with the choice of each.
    sources: Vec<(u32, Source<S>)>,
    /// Whose turn it is.
    next: usize,
    usage: Option<Box<Usage>>,
}

impl<S: Stream<Item = Item> + Unpin> FanOut<S> {
    /// The next event of the stream whose turn it is.
    fn poll_one(&mut self, cx: &mut Context<'_>) -> Poll<Option<Item>> {
        let (choice, source) = &mut self.sources[self.next];
        let choice = *choice;
        source.poll(cx).map_ok(|event| event.at(choice))
    }
}

impl<S: Stream<Item = Item> + Unpin> Stream for FanOut<S> {
    type Item = Item;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Item>> {
        let this = self.get_mut();
        let mut pending = 0;
        while pending < this.sources.len() {
            this.next %= this.sources.len();
            match this.poll_one(cx) {
                Poll::Pending => {
                    pending += 1;
                    this.next += 1;
                }
                Poll::Ready(None) => {
                    this.sources.remove(this.next);
                }
                Poll::Ready(Some(Ok(Event::Usage(usage)))) => add(&mut this.usage, usage),
                Poll::Ready(Some(Ok(event))) => {
                    this.next += 1;
                    return Poll::Ready(Some(Ok(event)));
                }
                Poll::Ready(Some(Err(error))) => {
                    this.sources.clear();
                    this.usage = None;
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
        if this.sources.is_empty() {
            Poll::Ready(this.usage.take().map(|usage| Ok(Event::Usage(usage))))
        } else {
            Poll::Pending
        }
    }
}

/// Adds the usage of one more choice; the prompt is already counted.
fn add(sum: &mut Option<Box<Usage>>, usage: Box<Usage>) {
    let Some(sum) = sum else {
        *sum = Some(usage);
        return;
    };
    sum.completion_tokens = sum.completion_tokens.saturating_add(usage.completion_tokens);
    sum.total_tokens = sum.prompt_tokens.saturating_add(sum.completion_tokens);
    if let Some(details) = usage.completion_tokens_details {
        add_details(sum.completion_tokens_details.get_or_insert_default(), &details);
    }
}

fn add_details(sum: &mut CompletionTokensDetails, details: &CompletionTokensDetails) {
    for (sum, tokens) in [
        (&mut sum.reasoning_tokens, details.reasoning_tokens),
        (&mut sum.audio_tokens, details.audio_tokens),
        (&mut sum.text_tokens, details.text_tokens),
        (&mut sum.accepted_prediction_tokens, details.accepted_prediction_tokens),
        (&mut sum.rejected_prediction_tokens, details.rejected_prediction_tokens),
    ] {
        *sum = sum.map_or(tokens, |sum| Some(sum.saturating_add(tokens.unwrap_or(0))));
    }
}
