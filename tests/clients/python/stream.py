"""The official Python client reads streams of the echo."""

import unittest

from case import Case

PREFIX = "As a mock AI assistant, I can only echo your last message: "


def ask(text):
    return {"model": "any-model", "messages": [{"role": "user", "content": text}]}


class Stream(Case):
    def stream(self, text, **fields):
        return list(self.client.chat.completions.create(**ask(text), **fields, stream=True))

    def test_chunks_are_role_words_and_finish(self):
        chunks = self.stream("hello there")
        self.assertEqual(len({(chunk.id, chunk.created, chunk.model) for chunk in chunks}), 1)
        self.assertTrue(chunks[0].id.startswith("chatcmpl-"))
        self.assertEqual({chunk.object for chunk in chunks}, {"chat.completion.chunk"})
        deltas = [chunk.choices[0].delta for chunk in chunks]
        self.assertEqual((deltas[0].role, deltas[0].content), ("assistant", ""))
        self.assertEqual([delta.role for delta in deltas[1:]], [None] * 15)
        self.assertEqual("".join(delta.content or "" for delta in deltas), PREFIX + "hello there")
        self.assertEqual([chunk.choices[0].finish_reason for chunk in chunks], [None] * 15 + ["stop"])
        self.assertEqual([chunk.usage for chunk in chunks], [None] * 16)

    def test_usage_comes_last_where_asked_for(self):
        *chunks, last = self.stream("hello there", stream_options={"include_usage": True})
        self.assertEqual(last.choices, [])
        self.assertEqual((last.usage.prompt_tokens, last.usage.completion_tokens, last.usage.total_tokens), (9, 16, 25))
        self.assertEqual([chunk.usage for chunk in chunks], [None] * 16)

    def test_stop_and_limit_end_the_stream(self):
        chunks = self.stream("one two three", stop=["two", "zzz"])
        self.assertEqual("".join(chunk.choices[0].delta.content or "" for chunk in chunks), PREFIX + "one ")
        self.assertEqual(chunks[-1].choices[0].finish_reason, "stop")
        chunks = self.stream("hello", max_completion_tokens=2)
        self.assertEqual("".join(chunk.choices[0].delta.content or "" for chunk in chunks), "As a")
        self.assertEqual(chunks[-1].choices[0].finish_reason, "length")

    def test_choices_interleave(self):
        chunks = self.stream("hello", n=2)
        for index in (0, 1):
            choices = [chunk.choices[0] for chunk in chunks if chunk.choices[0].index == index]
            self.assertEqual("".join(choice.delta.content or "" for choice in choices), PREFIX + "hello")
            self.assertEqual(choices[-1].finish_reason, "stop")

    def test_raw_response_has_the_headers(self):
        raw = self.client.chat.completions.with_raw_response.create(**ask("hello"), stream=True)
        self.assertEqual(raw.headers["content-type"], "text/event-stream; charset=utf-8")
        self.assertTrue(raw.headers["x-request-id"].startswith("req_"))
        self.assertEqual(len(list(raw.parse())), 15)

    def test_streaming_response_can_be_read_line_by_line(self):
        with self.client.chat.completions.with_streaming_response.create(**ask("hello"), stream=True) as response:
            lines = [line for line in response.iter_lines() if line]
        self.assertEqual(lines[-1], "data: [DONE]")
        self.assertEqual(len(lines), 16)

    def test_stream_may_be_left_early(self):
        with self.client.chat.completions.create(**ask("hello"), stream=True) as stream:
            next(iter(stream))
        self.assertEqual(len(self.stream("again")), 15)

    def test_helper_gathers_the_answer(self):
        for n in (1, 3):
            with self.client.chat.completions.stream(**ask("hello"), n=n) as stream:
                events = [event.type for event in stream]
            completion = stream.get_final_completion()
            self.assertEqual([choice.message.content for choice in completion.choices], [PREFIX + "hello"] * n)
            self.assertEqual([choice.finish_reason for choice in completion.choices], ["stop"] * n)
            self.assertEqual(events.count("content.done"), n)

    def test_helper_gathers_usage(self):
        with self.client.chat.completions.stream(**ask("hello"), stream_options={"include_usage": True}) as stream:
            completion = stream.get_final_completion()
        self.assertEqual(completion.usage.total_tokens, 23)


if __name__ == "__main__":
    unittest.main()
