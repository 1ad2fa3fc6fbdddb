"""The official Python client does all that it can do with the endpoints."""

import asyncio
import json
import math

from openai import AsyncOpenAI, OpenAI, pydantic_function_tool
from pydantic import BaseModel

from program import PREFIX, library, ok

USER = [{"role": "user", "content": "hello there"}]
ASKED = [{"role": "user", "content": "please use get_weather"}]


class Note(BaseModel):
    title: str
    stars: int


class GetWeather(BaseModel):
    city: str
    days: int


TOOL = pydantic_function_tool(GetWeather, name="get_weather", description="Tells the weather.")


def check_chat(client):
    answer = client.chat.completions.create(model="echo", messages=USER)
    assert answer.choices[0].message.content == PREFIX + "hello there", answer
    raw = client.chat.completions.with_raw_response.create(model="echo", messages=USER)
    assert raw.headers["x-request-id"].startswith("req_")
    assert raw.parse().choices[0].message.content == PREFIX + "hello there"
    ok("chat")


def check_stream(client):
    chunks = client.chat.completions.create(model="echo", messages=USER, stream=True)
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert text == PREFIX + "hello there", text
    with client.chat.completions.stream(model="echo", messages=USER) as stream:
        events = list(stream)
    assert "".join(event.delta for event in events if event.type == "content.delta") == PREFIX + "hello there"
    ok("stream")


def check_tools(client):
    answer = client.chat.completions.parse(model="echo", messages=ASKED, tools=[TOOL])
    assert answer.choices[0].finish_reason == "tool_calls", answer
    [call] = answer.choices[0].message.tool_calls
    assert isinstance(call.function.parsed_arguments, GetWeather), call
    result = {"role": "tool", "tool_call_id": call.id, "content": "sunny"}
    history = [*ASKED, answer.choices[0].message, result]
    final = client.chat.completions.parse(model="echo", messages=history, tools=[TOOL])
    assert final.choices[0].finish_reason == "stop" and final.choices[0].message.content == PREFIX + "sunny", final

    with client.chat.completions.stream(model="echo", messages=USER, tools=[TOOL], tool_choice="required") as stream:
        done = [event for event in stream if event.type == "tool_calls.function.arguments.done"]
    assert [event.name for event in done] == ["get_weather"], done
    assert json.loads(done[0].arguments).keys() == {"city", "days"}
    ok("tool loop")


def check_structured(client):
    answer = client.chat.completions.parse(model="echo", messages=USER, response_format=Note)
    note = answer.choices[0].message.parsed
    assert isinstance(note, Note) and "hello there" in note.title, answer
    with client.chat.completions.stream(model="echo", messages=USER, response_format=Note) as stream:
        [done] = [event for event in stream if event.type == "content.done"]
    assert done.parsed == note, done
    answer = client.chat.completions.create(model="echo", messages=USER, response_format={"type": "json_object"})
    assert "hello there" in json.loads(answer.choices[0].message.content)["message"], answer
    ok("structured output")


def check_embeddings(client):
    texts = ["hello there", "hello you", "hello there"]
    # The client asks for base64 unless it is told, and decodes it itself.
    default = client.embeddings.create(model="echo", input=texts)
    floats = client.embeddings.create(model="echo", input=texts, encoding_format="float")
    for answer in (default, floats):
        first, second, third = (entry.embedding for entry in answer.data)
        assert len(first) == 1536 and first == third != second
        assert math.isclose(math.hypot(*first), 1, abs_tol=1e-4)
    assert all(math.isclose(a, b, abs_tol=1e-6) for a, b in zip(default.data[0].embedding, floats.data[0].embedding))
    raw = client.embeddings.with_raw_response.create(model="echo", input="hello", encoding_format="base64")
    assert isinstance(json.loads(raw.text)["data"][0]["embedding"], str)
    small = client.embeddings.create(model="echo", input=[[1, 2, 3], [4]], dimensions=8)
    assert [len(entry.embedding) for entry in small.data] == [8, 8]
    ok("embeddings")


def check_completions(client):
    answer = client.completions.create(model="echo", prompt=["hello", "there"], max_tokens=64)
    assert [choice.index for choice in answer.choices] == [0, 1]
    assert "hello" in answer.choices[0].text and "there" in answer.choices[1].text, answer
    chunks = list(client.completions.create(model="echo", prompt="hello", max_tokens=64, stream=True))
    assert "".join(chunk.choices[0].text for chunk in chunks) == answer.choices[0].text
    ok("legacy completions")


def check_models(client):
    ids = [model.id for model in client.models.list()]
    assert "echo" in ids and client.models.retrieve("echo").id == "echo", ids
    ok("models")


async def check_async():
    async with AsyncOpenAI(max_retries=0) as client:
        answer = await client.chat.completions.parse(model="echo", messages=USER, response_format=Note)
        assert "hello there" in answer.choices[0].message.parsed.title
        async with client.chat.completions.stream(model="echo", messages=ASKED, tools=[TOOL]) as stream:
            final = await stream.get_final_completion()
        assert final.choices[0].message.tool_calls[0].function.parsed_arguments.city
        many = await asyncio.gather(*(client.embeddings.create(model="echo", input=str(n)) for n in range(10)))
        assert len({tuple(answer.data[0].embedding) for answer in many}) == 10
    ok("async")


library("openai")
with OpenAI(max_retries=0) as openai:
    check_chat(openai)
    check_stream(openai)
    check_tools(openai)
    check_structured(openai)
    check_embeddings(openai)
    check_completions(openai)
    check_models(openai)
asyncio.run(check_async())
