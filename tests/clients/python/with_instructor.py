"""instructor: typed answers through tools, JSON schemas and plain JSON, whole and streamed."""

import asyncio

from program import library, ok

import instructor
from openai import AsyncOpenAI, OpenAI
from pydantic import BaseModel

ASK = {"model": "echo", "messages": [{"role": "user", "content": "hello there"}], "max_retries": 0}


class Note(BaseModel):
    title: str
    stars: int


class Said(BaseModel):
    message: str


def check(note):
    assert isinstance(note, Note) and "hello there" in note.title, note


def check_modes():
    modes = instructor.Mode
    for mode in (modes.TOOLS, modes.TOOLS_STRICT, modes.JSON_SCHEMA):
        client = instructor.from_openai(OpenAI(max_retries=0), mode=mode)
        check(client.chat.completions.create(**ASK, response_model=Note))
        note, completion = client.chat.completions.create_with_completion(**ASK, response_model=Note)
        check(note)
        assert completion.usage.total_tokens > 0
    ok("tools")
    # Plain JSON has the schema in the prompt alone, where an echo does not see it.
    client = instructor.from_openai(OpenAI(max_retries=0), mode=modes.JSON)
    said = client.chat.completions.create(**ASK, response_model=Said)
    assert "hello there" in said.message, said
    ok("structured output")


def check_stream():
    client = instructor.from_openai(OpenAI(max_retries=0), mode=instructor.Mode.TOOLS)
    *_, last = client.chat.completions.create_partial(**ASK, response_model=Note)
    assert "hello there" in last.title, last
    ok("stream")


async def check_async():
    client = instructor.from_openai(AsyncOpenAI(max_retries=0), mode=instructor.Mode.JSON_SCHEMA)
    check(await client.chat.completions.create(**ASK, response_model=Note))
    ok("async")


library("instructor", "openai")
check_modes()
check_stream()
asyncio.run(check_async())
