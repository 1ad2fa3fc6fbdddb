//! Whole and streamed answers say the same, over every kind of event in every legal order.

use std::sync::OnceLock;

use antiphon_backend::{Capability, EchoBackend, Event, Extra, ModelInfo, Place, Tokenizer};
use antiphon_tests::{Request, Schemas, Scripted, Served, Step, Transcript, ask_model, send, streamed, with};
use antiphon_types::Usage;
use antiphon_types::chat::{self, Accumulator, FinishReason, TokenLogprob};
use proptest::collection::vec;
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// One event of a script, as it travels to the backend in the message.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Piece {
    choice: u32,
    says: Says,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
enum Says {
    Text(String),
    Reasoning(String),
    Refusal(String),
    Call { slot: u32, fragment: String, custom: bool },
    Extra { place: u8, slot: u32, field: String },
    Usage,
}

/// A server with two models that play the script in the message: one yields all choices, one is asked for each.
fn served() -> &'static Served {
    static SERVED: OnceLock<Served> = OnceLock::new();
    SERVED.get_or_init(|| {
        let named = |name| ModelInfo::new(name).with(Capability::Logprobs).with(Capability::Tools);
        let (scripted, native) = (named("scripted"), named("native").with(Capability::NativeChoices));
        Served::start(Scripted::new(play).models([scripted, native]))
    })
}

/// A server with an echo of these tokens.
fn echoes(tokenizer: Tokenizer) -> &'static Served {
    static ECHOES: [OnceLock<Served>; 2] = [const { OnceLock::new() }; 2];
    let place = usize::from(tokenizer == Tokenizer::Words);
    ECHOES[place].get_or_init(|| Served::start(EchoBackend::default().with_tokenizer(tokenizer)))
}

fn play(request: &chat::Request) -> Vec<Step> {
    let message = request.messages.first().map(|message| message.text().into_owned());
    let script: Vec<Piece> = serde_json::from_str(&message.unwrap_or_default()).unwrap_or_default();
    let choices = request.n.unwrap_or(1);
    let with_logprobs = request.logprobs == Some(true);
    let script: Vec<_> = script.into_iter().filter(|piece| piece.choice < choices).collect();
    let mut begun = Vec::new();
    let mut events = Vec::new();
    for (at, piece) in script.iter().enumerate() {
        events.extend(event(piece, with_logprobs, &mut begun));
        let is_last = !script[at + 1..].iter().any(|later| later.choice == piece.choice);
        if is_last && at % 2 == 0 {
            events.push(Event::finish(FinishReason::Stop).at(piece.choice));
        }
    }
    for choice in 0..choices {
        let is_over = |event: &Event| matches!(event, Event::Finish { choice: over, .. } if *over == choice);
        if !events.iter().any(is_over) {
            events.push(Event::finish(FinishReason::Stop).at(choice));
        }
    }
    events.into_iter().map(Step::Event).collect()
}

/// The event of a piece; nothing where it would break the contract.
fn event(piece: &Piece, with_logprobs: bool, begun: &mut Vec<(u32, u32)>) -> Vec<Event> {
    let tokens = |text: &str| [TokenLogprob::new(text, -0.5)];
    let events = match &piece.says {
        Says::Text(text) if with_logprobs => vec![Event::text(&**text).with_logprobs(tokens(text))],
        Says::Text(text) => vec![Event::text(&**text)],
        Says::Reasoning(text) => vec![Event::reasoning(&**text)],
        Says::Refusal(text) => vec![Event::refusal(&**text)],
        Says::Call { slot, fragment, custom } => {
            let id = format!("call_{}_{slot}", piece.choice);
            let start = if *custom { Event::custom_tool_call } else { Event::tool_call };
            let start =
                (!begun.contains(&(piece.choice, *slot))).then(|| start(*slot, Some(&*id), "f".to_owned()));
            begun.push((piece.choice, *slot));
            start.into_iter().chain([Event::arguments(*slot, &**fragment)]).collect()
        }
        Says::Extra { place, slot, field } => {
            let call = Place::ToolCall { choice: 0, slot: *slot };
            let places = [Place::Answer, Place::Choice(0), Place::Message(0), call];
            let fields = Extra::from_iter([("vendor".to_owned(), json!({"said": field, "list": [field]}))]);
            vec![Event::extra(places[usize::from(*place)], fields)]
        }
        Says::Usage if begun.contains(&(u32::MAX, 0)) => Vec::new(),
        Says::Usage => {
            begun.push((u32::MAX, 0));
            vec![Event::usage(Usage::new(7, 9))]
        }
    };
    events.into_iter().map(|event| event.at(piece.choice)).collect()
}

fn says() -> impl Strategy<Value = Says> {
    let text = || "[abä ]{1,3}";
    prop_oneof![
        4 => text().prop_map(Says::Text),
        1 => text().prop_map(Says::Reasoning),
        1 => text().prop_map(Says::Refusal),
        2 => (0..3_u32, "[a-c{}]{0,2}", any::<bool>())
            .prop_map(|(slot, fragment, custom)| Says::Call { slot, fragment, custom }),
        1 => (0..4_u8, 0..3_u32, text()).prop_map(|(place, slot, field)| Says::Extra { place, slot, field }),
        1 => Just(Says::Usage),
    ]
}

