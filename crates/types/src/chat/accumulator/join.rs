//! Joins a piece of an answer to what came before it.

use crate::{
    chat::{Chunk, ChunkChoice, Delta, FunctionCallDelta, Logprobs, TokenLogprob, ToolCallDelta},
    join_extra,
};

/// Joins a chunk to the chunk that is all before it.
pub(super) fn chunk(whole: &mut Chunk, chunk: Chunk) {
    if whole.id.is_empty() {
        whole.id = chunk.id;
    }
    if whole.created == 0 {
        whole.created = chunk.created;
    }
    if whole.model.is_empty() {
        whole.model = chunk.model;
    }
    last(&mut whole.service_tier, chunk.service_tier);
    last(&mut whole.system_fingerprint, chunk.system_fingerprint);
    last(&mut whole.moderation, chunk.moderation);
    if let Some(Some(usage)) = chunk.usage {
        whole.usage = Some(Some(usage));
    }
    whole.extra.extend(chunk.extra);
    for piece in chunk.choices {
        let place = whole.choices.binary_search_by_key(&piece.index, |choice| choice.index);
        let at = place.unwrap_or_else(|at| {
            whole.choices.insert(at, ChunkChoice::new(piece.index, Delta::default()));
            at
        });
        choice(&mut whole.choices[at], piece);
    }
}

fn choice(whole: &mut ChunkChoice, piece: ChunkChoice) {
    delta(&mut whole.delta, piece.delta);
    if let Some(piece) = piece.logprobs {
        logprobs(whole.logprobs.get_or_insert_default(), piece);
    }
    // Some servers send an empty reason until there is one.
    last(&mut whole.finish_reason, piece.finish_reason.filter(|reason| !reason.as_str().is_empty()));
    whole.extra.extend(piece.extra);
}

fn delta(whole: &mut Delta, piece: Delta) {
    first(&mut whole.role, piece.role);
    text(&mut whole.content, piece.content);
    text(&mut whole.refusal, piece.refusal);
    text(&mut whole.reasoning_content, piece.reasoning_content);
    text(&mut whole.reasoning, piece.reasoning);
    for piece in piece.tool_calls.into_iter().flatten() {
        tool_call(whole.tool_calls.get_or_insert_default(), piece);
    }
    function(&mut whole.function_call, piece.function_call);
    join_extra(&mut whole.extra, piece.extra);
}

/// Joins a piece of a tool call to the last call at its index, or begins one.
fn tool_call(calls: &mut Vec<ToolCallDelta>, piece: ToolCallDelta) {
    let end = calls.partition_point(|call| call.index <= piece.index);
    let before = calls[..end].last_mut().filter(|call| call.index == piece.index);
    let Some(call) = before.filter(|call| is_same(call, &piece)) else {
        calls.insert(end, piece);
        return;
    };
    name(&mut call.id, piece.id);
    first(&mut call.kind, piece.kind);
    function(&mut call.function, piece.function);
    if let Some(piece) = piece.custom {
        let custom = call.custom.get_or_insert_default();
        name(&mut custom.name, piece.name);
        text(&mut custom.input, piece.input);
        custom.extra.extend(piece.extra);
    }
    call.extra.extend(piece.extra);
}

/// Says whether two deltas of one index are of one call.
///
/// A further call has another id and a name. The id alone says nothing: some servers leave it out, repeat it, or make
/// one for each piece.
fn is_same(call: &ToolCallDelta, piece: &ToolCallDelta) -> bool {
    let ids = (call.id.as_deref().unwrap_or_default(), piece.id.as_deref().unwrap_or_default());
    ids.0 == ids.1 || ids.0.is_empty() || ids.1.is_empty() || !is_named(piece)
}

fn is_named(piece: &ToolCallDelta) -> bool {
    let function = piece.function.as_ref().and_then(|function| function.name.as_deref());
    let custom = piece.custom.as_ref().and_then(|custom| custom.name.as_deref());
    function.or(custom).is_some_and(|name| !name.is_empty())
}

fn function(whole: &mut Option<FunctionCallDelta>, piece: Option<FunctionCallDelta>) {
    let Some(piece) = piece else { return };
    let whole = whole.get_or_insert_default();
    name(&mut whole.name, piece.name);
    text(&mut whole.arguments, piece.arguments);
    whole.extra.extend(piece.extra);
}

fn logprobs(whole: &mut Logprobs, piece: Logprobs) {
    tokens(&mut whole.content, piece.content);
    tokens(&mut whole.refusal, piece.refusal);
    whole.extra.extend(piece.extra);
}

fn tokens(whole: &mut Option<Vec<TokenLogprob>>, piece: Option<Vec<TokenLogprob>>) {
    if let Some(piece) = piece {
        whole.get_or_insert_default().extend(piece);
    }
}

/// Joins text, end to end.
fn text(whole: &mut Option<String>, piece: Option<String>) {
    match (whole, piece) {
        (Some(whole), Some(piece)) => whole.push_str(&piece),
        (whole @ None, piece) => *whole = piece,
        (Some(_), None) => {}
    }
}

/// Keeps a name, which comes whole, unless it is empty so far: some servers repeat it, perhaps as an empty text.
fn name(whole: &mut Option<String>, piece: Option<String>) {
    if whole.as_deref().is_none_or(str::is_empty) {
        last(whole, piece);
    }
}

fn first<T>(whole: &mut Option<T>, piece: Option<T>) {
    if whole.is_none() {
        *whole = piece;
    }
}

fn last<T>(whole: &mut Option<T>, piece: Option<T>) {
    if piece.is_some() {
        *whole = piece;
    }
}
