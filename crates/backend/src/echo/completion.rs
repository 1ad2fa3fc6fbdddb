//! Echoes the prompts of legacy completions.

use antiphon_types::{TextInput, completions};

use super::answer::Answer;
use super::events::{Events, Manner};
use super::pieces::Pieces;
use super::{EchoBackend, MOST_LOGPROBS, Tokenizer};
use crate::{BackendError, ErrorKind};

/// The events of a completion: the prompt where the request wants it back, and the echo of it.
pub(super) fn events(
    echo: &EchoBackend,
    request: completions::Request,
    manner: &Manner,
) -> Result<Events, BackendError> {
    let echoes = request.echoes();
    if echoes && manner.top_logprobs.is_some() && manner.prompt_tokens > MOST_LOGPROBS {
        let message = format!(
            "This model gives at most {MOST_LOGPROBS} tokens of a prompt back with their log probabilities."
        );
        return Err(BackendError::new(ErrorKind::InvalidRequest, message).with_param("logprobs"));
    }
    let prompt = Prompt::read(request.prompt, manner.tokenizer)?;
    let answer =
        Answer::Text(echo.echo(Some(&prompt.text).filter(|text| !text.is_empty()).map(String::as_str)));
    let events = Events::new(answer, manner);
    if !echoes || prompt.text.is_empty() {
        return Ok(events);
    }
    Ok(events.after(prompt.pieces(manner)))
}

/// The prompt, as a text and as the tokens that it was given as.
struct Prompt {
    text: String,
    ids: Option<Vec<u32>>,
}

impl Prompt {
    fn read(prompt: Option<TextInput>, tokenizer: Tokenizer) -> Result<Self, BackendError> {
        match prompt.and_then(|prompt| prompt.into_singles().next()) {
            Some(TextInput::Text(text)) => Ok(Self { text, ids: None }),
            Some(TextInput::Tokens(ids)) => {
                let bytes = tokenizer.decode(&ids).ok_or_else(|| unknown_token("prompt"))?;
                // Tokens that are no text together are echoed as the text that they are nearest to.
                Ok(String::from_utf8(bytes).map_or_else(
                    |error| Self { text: String::from_utf8_lossy(error.as_bytes()).into_owned(), ids: None },
                    |text| Self { text, ids: Some(ids) },
                ))
            }
            _ => Ok(Self { text: String::new(), ids: None }),
        }
    }

    /// The whole prompt at once, with its tokens where they are asked for.
    fn pieces(self, manner: &Manner) -> Pieces {
        let (Self { text, ids }, tokenizer) = (self, manner.tokenizer);
        match (manner.top_logprobs, ids) {
            (None, _) => Pieces::whole(text),
            (Some(top), Some(ids)) => Pieces::of_ids(text, ids, tokenizer, top).joined(),
            (Some(top), None) => Pieces::tokens_with_logprobs(text, tokenizer, top).joined(),
        }
    }
}

/// An input has a token that the tokenizer does not know.
pub(super) fn unknown_token(param: &str) -> BackendError {
    BackendError::new(
        ErrorKind::InvalidRequest,
        format!("The {param} has a token that this model does not know."),
    )
    .with_param(param)
}

#[cfg(test)]
mod tests {
    use antiphon_types::Usage;
    use antiphon_types::chat::FinishReason;
    use antiphon_types::completions::Request;

    use super::*;
    use crate::testing::all;
    use crate::{Backend, Context, Event};

    /// The texts of all events, the finish and the usage.
    async fn check(request: Request, texts: &[&str], reason: FinishReason, usage: (u64, u64)) {
        let echo = EchoBackend::default().with_prefix("So: ").with_fallback("nothing");
        let events = all(echo.complete(request, Context::default())).await;
        let end = [Event::finish(reason), Event::usage(Usage::new(usage.0, usage.1))];
        let expected = texts.iter().map(|text| Event::text(*text)).chain(end);
        assert_eq!(events, expected.map(Ok).collect::<Vec<_>>());
    }

    #[tokio::test]
    async fn prompt_is_echoed() {
        use FinishReason::{Length, Stop};
        check(Request::new("echo", "hello world"), &["So: ", "hello ", "world"], Stop, (2, 4)).await;
        check(Request::new("echo", vec![24_912, 2_375]), &["So: ", "hello ", "world"], Stop, (2, 4)).await;
        check(Request::new("echo", ""), &["nothing"], Stop, (0, 1)).await;
        check(Request::new("echo", "hello world").max_tokens(3), &["So: ", "hello"], Length, (2, 3)).await;
        check(
            Request::new("echo", "hello world").suffix("hello").stop(["lo"]),
            &["So: ", "hel"],
            Stop,
            (3, 3),
        )
        .await;
    }

    #[tokio::test]
    async fn long_prompt_is_not_given_back_with_its_log_probabilities() {
        let request = Request::new("echo", "a ".repeat(20_000)).echo().logprobs(1);
        let seen = all(EchoBackend::default().complete(request, Context::default())).await;
        assert_eq!(seen, [Err(ErrorKind::InvalidRequest)]);
    }

    #[tokio::test]
    async fn prompt_comes_first_where_it_is_wanted_and_is_neither_cut_nor_counted() {
        use FinishReason::{Length, Stop};
        let request = || Request::new("echo", "hello world").echo();
        check(request(), &["hello world", "So: ", "hello ", "world"], Stop, (2, 4)).await;
        check(request().max_tokens(0), &["hello world"], Length, (2, 0)).await;
        check(request().stop(["hello"]), &["hello world", "So: "], Stop, (2, 3)).await;
    }

    #[tokio::test]
    async fn tokens_of_the_prompt_are_told_as_they_were_given() {
        let request = Request::new("echo", vec![71, 68, 75, 75, 78]).echo().logprobs(2).max_tokens(1);
        let events = all(EchoBackend::default().complete(request, Context::default())).await;
        let tokens: Vec<Vec<_>> = events
            .into_iter()
            .flatten()
            .filter_map(|event| match event {
                Event::Text { logprobs, .. } => logprobs.map(|tokens| {
                    tokens.iter().map(|token| (token.token.clone(), token.top_logprobs.len())).collect()
                }),
                _ => None,
            })
            .collect();
        let token = |text: &str| (text.to_owned(), 2);
        assert_eq!(tokens, [["h", "e", "l", "l", "o"].map(token).to_vec(), vec![token("As")]]);
    }

    #[tokio::test]
    async fn unknown_token_is_refused() {
        let outcome =
            all(EchoBackend::default().complete(Request::new("echo", vec![u32::MAX]), Context::default()))
                .await;
        assert_eq!(outcome, [Err(ErrorKind::InvalidRequest)]);
    }
}