/// What a client asks for beside the script.
fn options() -> impl Strategy<Value = Value> {
    let stop = prop::option::of(vec("[abä]{1,2}", 1..=3));
    (1..=3_u32, stop, prop::option::of(1..6_u32), any::<bool>(), any::<bool>()).prop_map(
        |(n, stop, limit, logprobs, old)| {
            let tool = json!({"name": "f"});
            let tools = if old {
                json!({"functions": [tool]})
            } else {
                json!({"tools": [{"type": "function", "function": tool}]})
            };
            with(json!({"n": n, "stop": stop, "max_completion_tokens": limit, "logprobs": logprobs}), tools)
        },
    )
}

/// What both forms of an answer say: all but the id, the time, and how an empty text stands on the wire.
fn essence(mut completion: Value) -> Value {
    completion["id"].take();
    completion["created"].take();
    for choice in completion["choices"].as_array_mut().into_iter().flatten() {
        let message = &mut choice["message"];
        message["annotations"].take();
        if message["content"] == "" {
            message["content"].take();
        }
    }
    completion
}

fn joined(transcript: Transcript) -> Value {
    let mut accumulator = Accumulator::new();
    for chunk in transcript.chunks {
        accumulator.push(serde_json::from_value(chunk).expect("a chunk"));
    }
    json!(accumulator.finish().expect("every choice has finished"))
}

/// What a client asks of the echo: text, calls or JSON, cut or not.
fn of_the_echo() -> impl Strategy<Value = Value> {
    let schema = json!({"type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
        "required": ["city", "days"]});
    let tool = |name: &str| json!({"type": "function", "function": {"name": name, "parameters": schema}});
    let tools = json!([tool("weather"), tool("time")]);
    let format = json!({"type": "json_schema", "json_schema": {"name": "f", "schema": schema}});
    let wants = prop_oneof![
        Just(json!({})),
        Just(json!({"tools": tools, "tool_choice": "required"})),
        Just(json!({"tools": tools, "parallel_tool_calls": false})),
        Just(json!({"functions": [tools[0]["function"]], "function_call": {"name": "weather"}})),
        Just(json!({"response_format": {"type": "json_object"}})),
        Just(json!({"response_format": format})),
    ];
    let stop = prop::option::of(vec("[abä ]{1,3}", 1..=2));
    (wants, 1..=3_u32, stop, prop::option::of(1..30_u32), any::<bool>()).prop_map(
        |(wants, n, stop, limit, logprobs)| {
            with(json!({"n": n, "stop": stop, "max_completion_tokens": limit, "logprobs": logprobs}), wants)
        },
    )
}

/// Takes away the ids of calls, which the server makes for each answer.
fn without_call_ids(mut completion: Value) -> Value {
    for choice in completion["choices"].as_array_mut().into_iter().flatten() {
        for call in choice["message"]["tool_calls"].as_array_mut().into_iter().flatten() {
            call["id"].take();
        }
    }
    completion
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whole_and_streamed_answers_say_the_same(
        script in vec((0..3_u32, says()), 0..24),
        options in options(),
        native in any::<bool>(),
    ) {
        let script: Vec<_> = script.into_iter().map(|(choice, says)| Piece { choice, says }).collect();
        let model = if native { "native" } else { "scripted" };
        let body = with(ask_model(model, &json!(script).to_string()), options);
        let whole = send(served().address(), &Request::chat(&body));
        prop_assert_eq!(whole.status(), 200, "{}", whole.text());
        let usage = json!({"stream_options": {"include_usage": true}});
        let stream = send(served().address(), &Request::chat(&streamed(with(body, usage)))).transcript();
        if let Some(schemas) = Schemas::get() {
            schemas.check("CreateChatCompletionResponse", &whole.json());
        }
        prop_assert_eq!(essence(joined(stream)), essence(whole.json()));
    }
    #[test]
    fn whole_and_streamed_echoes_say_the_same(
        text in "[abä]{0,3}( [abä]{1,3}| weather| time|\n){0,8}",
        options in of_the_echo(),
        tokenizer in prop_oneof![Just(Tokenizer::O200kBase), Just(Tokenizer::Words)],
    ) {
        let served = echoes(tokenizer);
        let body = with(ask_model("echo", &text), options);
        let whole = send(served.address(), &Request::chat(&body));
        prop_assert_eq!(whole.status(), 200, "{}", whole.text());
        let usage = json!({"stream_options": {"include_usage": true}});
        let stream = send(served.address(), &Request::chat(&streamed(with(body, usage)))).transcript();
        if let Some(schemas) = Schemas::get() {
            schemas.check("CreateChatCompletionResponse", &whole.json());
        }
        prop_assert_eq!(without_call_ids(essence(joined(stream))), without_call_ids(essence(whole.json())));
    }
}
