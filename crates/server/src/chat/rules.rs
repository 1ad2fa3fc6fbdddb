//! The table of a chat request: every field of the API with its type, range and enum.
//!
//! Follows <https://platform.openai.com/docs/api-reference/chat/create>. To add a field of the API: name it here and in
//! `antiphon_types::chat::Request`.

use crate::validate::{Field, Key, Rule, fields, optional, required};

/// The whole request. An empty `messages` passes: whether a model takes it is the model's to say.
pub(crate) const REQUEST: Rule = Rule::Object(&[
    fields::MODEL,
    required("messages", Rule::Array { min: 0, max: 2_048, items: &MESSAGE }),
    fields::TEMPERATURE,
    fields::TOP_P,
    fields::N,
    fields::STREAM,
    fields::STREAM_OPTIONS,
    fields::STOP,
    optional("max_completion_tokens", LIMIT),
    optional("max_tokens", LIMIT),
    fields::FREQUENCY_PENALTY,
    fields::PRESENCE_PENALTY,
    fields::LOGIT_BIAS,
    optional("logprobs", Rule::Boolean),
    optional("top_logprobs", Rule::Integer { min: 0, max: 20 }),
    fields::SEED,
    optional("tools", Rule::Array { min: 1, max: 128, items: &TOOL }),
    optional("tool_choice", TOOL_CHOICE),
    optional("parallel_tool_calls", Rule::Boolean),
    optional("response_format", RESPONSE_FORMAT),
    optional("reasoning_effort", Rule::Choice(&["none", "minimal", "low", "medium", "high", "xhigh", "max"])),
    optional("verbosity", Rule::Choice(&["low", "medium", "high"])),
    optional("modalities", Rule::list(&Rule::Choice(&["text", "audio"]))),
    optional("audio", Rule::Object(AUDIO)),
    optional("prediction", Rule::Tagged { tag: "type", variants: &[("content", PREDICTION)] }),
    optional("web_search_options", Rule::Object(WEB_SEARCH)),
    optional("moderation", Rule::Object(MODERATION)),
    optional(
        "metadata",
        Rule::Map { keys: 16, key: Key::Text(64), value: &Rule::String { min: 0, max: 512 } },
    ),
    optional("store", Rule::Boolean),
    optional("service_tier", Rule::Choice(&["auto", "default", "flex", "scale", "priority", "fast"])),
    fields::USER,
    optional("safety_identifier", Rule::String { min: 0, max: 128 }),
    optional("prompt_cache_key", Rule::TEXT),
    optional("prompt_cache_options", Rule::Object(CACHE_OPTIONS)),
    optional("prompt_cache_retention", Rule::Choice(&["in_memory", "24h"])),
    optional("functions", Rule::Array { min: 1, max: 128, items: &Rule::Object(FUNCTION) }),
    optional("function_call", Rule::OneOf(&[Rule::Choice(&["none", "auto"]), Rule::Object(NAMED)])),
]);

const LIMIT: Rule = Rule::Integer { min: 1, max: i64::MAX };

// Messages. https://platform.openai.com/docs/api-reference/chat/create#chat_create-messages

const MESSAGE: Rule = Rule::Tagged {
    tag: "role",
    variants: &[
        ("system", INSTRUCTION),
        ("assistant", ASSISTANT),
        ("user", USER),
        ("function", FUNCTION_RESULT),
        ("tool", TOOL_RESULT),
        ("developer", INSTRUCTION),
    ],
};

const INSTRUCTION: &[Field] = &[required("content", TEXT_CONTENT), optional("name", Rule::TEXT)];
const USER: &[Field] = &[
    required(
        "content",
        Rule::OneOf(&[Rule::TEXT, Rule::Array { min: 1, max: usize::MAX, items: &USER_PART }]),
    ),
    optional("name", Rule::TEXT),
];
/// Content is null, absent or empty in a turn that called tools, and in one that said nothing.
const ASSISTANT: &[Field] = &[
    optional(
        "content",
        Rule::OneOf(&[Rule::TEXT, Rule::Array { min: 0, max: usize::MAX, items: &ASSISTANT_PART }]),
    ),
    optional("refusal", Rule::TEXT),
    // Not OpenAI's: other servers tell these, and clients send an answer back as it came.
    optional("reasoning_content", Rule::TEXT),
    optional("reasoning", Rule::TEXT),
    optional("name", Rule::TEXT),
    optional("audio", Rule::Object(&[required("id", Rule::TEXT)])),
    optional("tool_calls", Rule::list(&TOOL_CALL)),
    optional(
        "function_call",
        Rule::Object(&[required("name", Rule::TEXT), required("arguments", Rule::TEXT)]),
    ),
];
const TOOL_RESULT: &[Field] = &[required("content", TEXT_CONTENT), required("tool_call_id", Rule::TEXT)];
const FUNCTION_RESULT: &[Field] = &[optional("content", TEXT_CONTENT), required("name", Rule::TEXT)];

const TEXT_CONTENT: Rule =
    Rule::OneOf(&[Rule::TEXT, Rule::Array { min: 1, max: usize::MAX, items: &TEXT_PART }]);
const TEXT_PART: Rule = Rule::Tagged { tag: "type", variants: &[("text", TEXT)] };
const ASSISTANT_PART: Rule = Rule::Tagged {
    tag: "type",
    variants: &[("text", TEXT), ("refusal", &[required("refusal", Rule::TEXT)])],
};
const USER_PART: Rule = Rule::Tagged {
    tag: "type",
    variants: &[("text", TEXT), ("image_url", IMAGE), ("input_audio", AUDIO_INPUT), ("file", FILE)],
};

