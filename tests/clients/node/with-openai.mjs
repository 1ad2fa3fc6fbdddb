// The official Node client does all that it can do with the endpoints.

import assert from "node:assert/strict";

import OpenAI from "openai";
import { zodFunction, zodResponseFormat } from "openai/helpers/zod";
import { z } from "zod";

import { PREFIX, library, ok } from "./program.mjs";

const client = new OpenAI({ maxRetries: 0 });
const user = { model: "echo", messages: [{ role: "user", content: "hello there" }] };
const asked = { model: "echo", messages: [{ role: "user", content: "please use get_weather" }] };
const Note = z.object({ title: z.string(), stars: z.number().int() });

async function checkChat() {
  const { data, request_id } = await client.chat.completions.create(user).withResponse();
  assert.equal(data.choices[0].message.content, PREFIX + "hello there");
  assert.match(request_id, /^req_/);
  ok("chat");
}

async function checkStream() {
  let text = "";
  for await (const chunk of await client.chat.completions.create({ ...user, stream: true })) {
    text += chunk.choices[0].delta.content ?? "";
  }
  assert.equal(text, PREFIX + "hello there");

  const deltas = [];
  const runner = client.chat.completions.stream(user).on("content", (delta) => deltas.push(delta));
  assert.equal(await runner.finalContent(), PREFIX + "hello there");
  assert.equal(deltas.join(""), PREFIX + "hello there");
  ok("stream");
}

async function checkTools() {
  for (const stream of [false, true]) {
    const cities = [];
    const getWeather = zodFunction({
      name: "get_weather",
      description: "Tells the weather.",
      parameters: z.object({ city: z.string() }),
      function: ({ city }) => {
        cities.push(city);
        return "sunny";
      },
    });
    const runner = client.chat.completions.runTools({ ...asked, tools: [getWeather], stream });
    assert.equal(await runner.finalContent(), PREFIX + "sunny");
    assert.equal(cities.length, 1);
    assert.equal(await runner.finalFunctionToolCallResult(), "sunny");
  }
  ok("tool loop");
}

async function checkStructured() {
  const response_format = zodResponseFormat(Note, "note");
  const answer = await client.chat.completions.parse({ ...user, response_format });
  const note = answer.choices[0].message.parsed;
  assert.match(note.title, /hello there/);
  assert.ok(Number.isInteger(note.stars));
  const streamed = await client.chat.completions.stream({ ...user, response_format }).finalChatCompletion();
  assert.deepEqual(streamed.choices[0].message.parsed, note);
  ok("structured output");
}

async function checkEmbeddings() {
  const input = ["hello there", "hello you", "hello there"];
  // The client asks for base64 unless it is told, and decodes it itself.
  const byDefault = await client.embeddings.create({ model: "echo", input });
  const floats = await client.embeddings.create({ model: "echo", input, encoding_format: "float" });
  for (const answer of [byDefault, floats]) {
    const [first, second, third] = answer.data.map((entry) => entry.embedding);
    assert.equal(first.length, 1536);
    assert.deepEqual(first, third);
    assert.notDeepEqual(first, second);
    assert.ok(Math.abs(Math.hypot(...first) - 1) < 1e-4);
  }
  assert.deepEqual(byDefault.data[0].embedding, floats.data[0].embedding.map(Math.fround));
  const small = await client.embeddings.create({ model: "echo", input: [[1, 2, 3], [4]], dimensions: 8 });
  assert.deepEqual(small.data.map((entry) => entry.embedding.length), [8, 8]);
  ok("embeddings");
}

async function checkCompletions() {
  const request = { model: "echo", prompt: "hello", max_tokens: 64 };
  const whole = await client.completions.create(request);
  assert.match(whole.choices[0].text, /hello/);
  let text = "";
  for await (const chunk of await client.completions.create({ ...request, stream: true })) {
    text += chunk.choices[0].text;
  }
  assert.equal(text, whole.choices[0].text);
  ok("legacy completions");
}

async function checkModels() {
  const ids = [];
  for await (const model of client.models.list()) ids.push(model.id);
  assert.ok(ids.includes("echo"));
  assert.equal((await client.models.retrieve("echo")).id, "echo");
  ok("models");
}

library("openai");
await checkChat();
await checkStream();
await checkTools();
await checkStructured();
await checkEmbeddings();
await checkCompletions();
await checkModels();
