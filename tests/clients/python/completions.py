"""The official Python client reads legacy completions of a backend that says the prompt in capitals."""

import asyncio
import unittest

import openai
from openai import AsyncOpenAI

from case import Case


def ask(prompt, **fields):
    return {"model": "scripted", "prompt": prompt, **fields}


class Completions(Case):
    def test_answer_has_every_field(self):
        answer = self.client.completions.create(**ask("say it"))
        self.assertTrue(answer.id.startswith("cmpl-"))
        self.assertIsInstance(answer.created, int)
        self.assertEqual((answer.object, answer.model), ("text_completion", "scripted"))
        [choice] = answer.choices
        self.assertEqual((choice.index, choice.text, choice.finish_reason), (0, "SAY IT", "stop"))
        self.assertIsNone(choice.logprobs)
        self.assertEqual((answer.usage.prompt_tokens, answer.usage.completion_tokens, answer.usage.total_tokens), (2, 2, 4))

    def test_prompts_have_their_choices_in_order(self):
        answer = self.client.completions.create(**ask(["a", "b"], n=2, echo=True))
        self.assertEqual([choice.index for choice in answer.choices], [0, 1, 2, 3])
        self.assertEqual([choice.text for choice in answer.choices], ["aA", "aA", "bB", "bB"])

    def test_pieces_are_words_and_finish(self):
        pieces = list(self.client.completions.create(**ask("say it"), stream=True))
        self.assertEqual(len({(piece.id, piece.created, piece.model, piece.object) for piece in pieces}), 1)
        self.assertEqual([piece.choices[0].text for piece in pieces], ["SAY ", "IT", ""])
        self.assertEqual([piece.choices[0].finish_reason for piece in pieces], [None, None, "stop"])
        self.assertEqual([piece.usage for piece in pieces], [None] * 3)

    def test_usage_comes_last_where_asked_for(self):
        options = {"include_usage": True}
        *pieces, last = self.client.completions.create(**ask("say it"), stream=True, stream_options=options)
        self.assertEqual((last.choices, last.usage.total_tokens), ([], 4))
        self.assertEqual([piece.usage for piece in pieces], [None] * 3)

    def test_limits_and_stops_end_the_answer(self):
        answer = self.client.completions.create(**ask("one two three", max_tokens=1))
        self.assertEqual((answer.choices[0].text, answer.choices[0].finish_reason), ("ONE ", "length"))
        answer = self.client.completions.create(**ask("one two three", stop=["THR", "zzz"]))
        self.assertEqual((answer.choices[0].text, answer.choices[0].finish_reason), ("ONE TWO ", "stop"))

    def test_mistakes_raise_the_right_exception(self):
        with self.assertRaises(openai.BadRequestError) as raised:
            self.client.completions.create(**ask("p", logprobs=6))
        self.assertEqual((raised.exception.param, raised.exception.code), ("logprobs", "integer_above_max_value"))
        with self.assertRaises(openai.NotFoundError) as raised:
            self.client.chat.completions.create(model="scripted", messages=[{"role": "user", "content": "hi"}])
        self.assertEqual((raised.exception.param, raised.exception.code), ("model", None))


class Asynchronous(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.client = AsyncOpenAI(max_retries=0)

    async def asyncTearDown(self):
        await self.client.close()

    async def test_whole(self):
        answer = await self.client.completions.create(**ask("say it"))
        self.assertEqual(answer.choices[0].text, "SAY IT")

    async def test_many_streams_at_once_get_their_own_texts(self):
        async def text_of(prompt):
            stream = await self.client.completions.create(**ask(prompt), stream=True)
            return "".join([piece.choices[0].text async for piece in stream])

        texts = [f"text number {number}" for number in range(20)]
        self.assertEqual(await asyncio.gather(*map(text_of, texts)), [text.upper() for text in texts])


if __name__ == "__main__":
    unittest.main()
