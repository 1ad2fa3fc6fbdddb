//! Whole requests.

use antiphon_types::chat::{
    Modality, PromptCacheRetention, ReasoningEffort, Request, ServiceTier, Verbosity,
};
use proptest::{collection, prelude::*};

use super::{
    Api, audio, extra, function, function_call_choice, list, maybe, maybe_boxed, message, moderation_options,
    number, open, prediction, prompt_cache_options, response_format, stop, stream_options, text, tool,
    tool_choice, web_search,
};

pub(crate) fn request(api: Api) -> BoxedStrategy<Request> {
    let request = fields!(
        sampling(api),
        model: text(),
        messages: list(api.at_least_one(), message(api)),
        stream: maybe(any::<bool>()),
        stream_options: maybe(stream_options()),
        stop: maybe(stop(api)),
        response_format: maybe(response_format(api)),
        tools: maybe(list(0, tool(api))),
        tool_choice: maybe(tool_choice(api)),
        parallel_tool_calls: maybe(any::<bool>()),
        function_call: maybe(function_call_choice(api)),
        functions: maybe(list(api.at_least_one(), function())),
        extra: extra(),
    );
    bookkeeping(api, request)
}

/// The fields that say how tokens are chosen.
fn sampling(api: Api) -> BoxedStrategy<Request> {
    let within = |range| api.pick(range, number());
    fields!(
        Just(Request::default()),
        temperature: maybe(within((0.0..=2.0).boxed())),
        top_p: maybe(within((0.0..=1.0).boxed())),
        n: maybe(api.pick((1..=128_u32).boxed(), any::<u32>().boxed())),
        max_completion_tokens: maybe(any::<u64>()),
        max_tokens: maybe(any::<u64>()),
        frequency_penalty: maybe(within((-2.0..=2.0).boxed())),
        presence_penalty: maybe(within((-2.0..=2.0).boxed())),
        logit_bias: maybe(collection::btree_map("[0-9]{1,5}", bias(api), 0..3)),
        logprobs: maybe(any::<bool>()),
        top_logprobs: maybe(api.pick((0..=20_u32).boxed(), any::<u32>().boxed())),
        seed: maybe(any::<i64>()),
        reasoning_effort: maybe(open(api, ReasoningEffort::KNOWN)),
        verbosity: maybe(open(api, Verbosity::KNOWN)),
        prediction: maybe_boxed(prediction(api)),
    )
}

/// The schema takes whole numbers alone.
pub(crate) fn bias(api: Api) -> BoxedStrategy<f64> {
    api.pick((-100..=100_i32).prop_map(f64::from).boxed(), number())
}

/// The fields around the answer itself.
fn bookkeeping(api: Api, request: BoxedStrategy<Request>) -> BoxedStrategy<Request> {
    fields!(
        request,
        user: maybe(text()),
        safety_identifier: maybe(text()),
        prompt_cache_key: maybe(text()),
        prompt_cache_options: maybe(prompt_cache_options(api)),
        prompt_cache_retention: maybe(open(api, PromptCacheRetention::KNOWN)),
        metadata: maybe(collection::btree_map(text(), text(), 0..3)),
        store: maybe(any::<bool>()),
        service_tier: maybe(open(api, ServiceTier::KNOWN)),
        modalities: maybe(list(0, open(api, Modality::KNOWN))),
        audio: maybe_boxed(audio(api)),
        moderation: maybe_boxed(moderation_options(api)),
        web_search_options: maybe_boxed(web_search(api)),
    )
}
