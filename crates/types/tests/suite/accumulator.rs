//! Chunks put together are the whole answer.

use antiphon_types::{
    Usage,
    chat::{
        Accumulator, Chunk, ChunkChoice, Completion, Delta, FinishReason, ResponseMessage, ToolCall,
        ToolCallDelta, Unfinished,
    },
};
use proptest::{prelude::*, test_runner::Config};

use crate::{
    strategies,
    support::{read, write},
};

proptest! {
    #![proptest_config(Config { cases: 256, failure_persistence: None, ..Config::default() })]

    #[test]
    fn any_chunks_of_an_answer_accumulate_to_it((whole, chunks) in strategies::completion_in_chunks()) {
        // An empty reason is none, in a chunk.
        prop_assume!(whole.choices.iter().all(|choice| !choice.finish_reason.as_str().is_empty()));
        prop_assert_eq!(accumulate(chunks), Ok(whole));
    }
}

fn accumulate(chunks: impl IntoIterator<Item = Chunk>) -> Result<Completion, Unfinished> {
    let mut accumulator = Accumulator::new();
    chunks.into_iter().for_each(|chunk| accumulator.push(chunk));
    accumulator.finish()
}

fn chunk(choice: ChunkChoice) -> Chunk {
    Chunk::new("c", 1, "m").choice(choice)
}

/// Compares the message that choice 0 becomes, of these deltas in JSON.
fn check(deltas: &[&str], expected: &str) {
    let deltas = deltas.iter().map(|delta| chunk(ChunkChoice::new(0, read(delta))));
    let chunks = deltas.chain([chunk(ChunkChoice::finish(0, FinishReason::Stop))]);
    let message = accumulate(chunks).expect("it is finished").into_message().expect("there is a choice");
    assert_eq!(write(&message), expected);
    assert_eq!(read::<ResponseMessage>(expected), message);
}

#[test]
fn an_unfinished_stream_is_no_answer() {
    assert_eq!(accumulate([]), Err(Unfinished::NoChoice));
    assert_eq!(accumulate([Chunk::new("c", 1, "m").usage(Usage::new(1, 0))]), Err(Unfinished::NoChoice));

    let started =
        [chunk(ChunkChoice::finish(0, FinishReason::Stop)), chunk(ChunkChoice::new(1, Delta::start()))];
    let unfinished = accumulate(started).expect_err("choice 1 goes on");
    assert_eq!(unfinished, Unfinished::Choice(1));
    assert_eq!(unfinished.to_string(), "the stream ended before choice 1 finished");
}

#[test]
fn what_came_of_a_broken_stream_is_there() {
    let mut accumulator = Accumulator::new();
    for delta in [
        Delta::start(),
        Delta::content("a "),
        Delta::content("b"),
        Delta::reasoning_content("c"),
        Delta::tool_call(ToolCallDelta::function(0, "call_1", "f")),
        Delta::tool_call(ToolCallDelta::arguments(0, "{")),
    ] {
        accumulator.push(chunk(ChunkChoice::new(0, delta)));
    }
    let chunk = accumulator.so_far();
    assert_eq!((chunk.text(), chunk.model.as_str()), ("a b", "m"));
    assert_eq!(
        write(&chunk.choices),
        r#"[{"index":0,"delta":{"role":"assistant","content":"a b","refusal":null,"reasoning_content":"c","tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"f","arguments":"{"}}]},"logprobs":null,"finish_reason":null}]"#,
    );
    assert_eq!(Accumulator::new().so_far().text(), "");
}

#[test]
fn choices_stand_in_their_order() {
    let chunks = [1, 0].map(|index| chunk(ChunkChoice::finish(index, FinishReason::Stop)));
    let completion = accumulate(chunks).expect("both are finished");
    assert_eq!(completion.choices.iter().map(|choice| choice.index).collect::<Vec<_>>(), [0, 1]);
}

