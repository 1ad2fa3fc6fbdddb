"""The official Python client reads what a server behind Antiphon says beyond the API, and gives it back."""

import unittest

from openai import InternalServerError

from case import Case

SIGNATURE = {"google": {"thought_signature": "s-1"}}
WEATHER = {"name": "weather", "parameters": {"type": "object", "properties": {}}}


def ask(text, **fields):
    return {"model": "fast", "messages": [{"role": "user", "content": text}], **fields}


class ThroughUpstream(Case):
    def test_fields_of_the_server_come_whole(self):
        answer = self.client.chat.completions.create(**ask("fields"))
        message = answer.choices[0].message
        self.assertEqual((message.content, message.reasoning_content, message.citations), ("begin", "hm", ["u"]))
        self.assertEqual((answer.provider, answer.choices[0].stop_reason), ("p", 7))
        self.assertEqual(answer.usage.cost, 0.25)

    def test_fields_of_the_server_come_streamed(self):
        options = {"include_usage": True}
        chunks = list(self.client.chat.completions.create(**ask("fields", stream=True, stream_options=options)))
        choices = [choice for chunk in chunks for choice in chunk.choices]
        deltas = [choice.delta for choice in choices]
        self.assertEqual("".join(getattr(delta, "reasoning_content", None) or "" for delta in deltas), "hm")
        self.assertEqual([delta.citations for delta in deltas if hasattr(delta, "citations")], [["u"]])
        self.assertEqual([chunk.provider for chunk in chunks if hasattr(chunk, "provider")], ["p"])
        self.assertEqual([choice.stop_reason for choice in choices if hasattr(choice, "stop_reason")], [7])
        self.assertEqual(chunks[-1].usage.cost, 0.25)

    def test_fields_of_a_call_come_and_go_back(self):
        tools = {"tools": [{"type": "function", "function": WEATHER}]}
        answer = self.client.chat.completions.create(**ask("call", **tools))
        message = answer.choices[0].message
        [call] = message.tool_calls
        self.assertEqual((call.function.name, call.extra_content), ("weather", SIGNATURE))
        result = {"role": "tool", "tool_call_id": call.id, "content": "sunny"}
        history = [{"role": "user", "content": "call"}, message, result]
        final = self.client.chat.completions.create(model="fast", messages=history, **tools)
        self.assertEqual(final.choices[0].message.content, "signed")

        stream = self.client.chat.completions.create(**ask("call", stream=True, **tools))
        deltas = [call for chunk in stream for call in chunk.choices[0].delta.tool_calls or []]
        self.assertEqual([call.extra_content for call in deltas if hasattr(call, "extra_content")], [SIGNATURE])
        self.assertEqual((deltas[0].function.name, deltas[0].extra_content), ("weather", SIGNATURE))

    def test_log_probabilities_stay_with_their_tokens(self):
        answer = self.client.chat.completions.create(**ask("fields", logprobs=True))
        self.assertEqual([(one.token, one.logprob) for one in answer.choices[0].logprobs.content], [("begin", -0.5)])

    def test_failure_of_the_server_is_no_end(self):
        with self.assertRaises(InternalServerError) as raised:
            self.client.chat.completions.create(**ask("fail"))
        self.assertEqual(raised.exception.status_code, 502)
        self.assertNotIn("secret", str(raised.exception))

    def test_stream_may_be_left(self):
        with self.client.chat.completions.create(**ask("hang", stream=True)) as stream:
            texts = (chunk.choices[0].delta.content for chunk in stream)
            self.assertEqual(next(text for text in texts if text), "begin")


if __name__ == "__main__":
    unittest.main()
