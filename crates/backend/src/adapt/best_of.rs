//! Keeps the likeliest of several choices.

use antiphon_types::chat::TokenLogprob;
use async_stream::try_stream;
use futures_core::Stream;
use futures_util::StreamExt;

use super::source::Item;
use crate::Event;

/// Streams the `kept` choices of `asked` whose tokens are the likeliest on average, the best first.
///
/// That is known at the end, so nothing comes before it. Choices without log probabilities come last, in their
/// order. The usage is that of all. Without `with_logprobs` the log probabilities, which served the comparison,
/// are taken away.
pub fn best_of<S>(
    mut stream: S,
    asked: u32,
    kept: u32,
    with_logprobs: bool,
) -> impl Stream<Item = Item> + Send + use<S>
where
    S: Stream<Item = Item> + Unpin + Send,
{
    try_stream! {
        let mut candidates: Vec<_> = (0..asked).map(|_| Candidate::default()).collect();
        let (mut fields, mut usage) = (Vec::new(), None);
        while let Some(event) = stream.next().await {
            let event = event?;
            match event.choice() {
                Some(choice) => if let Some(candidate) = candidates.get_mut(choice as usize) {
                    candidate.take(event, with_logprobs);
                },
                None if matches!(event, Event::Usage(_)) => usage = Some(event),
                None => fields.push(event),
            }
        }
        // Before the choices: they go out with the next chunk.
        for event in fields {
            yield event;
        }
        candidates.sort_by(|one, other| other.mean().total_cmp(&one.mean()));
        for (choice, candidate) in (0..kept).zip(candidates) {
            for event in candidate.events {
                yield event.at(choice);
            }
        }
        if let Some(usage) = usage {
            yield usage;
        }
    }
}

/// A choice that may be kept.
#[derive(Default)]
struct Candidate {
    events: Vec<Event>,
    sum: f64,
    tokens: u32,
}

impl Candidate {
    fn take(&mut self, mut event: Event, with_logprobs: bool) {
        if let Event::Text { logprobs, .. } = &mut event {
            let tokens = logprobs.iter().flat_map(|tokens| tokens.iter());
            for TokenLogprob { logprob, .. } in tokens {
                self.sum += logprob;
                self.tokens += 1;
            }
            logprobs.take_if(|_| !with_logprobs);
        }
        self.events.push(event);
    }

    /// The mean of the log probabilities.
    fn mean(&self) -> f64 {
        let mean = self.sum / f64::from(self.tokens);
        // Of no tokens, or of numbers that are none: the last to be kept.
        if mean.is_finite() { mean } else { f64::NEG_INFINITY }
    }
}

#[cfg(test)]
mod tests {
    use antiphon_types::chat::FinishReason;
    use antiphon_types::{Extra, Usage};

    use super::*;
    use crate::testing::{Step, all, script};
    use crate::{ErrorKind, Place};

    fn token(text: &str, logprob: f64, choice: u32) -> Event {
        Event::text(text).with_logprobs([TokenLogprob::new(text, logprob)]).at(choice)
    }

    fn finish(choice: u32) -> Event {
        Event::finish(FinishReason::Stop).at(choice)
    }

    #[tokio::test]
    async fn likeliest_on_average_come_first() {
        let usage = Event::usage(Usage::new(1, 5));
        let given = [
            token("a", -3.0, 0),
            token("b", -1.0, 1),
            token("b", -1.0, 1),
            token("c", -0.5, 2),
            usage.clone(),
            finish(0),
            token("c", -2.5, 2),
            finish(2),
            finish(1),
        ];
        let bare = |text: &str, choice| Event::text(text).at(choice);
        let expected = [bare("b", 0), bare("b", 0), finish(0), bare("c", 1), bare("c", 1), finish(1), usage];
        assert_eq!(all(best_of(script(given.clone()), 3, 2, false)).await, expected.map(Ok));
        let best = all(best_of(script(given), 3, 1, true)).await;
        assert_eq!(best[0], Ok(token("b", -1.0, 0)));
    }

    #[tokio::test]
    async fn fields_of_the_answer_come_before_its_choices() {
        let fields = Event::extra(Place::Answer, Extra::new());
        let given = [token("a", -1.0, 0), finish(0), fields.clone()];
        let expected = [fields, Event::text("a"), finish(0)];
        assert_eq!(all(best_of(script(given), 1, 1, false)).await, expected.map(Ok));
    }

    #[tokio::test]
    async fn failure_is_all_that_comes() {
        let failing = script([Step::Give(token("a", -1.0, 0)), Step::Fail(ErrorKind::Upstream)]);
        assert_eq!(all(best_of(failing, 2, 1, true)).await, [Err(ErrorKind::Upstream)]);
    }
}
