"""LiteLLM as a client: the `openai/` route, with this server as its `api_base`."""

import asyncio
import json
import math
import os

from program import PREFIX, library, ok

import litellm
from pydantic import BaseModel

# It says on stdout that it does not know the model's price.
litellm.suppress_debug_info = True
HERE = {"model": "openai/echo", "api_base": os.environ["OPENAI_BASE_URL"], "api_key": "fake-api-key", "num_retries": 0}
USER = [{"role": "user", "content": "hello there"}]
TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Tells the weather.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


class Note(BaseModel):
    title: str
    stars: int


def check_chat():
    answer = litellm.completion(**HERE, messages=USER)
    assert answer.choices[0].message.content == PREFIX + "hello there", answer
    assert answer.usage.total_tokens > 0
    ok("chat")


async def check_stream():
    options = {"stream": True, "stream_options": {"include_usage": True}}
    for chunks in (list(litellm.completion(**HERE, messages=USER, **options)),
                   [chunk async for chunk in await litellm.acompletion(**HERE, messages=USER, **options)]):
        whole = litellm.stream_chunk_builder(chunks, messages=USER)
        assert whole.choices[0].message.content == PREFIX + "hello there", whole
        assert whole.choices[0].finish_reason == "stop" and whole.usage.total_tokens > 0, whole
    ok("stream")


def check_tools():
    messages = [{"role": "user", "content": "please use get_weather"}]
    answer = litellm.completion(**HERE, messages=messages, tools=[TOOL])
    assert answer.choices[0].finish_reason == "tool_calls", answer
    [call] = answer.choices[0].message.tool_calls
    assert call.function.name == "get_weather" and json.loads(call.function.arguments)["city"], call
    messages += [answer.choices[0].message, {"role": "tool", "tool_call_id": call.id, "content": "sunny"}]
    final = litellm.completion(**HERE, messages=messages, tools=[TOOL])
    assert final.choices[0].message.content == PREFIX + "sunny", final

    chunks = list(litellm.completion(**HERE, messages=USER, tools=[TOOL], tool_choice="required", stream=True))
    [call] = litellm.stream_chunk_builder(chunks).choices[0].message.tool_calls
    assert call.function.name == "get_weather" and json.loads(call.function.arguments)["city"], call
    ok("tool loop")


def check_structured():
    answer = litellm.completion(**HERE, messages=USER, response_format=Note)
    assert "hello there" in Note.model_validate_json(answer.choices[0].message.content).title, answer
    answer = litellm.completion(**HERE, messages=USER, response_format={"type": "json_object"})
    assert "hello there" in json.loads(answer.choices[0].message.content)["message"], answer
    ok("structured output")


def check_embeddings():
    answer = litellm.embedding(**HERE, input=["hello there", "hello you", "hello there"])
    first, second, third = (entry["embedding"] for entry in answer.data)
    assert len(first) == 1536 and first == third != second
    assert math.isclose(math.hypot(*first), 1, abs_tol=1e-4)
    ok("embeddings")


def check_completions():
    answer = litellm.text_completion(**{**HERE, "model": "text-completion-openai/echo"}, prompt="hello", max_tokens=64)
    assert "hello" in answer.choices[0].text, answer
    ok("legacy completions")


library("litellm")
check_chat()
asyncio.run(check_stream())
check_tools()
check_structured()
check_embeddings()
check_completions()
