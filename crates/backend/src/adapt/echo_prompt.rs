//! Puts the prompt of a completion before its text.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use compact_str::CompactString;
use futures_core::Stream;

use super::per_choice::PerChoice;
use super::source::{Item, Source};
use crate::Event;

/// Begins each of `choices` choices with the prompt.
///
/// The prompt comes with a choice's first event, so that a failure before it is still the first item.
pub fn echo_prompt<S>(stream: S, prompt: impl Into<CompactString>, choices: u32) -> EchoPrompt<S>
where
    S: Stream<Item = Item> + Unpin,
{
    let prompt = prompt.into();
    EchoPrompt { source: Source::new(stream), prompt, begun: PerChoice::new(choices, || false), next: None }
}

/// The stream that [`echo_prompt`] makes.
#[derive(Debug)]
pub struct EchoPrompt<S> {
    source: Source<S>,
    prompt: CompactString,
    /// Whether a choice has had the prompt.
    begun: PerChoice<bool>,
    /// The event that the prompt was put before.
    next: Option<Event>,
}

impl<S: Stream<Item = Item> + Unpin> Stream for EchoPrompt<S> {
    type Item = Item;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Item>> {
        let this = self.get_mut();
        if let Some(event) = this.next.take() {
            return Poll::Ready(Some(Ok(event)));
        }
        let item = ready!(this.source.poll(cx));
        let Some(Ok(event)) = item else { return Poll::Ready(item) };
        let mut begins =
            |choice| this.begun.get_mut(choice).is_some_and(|begun| !std::mem::replace(begun, true));
        let Some(choice) = event.choice().filter(|choice| begins(*choice)) else {
            return Poll::Ready(Some(Ok(event)));
        };
        this.next = Some(event);
        Poll::Ready(Some(Ok(Event::text(this.prompt.clone()).at(choice))))
    }
}

#[cfg(test)]
mod tests {
    use antiphon_types::chat::FinishReason;

    use super::*;
    use crate::ErrorKind;
    use crate::testing::{Step, all, script};

    #[tokio::test]
    async fn each_choice_begins_with_the_prompt() {
        let finish = |choice| Event::finish(FinishReason::Stop).at(choice);
        let text = |text: &str, choice| Event::text(text).at(choice);
        let given = [text("a", 1), finish(0), text("b", 1), finish(1)];
        let expected = [text("p", 1), text("a", 1), text("p", 0), finish(0), text("b", 1), finish(1)];
        assert_eq!(all(echo_prompt(script(given), "p", 2)).await, expected.map(Ok));
    }

    #[tokio::test]
    async fn failure_before_the_first_event_stays_the_first_item() {
        let failing = script([Step::Fail(ErrorKind::Upstream)]);
        assert_eq!(all(echo_prompt(failing, "p", 1)).await, [Err(ErrorKind::Upstream)]);
    }
}
