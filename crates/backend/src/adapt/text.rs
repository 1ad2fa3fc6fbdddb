//! Makes events of plain text.

use antiphon_types::chat::FinishReason;
use async_stream::try_stream;
use compact_str::CompactString;
use futures_core::Stream;
use futures_util::StreamExt;

use crate::{BackendError, Event, EventStream};

/// Streams texts as the events of one choice.
///
/// A finish of `stop` comes after them. Each text should be one token, of whole characters.
///
/// ```
/// use antiphon_backend::adapt::{collect, text_stream};
/// use futures_util::{FutureExt, stream};
///
/// let events = text_stream(stream::iter(["Hello ", "there"]));
/// let whole = collect(events, 1).now_or_never().expect("nothing waits").expect("nothing fails");
/// assert_eq!(whole.choices[0].text, "Hello there");
/// ```
pub fn text_stream<S>(texts: S) -> EventStream
where
    S: Stream<Item: Into<CompactString>> + Send + 'static,
{
    try_text_stream(texts.map(Ok::<_, BackendError>))
}

/// Streams texts as [`text_stream`] does, up to the first error.
pub fn try_text_stream<S, T, E>(texts: S) -> EventStream
where
    S: Stream<Item = Result<T, E>> + Send + 'static,
    T: Into<CompactString>,
    E: Into<BackendError>,
{
    let events = texts.map(|text| text.map(Event::text).map_err(E::into));
    Box::pin(try_stream! {
        for await event in events {
            yield event?;
        }
        yield Event::finish(FinishReason::Stop);
    })
}

#[cfg(test)]
mod tests {
    use futures_util::stream;

    use super::*;
    use crate::ErrorKind;
    use crate::testing::all;

    #[tokio::test]
    async fn texts_end_in_a_stop() {
        let texts = stream::iter(["a ".to_owned(), String::new(), "b".to_owned()]);
        let expected =
            [Event::text("a "), Event::text(""), Event::text("b"), Event::finish(FinishReason::Stop)];
        assert_eq!(all(text_stream(texts)).await, expected.map(Ok));
    }

    #[tokio::test]
    async fn error_is_the_end() {
        let failed = || BackendError::new(ErrorKind::Upstream, "gone");
        let texts = stream::iter([Ok("a"), Err(failed()), Ok("b")]);
        assert_eq!(all(try_text_stream(texts)).await, [Ok(Event::text("a")), Err(ErrorKind::Upstream)]);
    }
}
