"""The official Python client reads the embeddings of a backend that measures: an input's length, then tenths."""

import unittest

import openai
from openai import AsyncOpenAI

from case import Case


def ask(text, **fields):
    return {"model": "scripted", "input": text, **fields}


class Embeddings(Case):
    def check(self, vector, expected):
        self.assertEqual(len(vector), len(expected))
        for number, other in zip(vector, expected):
            self.assertAlmostEqual(number, other, places=7)

    def test_base64_is_the_default_of_the_client_and_decoded_by_it(self):
        answer = self.client.embeddings.create(**ask(["ab", "abc"]))
        self.assertEqual((answer.object, answer.model), ("list", "scripted"))
        self.assertEqual([(item.object, item.index) for item in answer.data], [("embedding", 0), ("embedding", 1)])
        self.check(answer.data[0].embedding, [2.0, 0.1, 0.1])
        self.check(answer.data[1].embedding, [3.0, 0.1, 0.1])
        self.assertEqual((answer.usage.prompt_tokens, answer.usage.total_tokens), (5, 5))

    def test_the_client_sends_for_base64(self):
        raw = self.client.embeddings.with_raw_response.create(**ask("ab"))
        self.assertIn('"embedding":"AAAAQM3MzD3NzMw9"', raw.text)

    def test_floats_and_base64_where_asked_for(self):
        floats = self.client.embeddings.create(**ask("ab", encoding_format="float"))
        self.assertEqual(floats.data[0].embedding, [2.0, 0.1, 0.1])
        text = self.client.embeddings.create(**ask("ab", encoding_format="base64"))
        self.assertEqual(text.data[0].embedding, "AAAAQM3MzD3NzMw9")

    def test_tokens_and_dimensions(self):
        answer = self.client.embeddings.create(**ask([[1, 2], [3]], dimensions=2))
        self.check(answer.data[0].embedding, [2.0, 0.1])
        self.check(answer.data[1].embedding, [1.0, 0.1])

    def test_mistakes_raise_the_right_exception(self):
        with self.assertRaises(openai.BadRequestError) as raised:
            self.client.embeddings.create(**ask(""))
        self.assertEqual((raised.exception.param, raised.exception.code), ("input", "string_below_min_length"))


class Asynchronous(unittest.IsolatedAsyncioTestCase):
    async def test_embedding(self):
        async with AsyncOpenAI(max_retries=0) as client:
            answer = await client.embeddings.create(**ask("ab"))
            self.assertEqual(len(answer.data[0].embedding), 3)


if __name__ == "__main__":
    unittest.main()
