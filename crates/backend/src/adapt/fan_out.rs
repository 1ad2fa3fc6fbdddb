//! Makes an answer of several choices out of several answers of one.

#[cfg(test)]
mod tests;

use std::pin::Pin;
use std::task::{Context, Poll};

use antiphon_types::{CompletionTokensDetails, PromptTokensDetails, Usage};
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
    FanOut::new(streams, 1, Prompts::One)
}

/// Joins streams of `choices` choices each, every one the answer to a prompt of its own, into one of all.
///
/// As [`fan_out`] does, but that the first has the choices from 0 on, the next those from `choices` on, and so on,
/// and that every prompt is counted.
pub fn fan_out_prompts<S>(streams: impl IntoIterator<Item = S>, choices: u32) -> FanOut<S>
where
    S: Stream<Item = Item> + Unpin,
{
    FanOut::new(streams, choices, Prompts::Several)
}

/// The stream that [`fan_out`] makes.
#[derive(Debug)]
pub struct FanOut<S> {
    /// Those that go on, with the first choice of each.
    sources: Vec<(u32, Source<S>)>,
    /// Whose turn it is.
    next: usize,
    usage: Option<Box<Usage>>,
    prompts: Prompts,
}

/// What the streams answer.
#[derive(Clone, Copy, Debug)]
enum Prompts {
    /// All the same, which counts once.
    One,
    /// Each its own.
    Several,
}

impl<S: Stream<Item = Item> + Unpin> FanOut<S> {
    fn new(streams: impl IntoIterator<Item = S>, choices: u32, prompts: Prompts) -> Self {
        let firsts = (0..).map(|number: u32| number.saturating_mul(choices));
        let sources = firsts.zip(streams.into_iter().map(Source::new)).collect();
        Self { sources, next: 0, usage: None, prompts }
    }

    /// The next event of the stream whose turn it is.
    fn poll_one(&mut self, cx: &mut Context<'_>) -> Poll<Option<Item>> {
        let (first, source) = &mut self.sources[self.next];
        let first = *first;
        source.poll(cx).map_ok(|event| {
            let own = event.choice().unwrap_or_default();
            event.at(first.saturating_add(own))
        })
    }

    /// Adds the usage of one more stream.
    fn add(&mut self, usage: Box<Usage>) {
        match &mut self.usage {
            None => self.usage = Some(usage),
            Some(sum) => add(sum, &usage, self.prompts),
        }
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
                Poll::Ready(Some(Ok(Event::Usage(usage)))) => this.add(usage),
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

fn add(sum: &mut Usage, usage: &Usage, prompts: Prompts) {
    sum.completion_tokens = sum.completion_tokens.saturating_add(usage.completion_tokens);
    if let Some(details) = &usage.completion_tokens_details {
        add_details(sum.completion_tokens_details.get_or_insert_default(), details);
    }
    if matches!(prompts, Prompts::Several) {
        sum.prompt_tokens = sum.prompt_tokens.saturating_add(usage.prompt_tokens);
        if let Some(details) = &usage.prompt_tokens_details {
            add_prompt_details(sum.prompt_tokens_details.get_or_insert_default(), details);
        }
    }
    sum.total_tokens = sum.prompt_tokens.saturating_add(sum.completion_tokens);
}

fn add_details(sum: &mut CompletionTokensDetails, details: &CompletionTokensDetails) {
    add_each([
        (&mut sum.reasoning_tokens, details.reasoning_tokens),
        (&mut sum.audio_tokens, details.audio_tokens),
        (&mut sum.text_tokens, details.text_tokens),
        (&mut sum.accepted_prediction_tokens, details.accepted_prediction_tokens),
        (&mut sum.rejected_prediction_tokens, details.rejected_prediction_tokens),
    ]);
}

fn add_prompt_details(sum: &mut PromptTokensDetails, details: &PromptTokensDetails) {
    add_each([
        (&mut sum.cached_tokens, details.cached_tokens),
        (&mut sum.audio_tokens, details.audio_tokens),
        (&mut sum.text_tokens, details.text_tokens),
        (&mut sum.image_tokens, details.image_tokens),
        (&mut sum.cache_write_tokens, details.cache_write_tokens),
    ]);
}

fn add_each<const N: usize>(pairs: [(&mut Option<u64>, Option<u64>); N]) {
    for (sum, tokens) in pairs {
        *sum = sum.map_or(tokens, |sum| Some(sum.saturating_add(tokens.unwrap_or(0))));
    }
}
