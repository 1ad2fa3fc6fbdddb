// The official Node client reads whole answers of the echo.

import assert from "node:assert/strict";
import { test } from "node:test";

import OpenAI from "openai";

const PREFIX = "As a mock AI assistant, I can only echo your last message: ";
const client = new OpenAI({ maxRetries: 0 });
const ask = (text) => ({ model: "any-model", messages: [{ role: "user", content: text }] });

test("an answer has every field", async () => {
  const answer = await client.chat.completions.create(ask("hello there"));
  assert.match(answer.id, /^chatcmpl-/);
  assert.ok(Number.isInteger(answer.created));
  assert.equal(answer.object, "chat.completion");
  assert.equal(answer.model, "any-model");
  assert.equal(answer.choices.length, 1);
  const { message, ...choice } = answer.choices[0];
  assert.deepEqual(choice, { index: 0, finish_reason: "stop", logprobs: null });
  assert.equal(message.role, "assistant");
  assert.equal(message.content, PREFIX + "hello there");
  assert.equal(message.refusal, null);
  const { prompt_tokens, completion_tokens, total_tokens } = answer.usage;
  assert.deepEqual([prompt_tokens, completion_tokens, total_tokens], [9, 16, 25]);
  assert.ok(answer._request_id);
});

test("the raw response has the headers", async () => {
  const { data, response, request_id } = await client.chat.completions.create(ask("hello")).withResponse();
  assert.equal(data.choices[0].message.content, PREFIX + "hello");
  assert.equal(response.headers.get("content-type"), "application/json");
  assert.match(request_id, /^req_/);
});

test("stop, limits and n are honoured", async () => {
  const stopped = await client.chat.completions.create({ ...ask("one two three"), stop: "two" });
  assert.equal(stopped.choices[0].message.content, PREFIX + "one ");
  assert.equal(stopped.choices[0].finish_reason, "stop");

  for (const limit of [{ max_tokens: 4 }, { max_completion_tokens: 4 }]) {
    const cut = await client.chat.completions.create({ ...ask("hello"), ...limit });
    assert.equal(cut.choices[0].message.content, "As a mock AI");
    assert.equal(cut.choices[0].finish_reason, "length");
  }

  const many = await client.chat.completions.create({ ...ask("hello"), n: 3 });
  assert.deepEqual(many.choices.map((choice) => choice.index), [0, 1, 2]);
});

test("models are listed and found", async () => {
  const ids = [];
  for await (const model of client.models.list()) ids.push(model.id);
  assert.deepEqual(ids, ["echo"]);
  assert.equal((await client.models.retrieve("echo")).object, "model");
});
