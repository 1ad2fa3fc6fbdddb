"""LlamaIndex: its OpenAI-like model and embeddings, and an agent with a tool."""

import asyncio
import math
import os

from program import PREFIX, library, ok

from llama_index.core.agent.workflow import FunctionAgent
from llama_index.core.llms import ChatMessage
from llama_index.core.prompts import PromptTemplate
from llama_index.core.tools import FunctionTool
from llama_index.embeddings.openai_like import OpenAILikeEmbedding
from llama_index.llms.openai_like import OpenAILike
from pydantic import BaseModel

HERE = {"api_base": os.environ["OPENAI_BASE_URL"], "api_key": "fake-api-key", "max_retries": 0}
USER = [ChatMessage(role="user", content="hello there")]
model = OpenAILike(model="echo", is_chat_model=True, is_function_calling_model=True, **HERE)


class Note(BaseModel):
    """A note."""

    title: str
    stars: int


def check_chat():
    answer = model.chat(USER)
    assert answer.message.content == PREFIX + "hello there", answer
    ok("chat")


async def check_stream():
    *_, last = model.stream_chat(USER)
    assert last.message.content == PREFIX + "hello there", last
    pieces = [piece.delta async for piece in await model.astream_chat(USER)]
    assert "".join(pieces) == PREFIX + "hello there" and len(pieces) > 5, pieces
    ok("stream")


async def check_tools():
    asked = []

    def get_weather(city: str) -> str:
        """Tells the weather."""
        asked.append(city)
        return "sunny"

    tool = FunctionTool.from_defaults(get_weather)
    answer = model.predict_and_call([tool], "please use get_weather")
    assert answer.response == "sunny" and len(asked) == 1, (answer, asked)
    final = await FunctionAgent(tools=[tool], llm=model).run("please use get_weather")
    assert str(final) == PREFIX + "sunny" and len(asked) == 2, (final, asked)
    ok("tool loop")


def check_structured():
    note = model.structured_predict(Note, PromptTemplate("hello there"))
    assert isinstance(note, Note) and "hello there" in note.title, note
    schema = OpenAILike(model="echo", is_chat_model=True, should_use_structured_outputs=True, **HERE)
    note = schema.as_structured_llm(Note).chat(USER).raw
    assert isinstance(note, Note) and "hello there" in note.title, note
    ok("structured output")


def check_embeddings():
    embedding = OpenAILikeEmbedding(model_name="echo", **HERE)
    first, second, third = embedding.get_text_embedding_batch(["hello there", "hello you", "hello there"])
    assert len(first) == 1536 and first == third != second
    assert math.isclose(math.hypot(*first), 1, abs_tol=1e-4)
    assert embedding.get_query_embedding("hello there") == first
    ok("embeddings")


def check_completions():
    plain = OpenAILike(model="echo", is_chat_model=False, max_tokens=64, **HERE)
    assert "hello" in plain.complete("hello").text
    assert "hello" in "".join(piece.delta for piece in plain.stream_complete("hello"))
    ok("legacy completions")


library("llama-index-llms-openai-like", "llama-index-embeddings-openai-like")
check_chat()
asyncio.run(check_stream())
asyncio.run(check_tools())
check_structured()
check_embeddings()
check_completions()
