//! Whole answers.

use antiphon_types::{
    Object,
    chat::{
        Annotation, Choice, Completion, FinishReason, Logprobs, ResponseAudio, ResponseMessage, Role,
        ServiceTier, TokenLogprob, TopLogprob, UrlCitation,
    },
};
use proptest::{collection, prelude::*};

use super::{
    Api, extra, function_call, list, maybe, maybe_boxed, moderation, number, object, open, tagged, text,
    tool_call, usage,
};

pub(crate) fn completion(api: Api) -> BoxedStrategy<Completion> {
    fields!(
        Just(Completion::new("", 0, "")),
        id: text(),
        object: object(api, Object::ChatCompletion),
        created: any::<u64>(),
        model: text(),
        choices: list(0, choice(api)),
        usage: maybe(usage()),
        service_tier: maybe(open(api, ServiceTier::KNOWN)),
        system_fingerprint: maybe(text()),
        metadata: maybe(collection::btree_map(text(), text(), 0..3)),
        moderation: maybe_boxed(moderation(api)),
        extra: extra(),
    )
}

fn choice(api: Api) -> BoxedStrategy<Choice> {
    let base = response_message(api).prop_map(|message| Choice::new(0, message, FinishReason::Stop));
    fields!(
        base,
        index: any::<u32>(),
        logprobs: maybe(logprobs()),
        finish_reason: open(api, FinishReason::KNOWN),
        extra: extra(),
    )
}

pub(crate) fn response_message(api: Api) -> BoxedStrategy<ResponseMessage> {
    fields!(
        Just(ResponseMessage::assistant()),
        role: api.pick(Just(Role::Assistant).boxed(), open(api, Role::KNOWN)),
        content: maybe(text()),
        refusal: maybe(text()),
        reasoning_content: maybe(text()),
        reasoning: maybe(text()),
        tool_calls: maybe(list(0, tool_call(api))),
        annotations: maybe(list(0, annotation(api))),
        audio: maybe_boxed(response_audio()),
        function_call: maybe_boxed(function_call()),
        extra: extra(),
    )
}

fn response_audio() -> BoxedStrategy<ResponseAudio> {
    fields!(
        Just(ResponseAudio::new("", 0, "", "")),
        id: text(),
        expires_at: any::<u64>(),
        data: text(),
        transcript: text(),
        extra: extra(),
    )
}

pub(crate) fn annotation(api: Api) -> BoxedStrategy<Annotation> {
    let citation = fields!(
        Just(UrlCitation::new(0, 0, "https://example.com", "")),
        start_index: any::<u64>(),
        end_index: any::<u64>(),
        title: text(),
        extra: extra(),
    );
    let known = (citation, extra()).prop_map(|(citation, extra)| {
        let mut annotation = Annotation::url_citation(citation);
        if let Annotation::UrlCitation(annotation) = &mut annotation {
            annotation.extra = extra;
        }
        annotation
    });
    tagged(api, known.boxed(), Annotation::Other)
}

pub(crate) fn logprobs() -> BoxedStrategy<Logprobs> {
    fields!(
        Just(Logprobs::default()),
        content: maybe(list(0, token_logprob())),
        refusal: maybe(list(0, token_logprob())),
        extra: extra(),
    )
}

fn token_logprob() -> BoxedStrategy<TokenLogprob> {
    let top = fields!(
        (text(), number()).prop_map(|(token, logprob)| TopLogprob::new(token, logprob)),
        bytes: bytes(),
        extra: extra(),
    );
    fields!(
        (text(), number()).prop_map(|(token, logprob)| TokenLogprob::new(token, logprob)),
        bytes: bytes(),
        top_logprobs: list(0, top),
        extra: extra(),
    )
}

fn bytes() -> BoxedStrategy<Option<Vec<u8>>> {
    maybe(collection::vec(any::<u8>(), 0..4)).boxed()
}
