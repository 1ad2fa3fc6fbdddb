//! Chunks that a whole answer comes in.

use std::collections::VecDeque;

use antiphon_types::{
    Extra, Object, Value,
    chat::{
        Chunk, ChunkChoice, Completion, Delta, FunctionCall, FunctionCallDelta, Logprobs, ResponseMessage,
        TokenLogprob, ToolCall, ToolCallDelta, ToolCallKind,
    },
    json,
};
use proptest::{prelude::*, test_runner::TestRng};

use super::{Api, completion};

/// What comes of a choice, or of one part of it, in its order.
type Pieces = VecDeque<ChunkChoice>;

/// A completion, and chunks that it comes in: cut anywhere, the parts and choices in any order.
pub(crate) fn completion_in_chunks() -> BoxedStrategy<(Completion, Vec<Chunk>)> {
    completion(Api::Newer)
        .prop_map(streamable)
        .prop_filter("a stream has choices", |completion| !completion.choices.is_empty())
        .prop_perturb(|completion, mut random| {
            let chunks = cut(&completion, &mut random);
            (completion, chunks)
        })
        .boxed()
}

/// Makes what no stream can tell the same for all: other objects, choices out of order, empty lists of calls.
fn streamable(mut completion: Completion) -> Completion {
    completion.object = Object::ChatCompletion;
    completion.choices.sort_by_key(|choice| choice.index);
    completion.choices.dedup_by_key(|choice| choice.index);
    for choice in &mut completion.choices {
        choice.message.tool_calls.take_if(|calls| calls.is_empty());
    }
    completion
}

fn cut(completion: &Completion, random: &mut TestRng) -> Vec<Chunk> {
    let choices = completion.choices.iter().map(|choice| {
        let mut first = ChunkChoice::new(0, start(&choice.message));
        first.extra.clone_from(&choice.extra);
        let mut parts = parts_of(&choice.message, random);
        parts.push(choice.logprobs.as_ref().map(logprobs).unwrap_or_default());
        let mut pieces = Pieces::from([first]);
        pieces.extend(interleaved(parts, random));
        pieces.push_back(ChunkChoice::finish(0, choice.finish_reason.clone()));
        for piece in &mut pieces {
            piece.index = choice.index;
        }
        pieces
    });
    let choices = choices.collect();
    let mut pieces = interleaved(choices, random);
    let empty = || Chunk::new(&completion.id, completion.created, &completion.model);
    let mut chunks = vec![empty()];
    while !pieces.is_empty() {
        let several = pieces.len().min(1 + below(3, random));
        let mut chunk = empty();
        chunk.choices = pieces.drain(..several).collect();
        chunks.push(chunk);
    }
    let at = below(chunks.len(), random);
    tell(&mut chunks[at], completion);
    chunks
}

/// Puts what stands beside the choices into a chunk.
fn tell(chunk: &mut Chunk, completion: &Completion) {
    chunk.usage = Some(completion.usage.clone());
    chunk.service_tier.clone_from(&completion.service_tier);
    chunk.system_fingerprint.clone_from(&completion.system_fingerprint);
    chunk.moderation.clone_from(&completion.moderation);
    chunk.extra.clone_from(&completion.extra);
    if let Some(metadata) = &completion.metadata {
        chunk.extra.insert("metadata".to_owned(), json!(metadata));
    }
}

fn start(message: &ResponseMessage) -> Delta {
    let mut delta = Delta::start_without_content();
    delta.role = Some(message.role.clone());
    delta.extra.clone_from(&message.extra);
    delta
}

fn parts_of(message: &ResponseMessage, random: &mut TestRng) -> Vec<Pieces> {
    let mut parts = vec![
        texts(message.content.as_deref(), Delta::content, random),
        texts(message.refusal.as_deref(), Delta::refusal, random),
        texts(message.reasoning_content.as_deref(), Delta::reasoning_content, random),
        texts(message.reasoning.as_deref(), Delta::reasoning, random),
    ];
    for (index, call) in (0..).zip(message.tool_calls.iter().flatten()) {
        parts.push(
            tool_call(index, call, random).into_iter().map(|call| adding(Delta::tool_call(call))).collect(),
        );
    }
    if let Some(call) = &message.function_call {
        let deltas = function(call, random).into_iter();
        let deltas = deltas.map(|call| fields(|delta| delta.function_call = Some(call)));
        parts.push(deltas.collect());
    }
    if let Some(annotations) = &message.annotations {
        let lone = annotations.iter().map(|annotation| unknown("annotations", json!([annotation])));
        parts.push([unknown("annotations", json!([]))].into_iter().chain(lone).collect());
    }
    if let Some(audio) = &message.audio {
        let mut first = json!(audio);
        (first["data"], first["transcript"]) = (json!(""), json!(""));
        let data = fragments(&audio.data, random).into_iter().map(|data| json!({"data": data}));
        let said = fragments(&audio.transcript, random).into_iter().map(|text| json!({"transcript": text}));
        parts
            .push([first].into_iter().chain(data).chain(said).map(|audio| unknown("audio", audio)).collect());
    }
    parts
}

