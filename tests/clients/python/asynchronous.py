"""The official asynchronous Python client reads answers and streams of the echo."""

import asyncio
import unittest

from openai import AsyncOpenAI

PREFIX = "As a mock AI assistant, I can only echo your last message: "


def ask(text):
    return {"model": "any-model", "messages": [{"role": "user", "content": text}]}


async def text_of(client, text):
    stream = await client.chat.completions.create(**ask(text), stream=True)
    return "".join([chunk.choices[0].delta.content or "" async for chunk in stream])


class Asynchronous(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.client = AsyncOpenAI(max_retries=0)

    async def asyncTearDown(self):
        await self.client.close()

    async def test_whole(self):
        answer = await self.client.chat.completions.create(**ask("hello"))
        self.assertEqual(answer.choices[0].message.content, PREFIX + "hello")

    async def test_stream(self):
        self.assertEqual(await text_of(self.client, "hello"), PREFIX + "hello")

    async def test_many_streams_at_once_get_their_own_texts(self):
        texts = [f"text number {number}" for number in range(50)]
        answers = await asyncio.gather(*(text_of(self.client, text) for text in texts))
        self.assertEqual(answers, [PREFIX + text for text in texts])

    async def test_connection_is_used_again_after_a_stream(self):
        for number in range(5):
            self.assertEqual(await text_of(self.client, str(number)), PREFIX + str(number))

    async def test_raw_response_has_the_headers(self):
        raw = await self.client.chat.completions.with_raw_response.create(**ask("hello"))
        self.assertTrue(raw.headers["x-request-id"].startswith("req_"))

    async def test_helper_gathers_the_answer(self):
        async with self.client.chat.completions.stream(**ask("hello")) as stream:
            completion = await stream.get_final_completion()
        self.assertEqual(completion.choices[0].message.content, PREFIX + "hello")

    async def test_models_are_listed(self):
        self.assertEqual([model.id async for model in self.client.models.list()], ["echo"])

    async def test_stream_may_be_cancelled(self):
        stream = await self.client.chat.completions.create(**ask("hello"), stream=True)
        await anext(aiter(stream))
        await stream.close()
        self.assertEqual(await text_of(self.client, "again"), PREFIX + "again")


if __name__ == "__main__":
    unittest.main()
