//! A backend that answers with the last message backwards, word by word.

use antiphon_backend::{
    Backend, Context, Event, EventStream, ModelInfo, chat, chat::FinishReason, try_stream,
};

/// Turns the last message round.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reverse;

impl Backend for Reverse {
    fn models(&self) -> Vec<ModelInfo> {
        vec![ModelInfo::new("reverse")]
    }

    fn chat(&self, request: chat::Request, _context: Context) -> EventStream {
        let text = request.messages.last().map(|message| message.text().into_owned()).unwrap_or_default();
        Box::pin(try_stream! {
            for (position, word) in text.split_whitespace().rev().enumerate() {
                let space = if position == 0 { "" } else { " " };
                yield Event::text(format!("{space}{word}"));
            }
            yield Event::finish(FinishReason::Stop);
        })
    }
}

#[cfg(test)]
mod tests {
    use antiphon_backend::conformance;

    use super::Reverse;

    #[tokio::test]
    async fn it_keeps_the_contract() {
        conformance::run(|| Reverse).await;
    }
}
