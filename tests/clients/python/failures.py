"""The official Python client meets a backend that fails."""

import unittest

import openai

from case import Case

MESSAGES = [{"role": "user", "content": "hello"}]


class Failures(Case):
    def create(self, model, **fields):
        return self.client.chat.completions.create(model=model, messages=MESSAGES, **fields)

    def test_rate_limit_before_the_first_token(self):
        for stream in (False, True):
            with self.assertRaises(openai.RateLimitError) as raised:
                self.create("busy", stream=stream)
            self.assertEqual(raised.exception.code, "rate_limit_exceeded")
            self.assertIn("retry-after", raised.exception.response.headers)

    def test_rate_limit_is_retried(self):
        client = self.client.with_options(max_retries=1)
        raw = client.chat.completions.with_raw_response.create(model="busy-once", messages=MESSAGES)
        self.assertEqual(raw.retries_taken, 1)
        self.assertEqual(raw.parse().choices[0].message.content, "fine")

    def test_panic_before_the_first_token(self):
        for stream in (False, True):
            with self.assertRaises(openai.InternalServerError) as raised:
                self.create("panic", stream=stream)
            self.assertEqual((raised.exception.status_code, raised.exception.type), (500, "server_error"))

    def test_failure_in_mid_stream(self):
        for model, code in (("late", "server_is_overloaded"), ("late-panic", None)):
            texts = []
            with self.assertRaises(openai.APIError) as raised:
                for chunk in self.create(model, stream=True):
                    texts.append(chunk.choices[0].delta.content)
            self.assertEqual(texts, ["", "one "])
            self.assertEqual(raised.exception.code, code)

    def test_failure_in_the_middle_of_a_whole_answer(self):
        with self.assertRaises(openai.InternalServerError) as raised:
            self.create("late")
        self.assertEqual((raised.exception.status_code, raised.exception.code), (503, "server_is_overloaded"))

    def test_other_models_go_on(self):
        self.assertEqual(self.create("fine").choices[0].message.content, "fine")


if __name__ == "__main__":
    unittest.main()
