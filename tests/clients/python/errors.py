"""The official Python client raises the right exception for a caller's mistake."""

import unittest

import openai
from openai import OpenAI

from case import Case

MESSAGES = [{"role": "user", "content": "hello"}]


class Errors(Case):
    def check(self, kind, status, param, code, call):
        with self.assertRaises(kind) as raised:
            call()
        error = raised.exception
        self.assertEqual(type(error), kind)
        self.assertEqual((error.status_code, error.param, error.code), (status, param, code))
        self.assertEqual(error.type, "invalid_request_error")
        self.assertEqual(set(error.body), {"message", "type", "param", "code"})
        self.assertIsNotNone(error.request_id)

    def create(self, **fields):
        return lambda: self.client.chat.completions.create(**{"model": "echo", "messages": MESSAGES, **fields})

    def test_unknown_model(self):
        for stream in (False, True):
            call = self.create(model="nope", stream=stream)
            self.check(openai.NotFoundError, 404, None, "model_not_found", call)
        call = lambda: self.client.models.retrieve("nope")
        self.check(openai.NotFoundError, 404, "model", "model_not_found", call)

    def test_values_out_of_range(self):
        for fields, param, code in (
            ({"temperature": 2.1}, "temperature", "decimal_above_max_value"),
            ({"top_p": -0.1}, "top_p", "decimal_below_min_value"),
            ({"n": 0}, "n", "integer_below_min_value"),
            ({"n": 129, "stream": True}, "n", "integer_above_max_value"),
            ({"stop": ["a"] * 5}, "stop", "array_above_max_length"),
            ({"temperature": "hot"}, "temperature", "invalid_type"),
            ({"messages": [{"role": "robot", "content": "x"}]}, "messages[0].role", "invalid_value"),
            ({"messages": [{"content": "x"}]}, "messages[0].role", "missing_required_parameter"),
            ({"top_logprobs": 3}, "top_logprobs", None),
            ({"stream_options": {"include_usage": True}}, "stream_options", None),
        ):
            with self.subTest(fields):
                self.check(openai.BadRequestError, 400, param, code, self.create(**fields))

    def test_unknown_path(self):
        call = lambda: self.client.get("/nope", cast_to=object)
        self.check(openai.NotFoundError, 404, None, "unknown_url", call)

    def test_wrong_method(self):
        with self.assertRaises(openai.APIStatusError) as raised:
            self.client.post("/models", cast_to=object, body={})
        self.assertEqual(raised.exception.status_code, 405)
        self.assertEqual(raised.exception.type, "invalid_request_error")

    def test_mistakes_are_not_retried(self):
        client = OpenAI(max_retries=2)
        with self.assertRaises(openai.BadRequestError) as raised:
            client.chat.completions.create(model="echo", messages=MESSAGES, n=0)
        self.assertEqual(raised.exception.response.request.headers["x-stainless-retry-count"], "0")


if __name__ == "__main__":
    unittest.main()
