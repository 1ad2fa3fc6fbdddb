"""The official Python client reads whole answers of the echo."""

import unittest

from case import Case

PREFIX = "As a mock AI assistant, I can only echo your last message: "


def ask(text):
    return {"model": "any-model", "messages": [{"role": "user", "content": text}]}


class Whole(Case):
    def test_answer_has_every_field(self):
        answer = self.client.chat.completions.create(**ask("hello there"))
        self.assertTrue(answer.id.startswith("chatcmpl-"))
        self.assertIsInstance(answer.created, int)
        self.assertEqual(answer.object, "chat.completion")
        self.assertEqual(answer.model, "any-model")
        [choice] = answer.choices
        self.assertEqual((choice.index, choice.finish_reason, choice.logprobs), (0, "stop", None))
        self.assertEqual(choice.message.role, "assistant")
        self.assertEqual(choice.message.content, PREFIX + "hello there")
        self.assertIsNone(choice.message.refusal)
        self.assertIsNone(choice.message.tool_calls)
        self.assertEqual(answer.usage.prompt_tokens, 9)
        self.assertEqual(answer.usage.completion_tokens, 16)
        self.assertEqual(answer.usage.total_tokens, 25)
        self.assertIsNotNone(answer._request_id)

    def test_raw_response_has_the_headers(self):
        raw = self.client.chat.completions.with_raw_response.create(**ask("hello"))
        self.assertEqual(raw.status_code, 200)
        self.assertEqual(raw.headers["content-type"], "application/json")
        self.assertTrue(raw.headers["x-request-id"].startswith("req_"))
        self.assertGreaterEqual(int(raw.headers["openai-processing-ms"]), 0)
        self.assertEqual(raw.parse().choices[0].message.content, PREFIX + "hello")

    def test_stop_ends_the_answer_and_is_not_in_it(self):
        answer = self.client.chat.completions.create(**ask("one two three"), stop="two")
        self.assertEqual(answer.choices[0].message.content, PREFIX + "one ")
        self.assertEqual(answer.choices[0].finish_reason, "stop")

    def test_limits_end_the_answer_with_length(self):
        for limit in ({"max_tokens": 4}, {"max_completion_tokens": 4}):
            answer = self.client.chat.completions.create(**ask("hello"), **limit)
            self.assertEqual(answer.choices[0].message.content, "As a mock AI")
            self.assertEqual(answer.choices[0].finish_reason, "length")
            self.assertEqual(answer.usage.completion_tokens, 4)

    def test_n_choices_have_their_indexes(self):
        answer = self.client.chat.completions.create(**ask("hello"), n=3)
        self.assertEqual([choice.index for choice in answer.choices], [0, 1, 2])
        self.assertEqual({choice.message.content for choice in answer.choices}, {PREFIX + "hello"})
        self.assertEqual((answer.usage.prompt_tokens, answer.usage.completion_tokens), (8, 45))

    def test_fields_of_every_kind_are_taken(self):
        answer = self.client.chat.completions.create(
            model="any-model",
            messages=[
                {"role": "developer", "content": "be kind"},
                {"role": "user", "content": [{"type": "text", "text": "hello"}]},
            ],
            temperature=0.2,
            top_p=1,
            seed=7,
            user="someone",
            metadata={"k": "v"},
            service_tier="auto",
            reasoning_effort="low",
            logit_bias={"42": 1},
            extra_body={"top_k": 40, "nested": {"unknown": None}},
            extra_headers={"x-my-header": "1"},
        )
        self.assertEqual(answer.choices[0].message.content, PREFIX + "hello")

    def test_models_are_listed_and_found(self):
        models = self.client.models.list()
        self.assertEqual([model.id for model in models], ["echo"])
        model = self.client.models.retrieve("echo")
        self.assertEqual((model.id, model.object), ("echo", "model"))
        self.assertIsInstance(model.created, int)

    def test_base_url_may_end_in_v1(self):
        root = str(self.client.base_url).rstrip("/")
        for end in ("", "/", "/v1", "/v1/", "//v1"):
            client = self.client.with_options(base_url=root + end)
            self.assertEqual(client.chat.completions.create(**ask("hi")).choices[0].message.content, PREFIX + "hi")


if __name__ == "__main__":
    unittest.main()