const BREAKPOINT: Field = optional(
    "prompt_cache_breakpoint",
    Rule::Object(&[required("mode", Rule::Choice(&["explicit"])), optional("ttl", Rule::TEXT)]),
);
const TEXT: &[Field] = &[required("text", Rule::TEXT), BREAKPOINT];
const IMAGE: &[Field] = &[
    required(
        "image_url",
        Rule::Object(&[
            required("url", Rule::String { min: 1, max: usize::MAX }),
            optional("detail", Rule::Choice(&["auto", "low", "high", "original"])),
        ]),
    ),
    BREAKPOINT,
];
const AUDIO_INPUT: &[Field] = &[
    required(
        "input_audio",
        Rule::Object(&[required("data", Rule::TEXT), required("format", Rule::Choice(&["wav", "mp3"]))]),
    ),
    BREAKPOINT,
];
const FILE: &[Field] = &[
    required(
        "file",
        Rule::Object(&[
            optional("filename", Rule::TEXT),
            optional("file_data", Rule::TEXT),
            optional("file_id", Rule::TEXT),
        ]),
    ),
    BREAKPOINT,
];

const TOOL_CALL: Rule = Rule::Tagged {
    tag: "type",
    variants: &[
        (
            "function",
            &[
                required("id", Rule::TEXT),
                required(
                    "function",
                    Rule::Object(&[required("name", Rule::TEXT), required("arguments", Rule::TEXT)]),
                ),
            ],
        ),
        (
            "custom",
            &[
                required("id", Rule::TEXT),
                required(
                    "custom",
                    Rule::Object(&[required("name", Rule::TEXT), required("input", Rule::TEXT)]),
                ),
            ],
        ),
    ],
};

// Tools and the form of the answer.

const TOOL: Rule = Rule::Tagged {
    tag: "type",
    variants: &[
        ("function", &[required("function", Rule::Object(FUNCTION))]),
        ("custom", &[required("custom", Rule::Object(CUSTOM))]),
    ],
};
const FUNCTION: &[Field] = &[
    required("name", Rule::Name),
    optional("description", Rule::TEXT),
    optional("parameters", Rule::Free),
    optional("strict", Rule::Boolean),
];
const CUSTOM: &[Field] = &[
    required("name", Rule::Name),
    optional("description", Rule::TEXT),
    optional(
        "format",
        Rule::Tagged {
            tag: "type",
            variants: &[("text", &[]), ("grammar", &[required("grammar", Rule::Object(GRAMMAR))])],
        },
    ),
];
const GRAMMAR: &[Field] =
    &[required("definition", Rule::TEXT), required("syntax", Rule::Choice(&["lark", "regex"]))];

const NAMED: &[Field] = &[required("name", Rule::TEXT)];
const TOOL_CHOICE: Rule = Rule::OneOf(&[
    Rule::Choice(&["none", "auto", "required"]),
    Rule::Tagged {
        tag: "type",
        variants: &[
            ("function", &[required("function", Rule::Object(NAMED))]),
            ("custom", &[required("custom", Rule::Object(NAMED))]),
            ("allowed_tools", &[required("allowed_tools", Rule::Object(ALLOWED_TOOLS))]),
        ],
    },
]);
const ALLOWED_TOOLS: &[Field] = &[
    required("mode", Rule::Choice(&["auto", "required"])),
    required("tools", Rule::Array { min: 1, max: usize::MAX, items: &ALLOWED_TOOL }),
];
const ALLOWED_TOOL: Rule = Rule::Tagged {
    tag: "type",
    variants: &[
        ("function", &[required("function", Rule::Object(NAMED))]),
        ("custom", &[required("custom", Rule::Object(NAMED))]),
    ],
};

const RESPONSE_FORMAT: Rule = Rule::Tagged {
    tag: "type",
    variants: &[
        ("text", &[]),
        ("json_object", &[]),
        ("json_schema", &[required("json_schema", Rule::Object(JSON_SCHEMA))]),
    ],
};
const JSON_SCHEMA: &[Field] = &[
    required("name", Rule::Name),
    optional("description", Rule::TEXT),
    optional("schema", Rule::Free),
    optional("strict", Rule::Boolean),
];

// The rarer options.

const AUDIO: &[Field] = &[
    required("voice", Rule::OneOf(&[Rule::TEXT, Rule::Object(&[required("id", Rule::TEXT)])])),
    required("format", Rule::Choice(&["wav", "aac", "mp3", "flac", "opus", "pcm16"])),
];
const PREDICTION: &[Field] = &[required("content", TEXT_CONTENT)];
const WEB_SEARCH: &[Field] = &[
    optional("search_context_size", Rule::Choice(&["low", "medium", "high"])),
    optional(
        "user_location",
        Rule::Tagged {
            tag: "type",
            variants: &[("approximate", &[required("approximate", Rule::Object(LOCATION))])],
        },
    ),
];
const LOCATION: &[Field] = &[
    optional("country", Rule::TEXT),
    optional("region", Rule::TEXT),
    optional("city", Rule::TEXT),
    optional("timezone", Rule::TEXT),
];
const MODERATION: &[Field] = &[
    required("model", Rule::TEXT),
    optional(
        "policy",
        Rule::Object(&[optional("input", MODERATION_MODE), optional("output", MODERATION_MODE)]),
    ),
];
const MODERATION_MODE: Rule = Rule::Object(&[required("mode", Rule::Choice(&["score", "block"]))]);
const CACHE_OPTIONS: &[Field] =
    &[optional("mode", Rule::Choice(&["implicit", "explicit"])), optional("ttl", Rule::TEXT)];
