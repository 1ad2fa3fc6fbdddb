"""The official Python client does all that it can do with a GGUF model, which says what it likes."""

import json
import math

from openai import BadRequestError, OpenAI, pydantic_function_tool
from pydantic import BaseModel, Field

STORY = [{"role": "user", "content": "Tell a story."}]
SHORT = {"model": "smollm2", "temperature": 0, "max_completion_tokens": 16}


class Person(BaseModel):
    name: str = Field(max_length=12)
    age: int = Field(ge=0, le=99)


def ask(client, **fields):
    return client.chat.completions.create(**{**SHORT, "messages": STORY, **fields})


def check_chat(client):
    whole = ask(client)
    assert whole.choices[0].finish_reason == "length" and whole.usage.completion_tokens == 16, whole
    chunks = list(ask(client, stream=True, stream_options={"include_usage": True}))
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == whole.choices[0].message.content
    assert chunks[-1].usage.completion_tokens == 16, chunks[-1]


def check_schema(client):
    answer = client.chat.completions.parse(**{**SHORT, "max_completion_tokens": 100}, messages=STORY, response_format=Person)
    assert isinstance(answer.choices[0].message.parsed, Person), answer
    try:
        bad = {"type": "json_schema", "json_schema": {"name": "bad", "schema": {"type": "nonsense"}}}
        ask(client, response_format=bad)
    except BadRequestError as error:
        assert (error.code, error.param) == ("invalid_json_schema", "response_format"), error
    else:
        raise AssertionError("a schema that means nothing was taken")


def check_tools(client):
    tool = pydantic_function_tool(Person, name="note", description="Notes a person.")
    fields = {**SHORT, "max_completion_tokens": 100, "messages": STORY, "tools": [tool], "parallel_tool_calls": False}
    for choice in ("required", {"type": "function", "function": {"name": "note"}}):
        answer = client.chat.completions.parse(**fields, tool_choice=choice)
        [call] = answer.choices[0].message.tool_calls
        assert isinstance(call.function.parsed_arguments, Person), call
    history = [*STORY, answer.choices[0].message, {"role": "tool", "tool_call_id": call.id, "content": "noted"}]
    assert ask(client, messages=history, tools=[tool], tool_choice="none").choices[0].message.content
    with client.chat.completions.stream(**fields, tool_choice="required") as stream:
        [done] = [event for event in stream if event.type == "tool_calls.function.arguments.done"]
    assert json.loads(done.arguments) == json.loads(call.function.arguments), done


def check_choices(client):
    fields = {"n": 3, "temperature": 1, "seed": 7, "logprobs": True, "top_logprobs": 2}
    first, again = ask(client, **fields), ask(client, **fields)
    texts = [choice.message.content for choice in first.choices]
    assert len(set(texts)) == 3 and texts == [choice.message.content for choice in again.choices], texts
    for choice in first.choices:
        assert all(len(token.top_logprobs) == 2 and token.logprob <= 0 for token in choice.logprobs.content)
    word = ask(client).choices[0].message.content.split()[3]
    cut = ask(client, stop=[word]).choices[0]
    assert cut.finish_reason == "stop" and word not in cut.message.content, cut


def check_leaving(client):
    stream = ask(client, stream=True, max_completion_tokens=1000)
    next(iter(stream))
    stream.close()
    assert ask(client, max_completion_tokens=1).usage.completion_tokens == 1


def check_others(client):
    answer = client.completions.create(model="smollm2", prompt="The capital of France is", max_tokens=2, temperature=0)
    assert answer.choices[0].text.startswith(" Paris"), answer
    vectors = [entry.embedding for entry in client.embeddings.create(model="smollm2", input=["one", "two"]).data]
    assert all(math.isclose(math.hypot(*vector), 1, abs_tol=1e-4) for vector in vectors)
    assert [model.id for model in client.models.list()] == ["smollm2"]


with OpenAI(max_retries=0) as openai:
    for check in (check_chat, check_schema, check_tools, check_choices, check_leaving, check_others):
        check(openai)
