//! The usage: numbers that cannot be.

use antiphon_types::{CompletionTokensDetails, PromptTokensDetails};

use super::*;

#[tokio::test]
async fn usage_must_add_up() {
    let check = async |tokens: Usage, reason: &str| {
        let events = [text(), Event::usage(tokens.clone()), finish()];
        let chat = move |_, _| play(events.iter().cloned().map(Ok).collect());
        let backend = Broken { models: vec![ModelInfo::new("broken")], prompt_tokens: Some(5), chat };
        assert_eq!(usage(&probe(backend)).await, failure(&format!("{reason}: the usage is {tokens:?}")));
    };
    let mut more = Usage::new(5, 2);
    more.total_tokens = 8;
    check(more, "the total is not the sum").await;
    check(Usage::new(0, 2), "the prompt took no tokens").await;
    check(Usage::new(6, 2), "prompt_tokens() said otherwise").await;
    check(Usage::new(5, 0), "a choice took no tokens").await;
    let prompt: [fn(&mut PromptTokensDetails) -> &mut Option<u64>; 5] = [
        |details| &mut details.cached_tokens,
        |details| &mut details.audio_tokens,
        |details| &mut details.text_tokens,
        |details| &mut details.image_tokens,
        |details| &mut details.cache_write_tokens,
    ];
    for part in prompt {
        let mut usage = Usage::new(5, 2);
        *part(usage.prompt_tokens_details.get_or_insert_default()) = Some(6);
        check(usage, "a part of the prompt is more than the whole").await;
    }
    let completion: [fn(&mut CompletionTokensDetails) -> &mut Option<u64>; 5] = [
        |details| &mut details.reasoning_tokens,
        |details| &mut details.audio_tokens,
        |details| &mut details.text_tokens,
        |details| &mut details.accepted_prediction_tokens,
        |details| &mut details.rejected_prediction_tokens,
    ];
    for part in completion {
        let mut usage = Usage::new(5, 2);
        *part(usage.completion_tokens_details.get_or_insert_default()) = Some(3);
        check(usage, "a part of the answer is more than the whole").await;
    }
}

#[tokio::test]
async fn usage_must_count_every_choice() {
    let tokens = Usage::new(5, 1);
    let events = [text(), finish(), text().at(1), finish().at(1), Event::usage(tokens.clone())];
    let of_one = broken(&[Capability::NativeChoices], move |request, _| {
        assert_eq!(request.n, Some(2));
        play(events.iter().cloned().map(Ok).collect())
    });
    let reason = format!("a choice took no tokens: the usage is {tokens:?}");
    assert_eq!(usage(&probe(of_one)).await, failure(&reason));
}
