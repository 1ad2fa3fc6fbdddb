//! Requests and answers of legacy completions.

use std::ops::RangeInclusive;

use antiphon_types::{
    Object, Usage,
    chat::FinishReason,
    completions::{Choice, Completion, Logprobs, Request},
};
use proptest::{collection, option, prelude::*};

use super::{
    Api, bias, extra, list, maybe, number, object, open, stop, stream_options, text, text_input, usage,
};

pub(crate) fn request(api: Api) -> BoxedStrategy<Request> {
    // The published schema wants a prompt.
    let prompt = api
        .pick(text_input(Api::Published).prop_map(Some).boxed(), option::of(text_input(Api::Newer)).boxed());
    fields!(
        sampling(api),
        model: text(),
        prompt: prompt,
        suffix: maybe(text()),
        echo: maybe(any::<bool>()),
        stream: maybe(any::<bool>()),
        stream_options: maybe(stream_options()),
        stop: maybe(stop(api)),
        user: maybe(text()),
        extra: extra(),
    )
}

/// The fields that say how tokens are chosen.
fn sampling(api: Api) -> BoxedStrategy<Request> {
    let within = |range| api.pick(range, number());
    let count = |range: RangeInclusive<u32>| api.pick(range.boxed(), any::<u32>().boxed());
    fields!(
        Just(Request::default()),
        max_tokens: maybe(any::<u64>()),
        temperature: maybe(within((0.0..=2.0).boxed())),
        top_p: maybe(within((0.0..=1.0).boxed())),
        n: maybe(count(1..=128)),
        best_of: maybe(count(0..=20)),
        frequency_penalty: maybe(within((-2.0..=2.0).boxed())),
        presence_penalty: maybe(within((-2.0..=2.0).boxed())),
        logit_bias: maybe(collection::btree_map("[0-9]{1,5}", bias(api), 0..3)),
        logprobs: maybe(count(0..=5)),
        seed: maybe(any::<i64>()),
    )
}

/// A whole answer: all choices have ended, and usage is there or not.
pub(crate) fn completion(api: Api) -> BoxedStrategy<Completion> {
    let ended = finish_reason(api).prop_map(Some).boxed();
    answer(api, choice(ended), maybe(usage().prop_map(Some)).boxed())
}

/// A piece of a streamed one.
pub(crate) fn piece(api: Api) -> BoxedStrategy<Completion> {
    let choice = choice(option::of(finish_reason(api)).boxed());
    fields!(answer(api, choice, option::of(option::of(usage())).boxed()), obfuscation: maybe(text()))
}

#[expect(clippy::option_option, reason = "absent and null are two things")]
fn answer(
    api: Api,
    choice: BoxedStrategy<Choice>,
    usage: BoxedStrategy<Option<Option<Usage>>>,
) -> BoxedStrategy<Completion> {
    fields!(
        Just(Completion::new("", 0, "")),
        id: text(),
        object: object(api, Object::TextCompletion),
        created: any::<u64>(),
        model: text(),
        choices: list(0, choice),
        system_fingerprint: maybe(text()),
        usage: usage,
        extra: extra(),
    )
}

fn choice(finish_reason: BoxedStrategy<Option<FinishReason>>) -> BoxedStrategy<Choice> {
    fields!(
        text().prop_map(|text| Choice::new(0, text)),
        index: any::<u32>(),
        logprobs: maybe(logprobs()),
        finish_reason: finish_reason,
        extra: extra(),
    )
}

fn finish_reason(api: Api) -> BoxedStrategy<FinishReason> {
    // No tools are called here.
    open(api, &["stop", "length", "content_filter"])
}

pub(crate) fn logprobs() -> BoxedStrategy<Logprobs> {
    let top = maybe(collection::btree_map(text(), number(), 0..3));
    fields!(
        Just(Logprobs::default()),
        tokens: list(0, text()),
        token_logprobs: list(0, maybe(number())),
        top_logprobs: maybe(list(0, top)),
        text_offset: list(0, any::<u64>()),
        extra: extra(),
    )
}
