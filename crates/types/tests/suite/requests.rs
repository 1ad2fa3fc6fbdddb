//! Requests as clients send them, and as the setters make them.

use antiphon_types::chat::{
    CustomFormat, CustomVoice, Function, GrammarSyntax, JsonSchema, Message, Modality, ReasoningEffort,
    Request, ResponseFormat, Role, ServiceTier, Stop, ToolChoice, ToolChoiceMode, Verbosity, Voice,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::support::{check_lossless, check_same, read, refused, write};

const MINIMAL: &str = r#"{"model": "m", "messages": []}"#;

/// Every optional field of a request.
const OPTIONAL: &[&str] = &[
    "temperature",
    "top_p",
    "n",
    "stream",
    "stream_options",
    "stop",
    "max_completion_tokens",
    "max_tokens",
    "frequency_penalty",
    "presence_penalty",
    "logit_bias",
    "logprobs",
    "top_logprobs",
    "seed",
    "user",
    "safety_identifier",
    "prompt_cache_key",
    "prompt_cache_options",
    "prompt_cache_retention",
    "metadata",
    "store",
    "service_tier",
    "reasoning_effort",
    "verbosity",
    "modalities",
    "audio",
    "prediction",
    "response_format",
    "tools",
    "tool_choice",
    "parallel_tool_calls",
    "moderation",
    "web_search_options",
    "function_call",
    "functions",
];

#[test]
fn wire_19_null_equals_absent_for_every_option() {
    let minimal: Request = read(MINIMAL);
    let mut nulls = json!({"model": "m", "messages": []});
    for option in OPTIONAL {
        nulls[option] = Value::Null;
        let alone = format!(r#"{{"model": "m", "messages": [], "{option}": null}}"#);
        assert_eq!(read::<Request>(&alone), minimal, "{option}");
    }
    assert_eq!(read::<Request>(&nulls.to_string()), minimal);
    assert_eq!(write(&minimal), r#"{"model":"m","messages":[]}"#);
}

#[test]
fn wire_18_unknown_fields_survive_at_every_level() {
    check_lossless::<Request>(
        r#"{
            "model": "m", "x": [1, 2.5, {"y": null}],
            "messages": [
                {"role": "system", "x": 1, "content": [{"type": "text", "text": "a", "x": 1}]},
                {"role": "user", "x": 1, "content": [
                    {"type": "image_url", "x": 1, "image_url": {"url": "u", "x": 1}},
                    {"type": "input_audio", "x": 1, "input_audio": {"data": "", "format": "wav", "x": 1}},
                    {"type": "file", "x": 1, "file": {"x": 1}}
                ]},
                {"role": "assistant", "x": 1, "audio": {"id": "a", "x": 1}, "tool_calls": [
                    {"id": "c", "type": "function", "x": 1, "function": {"name": "f", "arguments": "", "x": 1}}
                ]}
            ],
            "stream_options": {"x": 1}, "prompt_cache_options": {"x": 1},
            "audio": {"voice": {"id": "v", "x": 1}, "format": "wav", "x": 1},
            "prediction": {"type": "content", "content": "", "x": 1},
            "response_format": {"type": "json_schema", "x": 1, "json_schema": {"name": "n", "x": 1}},
            "tools": [{"type": "function", "x": 1, "function": {"name": "f", "x": 1}}],
            "tool_choice": {"type": "function", "x": 1, "function": {"name": "f", "x": 1}},
            "moderation": {"model": "m", "x": 1, "policy": {"x": 1, "input": {"mode": "score", "x": 1}}},
            "web_search_options": {"x": 1, "user_location": {"type": "approximate", "x": 1, "approximate": {"x": 1}}},
            "function_call": {"name": "f", "x": 1}
        }"#,
    );
}

#[test]
fn wire_20_max_completion_tokens_wins_over_max_tokens() {
    let request = Request::new("m", []);
    assert_eq!(request.token_limit(), None);
    let request = request.max_tokens(7);
    assert_eq!(request.token_limit(), Some(7));
    assert_eq!(request.max_completion_tokens(5).token_limit(), Some(5));
}

#[test]
fn wire_23_stop_is_a_string_or_an_array() {
    let stops = |stop: &str| read::<Request>(&format!(r#"{{"model": "m", "messages": [], "stop": {stop}}}"#));
    assert_eq!(stops(r#""a""#).stops(), ["a"]);
    assert_eq!(stops(r#"["a", "b"]"#).stops(), ["a", "b"]);
    assert_eq!(stops("[]").stops(), [""; 0]);
    assert_eq!(stops("null").stops(), [""; 0]);
    assert_eq!(refused::<Stop>("1"), "invalid type: integer `1`, expected a string or an array of strings");
    assert_eq!(refused::<Stop>("[1]"), "invalid type: integer `1`, expected a string");
}

#[test]
fn wire_23_logprobs_need_no_top_logprobs() {
    let request: Request = read(r#"{"model": "m", "messages": [], "logprobs": true, "stream": false}"#);
    assert_eq!((request.logprobs, request.top_logprobs), (Some(true), None));
    assert!(!request.is_streaming());
}

#[test]
fn setters_set_their_fields() {
    let request = Request::new("m", [Message::user("a")])
        .message(Message::user("b"))
        .streaming_with_usage()
        .temperature(0.5)
        .top_p(0.25)
        .n(2)
        .stop(["x", "y"])
        .max_completion_tokens(9)
        .max_tokens(8)
        .logprobs(3)
        .seed(-1)
        .metadata("key", "value")
        .reasoning_effort(ReasoningEffort::XHigh)
        .verbosity(Verbosity::Low)
        .service_tier(ServiceTier::Flex)
        .response_format(ResponseFormat::json_schema(
            JsonSchema::new("s", json!({})).description("d").strict(),
        ))
        .tools([Function::new("f").description("d").parameters(json!({})).strict()])
        .tool_choice(ToolChoiceMode::Required);
    let expected = json!({
        "model": "m",
        "messages": [{"role": "user", "content": "a"}, {"role": "user", "content": "b"}],
        "stream": true, "stream_options": {"include_usage": true},
        "temperature": 0.5, "top_p": 0.25, "n": 2, "stop": ["x", "y"],
        "max_completion_tokens": 9, "max_tokens": 8, "logprobs": true, "top_logprobs": 3, "seed": -1,
        "metadata": {"key": "value"}, "reasoning_effort": "xhigh", "verbosity": "low", "service_tier": "flex",
        "response_format": {"type": "json_schema",
            "json_schema": {"name": "s", "description": "d", "schema": {}, "strict": true}},
        "tools": [{"type": "function",
            "function": {"name": "f", "description": "d", "parameters": {}, "strict": true}}],
        "tool_choice": "required",
    });
    assert_eq!(read::<Value>(&write(&request)), expected);
    assert_eq!(read::<Request>(&expected.to_string()), request);
    assert!(request.is_streaming() && request.includes_usage());
    assert_eq!((request.choices(), Request::new("m", []).choices()), (2, 1));
}

#[test]
fn streaming_says_nothing_of_usage() {
    let request = Request::new("m", []).streaming();
    assert_eq!(write(&request), r#"{"model":"m","messages":[],"stream":true}"#);
    assert!(!request.includes_usage());
}

#[test]
fn logit_bias_is_written_as_integers_where_whole() {
    let bias = r#"{"model":"m","messages":[],"logit_bias":{"1":-100,"2":0.5,"3":0}}"#;
    assert_eq!(write(&read::<Request>(bias)), bias);
    let large = r#"{"model":"m","messages":[],"logit_bias":{"1":1e300}}"#;
    assert_eq!(read::<Request>(&write(&read::<Request>(large))), read::<Request>(large));
}

#[test]
fn numbers_pass_through_exactly() {
    let request =
        r#"{"model":"m","messages":[],"temperature":0.30000000000000004,"seed":9223372036854775807}"#;
    assert_eq!(write(&read::<Request>(request)), request);
}

#[test]
fn response_formats_have_three_forms() {
    assert_eq!(write(&ResponseFormat::text()), r#"{"type":"text"}"#);
    assert_eq!(write(&ResponseFormat::json_object()), r#"{"type":"json_object"}"#);
    let schema =
        r#"{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"},"strict":null}}"#;
    let ResponseFormat::JsonSchema(format) = read(schema) else { panic!("a schema") };
    assert_eq!((format.json_schema.name.as_str(), format.json_schema.strict), ("n", None));
    assert_eq!(refused::<ResponseFormat>(r#"{"type": "json_schema"}"#), "missing field `json_schema`");
}

#[test]
fn voices_are_names_or_ids() {
    assert_eq!(read::<Voice>(r#""alloy""#), Voice::from("alloy"));
    assert_eq!(read::<Voice>(r#"{"id": "voice_1"}"#), Voice::from(CustomVoice::new("voice_1")));
    assert_eq!(write(&Voice::from(CustomVoice::new("voice_1"))), r#"{"id":"voice_1"}"#);
}

#[test]
fn grammars_name_their_syntax() {
    let format = CustomFormat::grammar(GrammarSyntax::Lark, "start: WORD");
    let json = r#"{"type":"grammar","grammar":{"definition":"start: WORD","syntax":"lark"}}"#;
    assert_eq!(write(&format), json);
    assert_eq!(read::<CustomFormat>(json), format);
    check_same::<CustomFormat>(
        json,
        r#"{"grammar": {"syntax": "lark", "definition": "start: WORD"}, "type": "grammar"}"#,
    );
}

#[test]
fn unknown_values_of_options_survive() {
    let request = r#"{"model":"m","messages":[],"service_tier":"warp","reasoning_effort":"utmost","modalities":["smell"]}"#;
    let parsed: Request = read(request);
    assert_eq!(parsed.service_tier, Some(ServiceTier::Other("warp".to_owned())));
    assert_eq!(parsed.modalities, Some(vec![Modality::from("smell")]));
    assert_eq!(write(&parsed), request);
}

#[test]
fn options_of_an_unknown_kind_survive() {
    check_lossless::<Request>(
        r#"{"model": "m", "messages": [], "prediction": {"type": "outline", "outline": ["a"]},
            "web_search_options": {"user_location": {"type": "exact", "exact": {"latitude": 59.9}}}}"#,
    );
}

#[test]
fn wrong_types_are_refused() {
    let wrong = |field: &str| refused::<Request>(&format!(r#"{{"model":"m","messages":[],{field}}}"#));
    assert_eq!(wrong(r#""n":"1""#), "invalid type: string \"1\", expected u32");
    assert_eq!(wrong(r#""n":-1"#), "invalid value: integer `-1`, expected u32");
    assert_eq!(wrong(r#""stream":"true""#), "invalid type: string \"true\", expected a boolean");
    assert_eq!(refused::<Request>(r#"{"model": "m"}"#), "missing field `messages`");
    assert_eq!(refused::<Request>(r#"{"messages": []}"#), "missing field `model`");
}

#[test]
fn roles_and_choices_are_told() {
    assert_eq!(Message::developer("a").role(), Role::Developer);
    assert_eq!(ToolChoice::function("f").name(), Some("f"));
}

/// Compares the bytes of what is read and written again.
fn check_order<T: Serialize + DeserializeOwned>(json: &str) {
    assert_eq!(write(&read::<T>(json)), json);
}

#[test]
fn schemas_and_unknown_fields_keep_their_order() {
    let schema = r#"{"type":"object","properties":{"reasoning":{"type":"string"},"answer":{"type":"string"}},"required":["reasoning","answer"],"additionalProperties":false}"#;
    check_order::<Request>(&format!(
        r#"{{"model":"m","messages":[],"response_format":{{"type":"json_schema","json_schema":{{"name":"n","schema":{schema}}}}},"tools":[{{"type":"function","function":{{"name":"f","parameters":{schema}}}}}],"z":1,"y":{{"b":1,"a":2}},"x":3}}"#
    ));
}

#[test]
fn objects_of_an_unknown_kind_keep_their_order() {
    check_order::<ResponseFormat>(r#"{"type":"new","z":1,"y":{"b":1,"a":2},"x":3}"#);
    let format: ResponseFormat = read(r#"{"z":1,"type":"new","a":2}"#);
    assert_eq!(write(&format), r#"{"type":"new","z":1,"a":2}"#);
}
