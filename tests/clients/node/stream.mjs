// The official Node client reads streams of the echo.

import assert from "node:assert/strict";
import { test } from "node:test";

import OpenAI from "openai";

const PREFIX = "As a mock AI assistant, I can only echo your last message: ";
const client = new OpenAI({ maxRetries: 0 });
const ask = (text) => ({ model: "any-model", messages: [{ role: "user", content: text }] });

async function chunksOf(text, fields = {}) {
  const chunks = [];
  for await (const chunk of await client.chat.completions.create({ ...ask(text), ...fields, stream: true })) {
    chunks.push(chunk);
  }
  return chunks;
}

const textOf = (chunks) => chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("");

test("chunks are role, words and finish", async () => {
  const chunks = await chunksOf("hello there");
  assert.equal(new Set(chunks.map(({ id, created, model }) => `${id} ${created} ${model}`)).size, 1);
  assert.deepEqual(chunks[0].choices[0].delta, { role: "assistant", content: "", refusal: null });
  assert.equal(textOf(chunks), PREFIX + "hello there");
  assert.deepEqual(chunks.map((chunk) => chunk.choices[0].finish_reason), [...Array(15).fill(null), "stop"]);
});

test("usage comes last where asked for", async () => {
  const chunks = await chunksOf("hello there", { stream_options: { include_usage: true } });
  const last = chunks.pop();
  assert.deepEqual(last.choices, []);
  assert.equal(last.usage.total_tokens, 25);
  assert.ok(chunks.every((chunk) => chunk.usage === null));
});

test("stop and limit end the stream", async () => {
  assert.equal(textOf(await chunksOf("one two three", { stop: ["two", "zzz"] })), PREFIX + "one ");
  const cut = await chunksOf("hello", { max_completion_tokens: 2 });
  assert.equal(textOf(cut), "As a");
  assert.equal(cut.at(-1).choices[0].finish_reason, "length");
});

test("the helper gathers the answer, of several choices too", async () => {
  for (const n of [1, 3]) {
    const runner = client.chat.completions.stream({ ...ask("hello"), n });
    const completion = await runner.finalChatCompletion();
    assert.deepEqual(completion.choices.map((choice) => choice.message.content), Array(n).fill(PREFIX + "hello"));
    assert.deepEqual(completion.choices.map((choice) => choice.finish_reason), Array(n).fill("stop"));
  }
});

test("a stream may be left early", async () => {
  const stream = await client.chat.completions.create({ ...ask("hello"), stream: true });
  for await (const chunk of stream) {
    assert.equal(chunk.choices[0].delta.role, "assistant");
    break;
  }
  assert.equal(textOf(await chunksOf("again")), PREFIX + "again");
});

test("many streams at once get their own texts", async () => {
  const texts = Array.from({ length: 50 }, (_, number) => `text number ${number}`);
  const answers = await Promise.all(texts.map(async (text) => textOf(await chunksOf(text))));
  assert.deepEqual(answers, texts.map((text) => PREFIX + text));
});
