// The official Node client throws the right error for a caller's mistake.

import assert from "node:assert/strict";
import { test } from "node:test";

import OpenAI from "openai";

const client = new OpenAI({ maxRetries: 0 });
const create = (fields) =>
  client.chat.completions.create({ model: "echo", messages: [{ role: "user", content: "hello" }], ...fields });

async function check(call, kind, status, param, code) {
  await assert.rejects(call, (error) => {
    assert.equal(error.constructor, kind);
    assert.deepEqual([error.status, error.param, error.code], [status, param, code]);
    assert.equal(error.type, "invalid_request_error");
    assert.ok(error.requestID);
    return true;
  });
}

test("an unknown model is not found", async () => {
  for (const stream of [false, true]) {
    await check(() => create({ model: "nope", stream }), OpenAI.NotFoundError, 404, null, "model_not_found");
  }
  await check(() => client.models.retrieve("nope"), OpenAI.NotFoundError, 404, "model", "model_not_found");
});

test("values out of range are bad requests", async () => {
  for (const [fields, param, code] of [
    [{ temperature: 2.1 }, "temperature", "decimal_above_max_value"],
    [{ n: 0 }, "n", "integer_below_min_value"],
    [{ stop: ["a", "b", "c", "d", "e"], stream: true }, "stop", "array_above_max_length"],
    [{ temperature: "hot" }, "temperature", "invalid_type"],
    [{ messages: [{ role: "robot", content: "x" }] }, "messages[0].role", "invalid_value"],
    [{ top_logprobs: 3 }, "top_logprobs", null],
  ]) {
    await check(() => create(fields), OpenAI.BadRequestError, 400, param, code);
  }
});

test("an unknown path is not found", async () => {
  await check(() => client.get("/nope"), OpenAI.NotFoundError, 404, null, "unknown_url");
});
