"""pydantic-ai: agents that answer, stream, call tools, and give typed output."""

import asyncio
import math

from pydantic import BaseModel
from pydantic_ai import Agent, Embedder, NativeOutput, ToolOutput
from pydantic_ai.embeddings.openai import OpenAIEmbeddingModel
from pydantic_ai.models.openai import OpenAIChatModel

from program import PREFIX, library, ok

model = OpenAIChatModel("echo")


class Note(BaseModel):
    title: str
    stars: int


def check_chat():
    result = Agent(model).run_sync("hello there")
    assert result.output == PREFIX + "hello there", result
    ok("chat")


async def check_stream():
    async with Agent(model).run_stream("hello there") as result:
        pieces = [piece async for piece in result.stream_text(delta=True, debounce_by=None)]
    assert "".join(pieces) == PREFIX + "hello there" and len(pieces) > 5, pieces
    ok("stream")


async def check_tools():
    agent = Agent(model)
    asked = []

    @agent.tool_plain
    def get_weather(city: str) -> str:
        """Tells the weather."""
        asked.append(city)
        return "sunny"

    result = await agent.run("please use get_weather")
    assert len(asked) == 1 and result.output == PREFIX + "sunny", (asked, result)
    async with agent.run_stream("please use get_weather again") as streamed:
        assert await streamed.get_output() == PREFIX + "sunny"
    assert len(asked) == 2, asked
    ok("tool loop")


def check_structured():
    for kind in (ToolOutput(Note), NativeOutput(Note)):
        note = Agent(model, output_type=kind).run_sync("hello there").output
        assert isinstance(note, Note) and "hello there" in note.title, (kind, note)
    ok("structured output")


async def check_embeddings():
    embedder = Embedder(OpenAIEmbeddingModel("echo"))
    first, second, third = (await embedder.embed_documents(["hello there", "hello you", "hello there"])).embeddings
    assert len(first) == 1536 and first == third != second
    assert math.isclose(math.hypot(*first), 1, abs_tol=1e-4)
    ok("embeddings")


library("pydantic-ai-slim")
check_chat()
asyncio.run(check_stream())
asyncio.run(check_tools())
check_structured()
asyncio.run(check_embeddings())