#[test]
fn what_stands_beside_the_choices_may_come_late() {
    // Some servers first send a chunk of nothing but their own.
    let first: Chunk =
        read(r#"{"id": "", "created": 0, "model": "", "choices": [], "prompt_filter_results": []}"#);
    let chunks = [first, chunk(ChunkChoice::finish(0, FinishReason::Stop)), chunk_with_usage()];
    assert_eq!(
        write(&accumulate(chunks).expect("it is finished")),
        r#"{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":null,"refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":2,"completion_tokens":3,"total_tokens":5},"prompt_filter_results":[]}"#,
    );
}

fn chunk_with_usage() -> Chunk {
    Chunk::new("c", 1, "m").usage(Usage::new(2, 3))
}

#[test]
fn calls_of_one_index_are_told_apart_by_their_ids() {
    let calls = [
        ToolCallDelta::function(0, "call_1", "f"),
        ToolCallDelta::arguments(0, "{}"),
        ToolCallDelta::function(0, "call_2", "g"),
        ToolCallDelta::arguments(0, "[]"),
    ];
    let chunks = calls.map(|call| chunk(ChunkChoice::new(0, Delta::tool_call(call))));
    let completion =
        accumulate(chunks.into_iter().chain([chunk(ChunkChoice::finish(0, FinishReason::ToolCalls))]));
    assert_eq!(
        completion.expect("it is finished").tool_calls(),
        [ToolCall::function("call_1", "f", "{}"), ToolCall::function("call_2", "g", "[]")],
    );
}

#[test]
fn an_id_without_a_name_begins_no_call() {
    check(
        &[
            r#"{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"f","arguments":""}}]}"#,
            r#"{"tool_calls":[{"index":0,"id":"call_2","type":"function","function":{"arguments":"{\"a\":"}}]}"#,
            r#"{"tool_calls":[{"index":0,"id":"call_3","type":"function","function":{"name":"","arguments":"1}"}}]}"#,
        ],
        r#"{"role":"assistant","content":null,"refusal":null,"tool_calls":[{"type":"function","id":"call_1","function":{"name":"f","arguments":"{\"a\":1}"}}]}"#,
    );
}

#[test]
fn ids_names_and_roles_may_be_repeated() {
    let piece = r#"{"role":"assistant","content":"a","tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"f","arguments":"1"}}]}"#;
    let empty = r#"{"tool_calls":[{"index":0,"id":"","function":{"name":"","arguments":"2"}}]}"#;
    check(
        &[piece, piece, empty],
        r#"{"role":"assistant","content":"aa","refusal":null,"tool_calls":[{"type":"function","id":"call_1","function":{"name":"f","arguments":"112"}}]}"#,
    );
}

#[test]
fn an_empty_list_of_calls_is_none() {
    check(&[r#"{"content":"a","tool_calls":[]}"#], r#"{"role":"assistant","content":"a","refusal":null}"#);
}

#[test]
fn unknown_fields_of_deltas_are_joined() {
    check(
        &[
            r#"{"x":"a","y":[1],"z":{"id":"i","text":"b","n":1}}"#,
            r#"{"x":"c","y":[2],"z":{"id":"i","text":null,"n":2}}"#,
        ],
        r#"{"role":"assistant","content":null,"refusal":null,"x":"ac","y":[1,2],"z":{"id":"i","text":"b","n":2}}"#,
    );
}

#[test]
fn what_is_left_of_unknown_fields_keeps_its_order() {
    check(
        &[r#"{"audio":1,"z":1,"y":2,"x":3}"#],
        r#"{"role":"assistant","content":null,"refusal":null,"z":1,"y":2,"x":3}"#,
    );
    check(
        &[r#"{"tool_calls":[{"index":0,"id":"call_1","type":"mcp","z":1,"y":2}]}"#],
        r#"{"role":"assistant","content":null,"refusal":null,"tool_calls":[{"id":"call_1","type":"mcp","z":1,"y":2}]}"#,
    );
}

#[test]
fn spoken_answers_are_joined() {
    check(
        &[
            r#"{"audio":{"id":"audio_1","transcript":"a"}}"#,
            r#"{"audio":{"transcript":"b"}}"#,
            r#"{"audio":{"data":"AAAA"}}"#,
            r#"{"audio":{"data":"BBBB","expires_at":1}}"#,
        ],
        r#"{"role":"assistant","content":null,"refusal":null,"audio":{"id":"audio_1","expires_at":1,"data":"AAAABBBB","transcript":"ab"}}"#,
    );
}

#[test]
fn fields_that_an_answer_has_otherwise_are_lost() {
    let mut choice = ChunkChoice::finish(0, FinishReason::Stop);
    choice.delta.extra.insert("audio".to_owned(), 1.into());
    choice.extra.insert("message".to_owned(), 1.into());
    let mut chunk = chunk(choice);
    chunk.extra.insert("metadata".to_owned(), 1.into());
    let completion = accumulate([chunk]).expect("it is finished");
    assert_eq!(read::<Completion>(&write(&completion)), completion);
}