fn adding(delta: Delta) -> ChunkChoice {
    ChunkChoice::new(0, delta)
}

fn fields(set: impl FnOnce(&mut Delta)) -> ChunkChoice {
    let mut delta = Delta::default();
    set(&mut delta);
    adding(delta)
}

fn unknown(name: &str, value: Value) -> ChunkChoice {
    fields(|delta| delta.extra = Extra::from_iter([(name.to_owned(), value)]))
}

fn texts(text: Option<&str>, delta: fn(String) -> Delta, random: &mut TestRng) -> Pieces {
    let fragments = text.map(|text| fragments(text, random)).unwrap_or_default();
    fragments.into_iter().map(|fragment| adding(delta(fragment))).collect()
}

fn tool_call(index: u32, call: &ToolCall, random: &mut TestRng) -> Vec<ToolCallDelta> {
    let mut first = ToolCallDelta::new(index);
    let later: Vec<_> = match call {
        ToolCall::Function(call) => {
            first.id = Some(call.id.clone());
            first.extra.clone_from(&call.extra);
            let mut deltas = function(&call.function, random).into_iter();
            first.function = deltas.next();
            let delta = |function| fielded(index, |call| call.function = Some(function));
            deltas.map(delta).collect()
        }
        ToolCall::Custom(call) => {
            first = ToolCallDelta::custom(index, &call.id, &call.custom.name);
            first.extra.clone_from(&call.extra);
            if let Some(custom) = &mut first.custom {
                custom.extra.clone_from(&call.custom.extra);
            }
            fragments(&call.custom.input, random)
                .into_iter()
                .map(|fragment| ToolCallDelta::input(index, fragment))
                .collect()
        }
        ToolCall::Other(Value::Object(call)) => {
            first.extra.clone_from(call);
            let kind = first.extra.shift_remove("type");
            first.kind = kind.as_ref().and_then(Value::as_str).map(ToolCallKind::from);
            Vec::new()
        }
        call => panic!("no call of a tool: {call:?}"),
    };
    [first].into_iter().chain(later).collect()
}

fn fielded(index: u32, set: impl FnOnce(&mut ToolCallDelta)) -> ToolCallDelta {
    let mut call = ToolCallDelta::new(index);
    set(&mut call);
    call
}

fn function(call: &FunctionCall, random: &mut TestRng) -> Vec<FunctionCallDelta> {
    let mut first = FunctionCallDelta::default();
    first.name = Some(call.name.clone());
    first.extra.clone_from(&call.extra);
    let later = fragments(&call.arguments, random).into_iter().map(|fragment| {
        let mut delta = FunctionCallDelta::default();
        delta.arguments = Some(fragment);
        delta
    });
    [first].into_iter().chain(later).collect()
}

fn logprobs(whole: &Logprobs) -> Pieces {
    let mut first = Logprobs::default();
    first.content = whole.content.as_ref().map(|_| Vec::new());
    first.refusal = whole.refusal.as_ref().map(|_| Vec::new());
    first.extra.clone_from(&whole.extra);
    let each = |tokens: &Option<Vec<TokenLogprob>>, lone: fn([TokenLogprob; 1]) -> Logprobs| {
        tokens.iter().flatten().map(|token| lone([token.clone()])).collect::<Vec<_>>()
    };
    let tokens =
        each(&whole.content, Logprobs::content).into_iter().chain(each(&whole.refusal, Logprobs::refusal));
    let tokens = [first].into_iter().chain(tokens);
    tokens.map(|tokens| adding(Delta::default()).logprobs(tokens)).collect()
}

/// Cuts a text between any of its characters; at least one fragment, perhaps an empty one.
fn fragments(text: &str, random: &mut TestRng) -> Vec<String> {
    let mut fragments = vec![String::new()];
    for character in text.chars() {
        if below(2, random) == 0 {
            fragments.push(String::new());
        }
        fragments.last_mut().expect("there is one").push(character);
    }
    fragments
}

/// Takes from the front of any, until all are empty.
fn interleaved(mut parts: Vec<Pieces>, random: &mut TestRng) -> Pieces {
    let mut pieces = Pieces::new();
    loop {
        parts.retain(|part| !part.is_empty());
        if parts.is_empty() {
            return pieces;
        }
        let at = below(parts.len(), random);
        pieces.extend(parts[at].pop_front());
    }
}

fn below(end: usize, random: &mut TestRng) -> usize {
    random.next_u32() as usize % end
}
