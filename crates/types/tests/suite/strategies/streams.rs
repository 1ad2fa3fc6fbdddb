//! Chunks of streamed answers.

use antiphon_types::{
    Object,
    chat::{
        Chunk, ChunkChoice, CustomCallDelta, Delta, FinishReason, FunctionCallDelta, Role, ServiceTier,
        ToolCallDelta, ToolCallKind,
    },
};
use proptest::{option, prelude::*};

use super::{Api, extra, list, logprobs, maybe, maybe_boxed, moderation, object, open, text, usage};

pub(crate) fn chunk(api: Api) -> BoxedStrategy<Chunk> {
    fields!(
        Just(Chunk::new("", 0, "")),
        id: text(),
        object: object(api, Object::ChatCompletionChunk),
        created: any::<u64>(),
        model: text(),
        service_tier: maybe(open(api, ServiceTier::KNOWN)),
        system_fingerprint: maybe(text()),
        choices: list(0, chunk_choice(api)),
        usage: option::of(option::of(usage())),
        obfuscation: maybe(text()),
        moderation: maybe_boxed(moderation(api)),
        extra: extra(),
    )
}

fn chunk_choice(api: Api) -> BoxedStrategy<ChunkChoice> {
    fields!(
        delta(api).prop_map(|delta| ChunkChoice::new(0, delta)),
        index: any::<u32>(),
        logprobs: maybe(logprobs()),
        finish_reason: maybe(open(api, FinishReason::KNOWN)),
        extra: extra(),
    )
}

pub(crate) fn delta(api: Api) -> BoxedStrategy<Delta> {
    // The published schema has no `function` here.
    let roles = if api == Api::Published { &Role::KNOWN[..5] } else { Role::KNOWN };
    fields!(
        Just(Delta::default()),
        role: option::of(open(api, roles)),
        content: maybe(text()),
        refusal: maybe(text()),
        reasoning_content: maybe(text()),
        reasoning: maybe(text()),
        tool_calls: maybe(list(0, tool_call_delta(api))),
        function_call: maybe(function_call_delta()),
        extra: extra(),
    )
}

fn tool_call_delta(api: Api) -> BoxedStrategy<ToolCallDelta> {
    // The published schema streams calls of functions alone.
    let kinds = if api == Api::Published { &["function"] } else { ToolCallKind::KNOWN };
    let custom = fields!(
        Just(CustomCallDelta::default()),
        name: maybe(text()),
        input: maybe(text()),
        extra: extra(),
    );
    fields!(
        any::<u32>().prop_map(ToolCallDelta::new),
        id: maybe(text()),
        kind: maybe(open(api, kinds)),
        function: maybe(function_call_delta()),
        custom: maybe(custom),
        extra: extra(),
    )
}

fn function_call_delta() -> BoxedStrategy<FunctionCallDelta> {
    fields!(
        Just(FunctionCallDelta::default()),
        name: maybe(text()),
        arguments: maybe(text()),
        extra: extra(),
    )
}
