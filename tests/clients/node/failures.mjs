// The official Node client meets a backend that fails.

import assert from "node:assert/strict";
import { test } from "node:test";

import OpenAI from "openai";

const client = new OpenAI({ maxRetries: 0 });
const create = (model, fields = {}, options = {}) =>
  client.chat.completions.create({ model, messages: [{ role: "user", content: "hello" }], ...fields }, options);

test("a rate limit before the first token is thrown", async () => {
  for (const stream of [false, true]) {
    await assert.rejects(() => create("busy", { stream }), (error) => {
      assert.equal(error.constructor, OpenAI.RateLimitError);
      assert.equal(error.code, "rate_limit_exceeded");
      return true;
    });
  }
});

test("a rate limit is retried", async () => {
  const answer = await create("busy-once", {}, { maxRetries: 1 });
  assert.equal(answer.choices[0].message.content, "fine");
});

test("a panic before the first token is an internal server error", async () => {
  for (const stream of [false, true]) {
    await assert.rejects(() => create("panic", { stream }), (error) => {
      assert.equal(error.constructor, OpenAI.InternalServerError);
      assert.deepEqual([error.status, error.type], [500, "server_error"]);
      return true;
    });
  }
});

test("a failure in mid-stream is thrown after what came before it", async () => {
  for (const [model, code] of [["late", "server_is_overloaded"], ["late-panic", null]]) {
    const texts = [];
    const read = async () => {
      for await (const chunk of await create(model, { stream: true })) texts.push(chunk.choices[0].delta.content);
    };
    await assert.rejects(read, (error) => {
      assert.ok(error instanceof OpenAI.APIError);
      assert.equal(error.code, code);
      return true;
    });
    assert.deepEqual(texts, ["", "one "]);
  }
});

test("other models go on", async () => {
  assert.equal((await create("fine")).choices[0].message.content, "fine");
});
