"""LangChain: its chat model, its agent loop in plain steps, and its embeddings."""

import asyncio
import importlib.util
import math
import os
from pathlib import Path

from program import PREFIX, library, ok

# LangChain counts tokens with tiktoken, which would fetch its tables: LiteLLM's package brings them along.
tables = Path(importlib.util.find_spec("litellm").origin).parent / "litellm_core_utils/tokenizers"
os.environ["TIKTOKEN_CACHE_DIR"] = str(tables)

from langchain_core.messages import HumanMessage  # noqa: E402
from langchain_core.tools import tool  # noqa: E402
from langchain_openai import ChatOpenAI, OpenAIEmbeddings  # noqa: E402
from pydantic import BaseModel  # noqa: E402


class Note(BaseModel):
    """A note."""

    title: str
    stars: int


@tool
def get_weather(city: str) -> str:
    """Tells the weather."""
    return f"sunny in {city}"


model = ChatOpenAI(model="echo", max_retries=0)


def check_chat():
    answer = model.invoke("hello there")
    assert answer.content == PREFIX + "hello there", answer
    assert answer.response_metadata["finish_reason"] == "stop", answer
    assert answer.usage_metadata["total_tokens"] > 0, answer
    ok("chat")


async def check_stream():
    whole = None
    async for chunk in model.astream("hello there"):
        whole = chunk if whole is None else whole + chunk
    assert whole.content == PREFIX + "hello there", whole
    # It asks for usage by itself of OpenAI alone: here it has to be told.
    chunks = list(ChatOpenAI(model="echo", stream_usage=True).stream("hello there"))
    assert [True for chunk in chunks if chunk.usage_metadata] == [True], chunks
    ok("stream")


def check_tools():
    able = model.bind_tools([get_weather])
    messages = [HumanMessage("please use get_weather")]
    answer = able.invoke(messages)
    [call] = answer.tool_calls
    assert call["name"] == "get_weather", call
    messages += [answer, get_weather.invoke(call)]
    final = able.invoke(messages)
    assert final.content.startswith(PREFIX + "sunny in ") and not final.tool_calls, final

    forced = model.bind_tools([get_weather], tool_choice="get_weather", parallel_tool_calls=False, strict=True)
    whole = None
    for chunk in forced.stream("hello"):
        whole = chunk if whole is None else whole + chunk
    assert [call["name"] for call in whole.tool_calls] == ["get_weather"], whole
    assert whole.tool_calls[0]["args"].keys() == {"city"}, whole
    ok("tool loop")


def check_structured():
    for method in ("json_schema", "function_calling"):
        note = model.with_structured_output(Note, method=method).invoke("hello there")
        assert isinstance(note, Note) and "hello there" in note.title, (method, note)
    answer = model.with_structured_output(method="json_mode", schema=None).invoke("hello there, in JSON")
    assert "hello there" in answer["message"], answer
    ok("structured output")


def check_embeddings():
    # As token arrays, LangChain's own way, and as plain texts.
    for plain in (False, True):
        embeddings = OpenAIEmbeddings(model="text-embedding-3-small", check_embedding_ctx_length=not plain)
        first, second, third = embeddings.embed_documents(["hello there", "hello you", "hello there"])
        assert len(first) == 1536 and first == third != second
        assert math.isclose(math.hypot(*first), 1, abs_tol=1e-4)
        assert embeddings.embed_query("hello there") == first
    ok("embeddings")


library("langchain-openai", "langchain-core")
check_chat()
asyncio.run(check_stream())
check_tools()
check_structured()
check_embeddings()
