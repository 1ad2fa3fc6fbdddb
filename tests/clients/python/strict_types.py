"""Every answer and every chunk is what the official client's types say, strictly, and holds no field beside them."""

import json

from openai import OpenAI
from openai.types import Completion, CreateEmbeddingResponse, Model
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from program import library, ok

# What is sent on purpose although the types do not know it: the text of a model that reasons, by both its names.
MORE = {f"choices.{place}.{name}" for place in ("message", "delta") for name in ("reasoning", "reasoning_content")}

USER = [{"role": "user", "content": "hello there"}]
PARAMETERS = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
FUNCTION = {"name": "get_weather", "parameters": PARAMETERS}
SCHEMA = {"name": "place", "schema": PARAMETERS, "strict": True}

CHATS = {
    "text": {},
    "choices": {"n": 3},
    "stop": {"stop": ["there", "zzz"]},
    "limit": {"max_completion_tokens": 3},
    "seed": {"seed": 7, "metadata": {"k": "v"}, "user": "someone", "service_tier": "auto"},
    "log probabilities": {"logprobs": True, "top_logprobs": 2},
    "tools": {"tools": [{"type": "function", "function": FUNCTION}], "tool_choice": "required"},
    "functions": {"functions": [FUNCTION], "function_call": {"name": "get_weather"}},
    "a JSON object": {"response_format": {"type": "json_object"}},
    "a JSON schema": {"response_format": {"type": "json_schema", "json_schema": SCHEMA}},
}
# What is asked of the models that are not an echo: each answers in its own way, whatever it is asked.
TOOLS = [{"type": "function", "function": FUNCTION}, {"type": "custom", "custom": {"name": "shell"}}]
OTHERS = {"tools": {"tools": TOOLS}}
STREAMS = {
    "usage": {"stream_options": {"include_usage": True}},
    "obfuscation": {"stream_options": {"include_obfuscation": True}},
}
COMPLETIONS = {
    "text": {},
    "choices": {"n": 2},
    "echo": {"echo": True},
    "suffix": {"suffix": "."},
    "log probabilities": {"logprobs": 2},
    "prompts": {"prompt": ["one", "two"]},
    "tokens": {"prompt": [[1, 2], [3]]},
    "limit": {"max_tokens": 1, "stop": "zzz"},
}
EMBEDDINGS = {
    "a text": {"input": "hello"},
    "texts": {"input": ["hello", "there"]},
    "tokens": {"input": [1, 2, 3]},
    "dimensions": {"input": [[1], [2]], "dimensions": 8},
}


def unknown(value, path=""):
    """The paths of all that a value holds and its type does not name."""
    if isinstance(value, list):
        for entry in value:
            yield from unknown(entry, path)
    elif hasattr(value, "model_fields_set"):
        for name in value.model_fields_set:
            inner = f"{path}.{name}".lstrip(".")
            if name in (value.model_extra or {}):
                yield inner
            else:
                yield from unknown(getattr(value, name), inner)


def check(kind, raw):
    """Reads a value as a type of the client, without any of the client's leniency."""
    more = set(unknown(kind.model_validate(raw, strict=True)))
    assert more <= MORE, (kind, more, raw)


def check_whole(kind, create, request):
    check(kind, json.loads(create.with_raw_response.create(**request).text))


def check_stream(kind, create, request):
    with create.with_streaming_response.create(**request, stream=True) as response:
        datas = [line.removeprefix("data: ") for line in response.iter_lines() if line]
    assert datas.pop() == "[DONE]" and len(datas) > 1, datas
    for data in datas:
        chunk = json.loads(data)
        if kind is Completion:
            # The client has no type of its own for these chunks, and null in this place until the end is OpenAI's way.
            for choice in chunk["choices"]:
                choice["finish_reason"] = choice["finish_reason"] or "stop"
        check(kind, chunk)


def check_models(client):
    raw = json.loads(client.models.with_raw_response.list().text)
    assert raw.keys() == {"object", "data"} and raw["object"] == "list", raw
    for model in raw["data"]:
        check(Model, model)
        check(Model, json.loads(client.models.with_raw_response.retrieve(model["id"]).text))
    assert raw["data"], raw
    ok("models")
    return [model["id"] for model in raw["data"]]


def check_chats(client, model, requests):
    chats = client.chat.completions
    for fields in requests.values():
        check_whole(ChatCompletion, chats, {"model": model, "messages": USER, **fields})
    ok(f"{model}: whole chats")
    if model == "custom":
        # The client has no type for a custom tool's call in a stream.
        return
    for fields in {**requests, **STREAMS}.values():
        check_stream(ChatCompletionChunk, chats, {"model": model, "messages": USER, **fields})
    ok(f"{model}: streamed chats")


def check_completions(client, model):
    for fields in COMPLETIONS.values():
        check_whole(Completion, client.completions, {"model": model, "prompt": "hello", **fields})
    ok(f"{model}: whole completions")
    for fields in {**COMPLETIONS, **STREAMS}.values():
        check_stream(Completion, client.completions, {"model": model, "prompt": "hello", **fields})
    ok(f"{model}: streamed completions")


def check_embeddings(client, model):
    for fields in EMBEDDINGS.values():
        request = {"model": model, "encoding_format": "float", **fields}
        check_whole(CreateEmbeddingResponse, client.embeddings, request)
    ok(f"{model}: embeddings")


library("openai")
with OpenAI(max_retries=0) as openai:
    for model in check_models(openai):
        check_chats(openai, model, CHATS if model == "echo" else OTHERS)
        if model == "echo":
            check_completions(openai, model)
            check_embeddings(openai, model)
