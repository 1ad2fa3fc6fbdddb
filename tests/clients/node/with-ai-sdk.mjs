// Vercel's AI SDK, through its provider for compatible servers and through OpenAI's own in chat mode.

import assert from "node:assert/strict";

import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { embedMany, generateObject, generateText, Output, stepCountIs, streamObject, streamText, tool } from "ai";
import { z } from "zod";

import { PREFIX, library, ok } from "./program.mjs";

globalThis.AI_SDK_LOG_WARNINGS = false;
const baseURL = process.env.OPENAI_BASE_URL;
const apiKey = "fake-api-key";
const Note = z.object({ title: z.string(), stars: z.number().int() });

async function checkChat(model) {
  const { text, finishReason, usage } = await generateText({ model, prompt: "hello there" });
  assert.equal(text, PREFIX + "hello there");
  assert.equal(finishReason, "stop");
  assert.ok(usage.totalTokens > 0);
  ok("chat");
}

async function checkStream(model) {
  const result = streamText({ model, prompt: "hello there" });
  const pieces = [];
  for await (const piece of result.textStream) pieces.push(piece);
  assert.equal(pieces.join(""), PREFIX + "hello there");
  assert.ok(pieces.length > 5);
  assert.ok((await result.usage).totalTokens > 0);
  ok("stream");
}

async function checkTools(model) {
  const cities = [];
  const execute = async ({ city }) => {
    cities.push(city);
    return "sunny";
  };
  const inputSchema = z.object({ city: z.string() });
  const tools = { get_weather: tool({ description: "Tells the weather.", inputSchema, execute }) };
  const options = { model, tools, prompt: "please use get_weather", stopWhen: stepCountIs(5) };

  const whole = await generateText(options);
  assert.equal(whole.steps.length, 2);
  assert.equal(whole.steps[0].toolCalls[0].toolName, "get_weather");
  assert.equal(whole.text, PREFIX + "sunny");

  const streamed = streamText(options);
  assert.equal(await streamed.text, whole.text);
  assert.equal((await streamed.steps).length, 2);
  assert.equal(cities.length, 2);
  ok("tool loop");
}

async function checkStructured(model) {
  const { object } = await generateObject({ model, schema: Note, prompt: "hello there" });
  assert.match(object.title, /hello there/);
  const streamed = streamObject({ model, schema: Note, prompt: "hello there" });
  let last;
  for await (const partial of streamed.partialObjectStream) last = partial;
  assert.deepEqual([last, await streamed.object], [object, object]);
  const { output } = await generateText({ model, output: Output.object({ schema: Note }), prompt: "hello there" });
  assert.deepEqual(output, object);
  ok("structured output");
}

async function checkEmbeddings(model) {
  const { embeddings } = await embedMany({ model, values: ["hello there", "hello you", "hello there"] });
  const [first, second, third] = embeddings;
  assert.equal(first.length, 1536);
  assert.deepEqual(first, third);
  assert.notDeepEqual(first, second);
  assert.ok(Math.abs(Math.hypot(...first) - 1) < 1e-4);
  ok("embeddings");
}

async function check(name, chat, embedding) {
  library(name, "ai");
  await checkChat(chat);
  await checkStream(chat);
  await checkTools(chat);
  await checkStructured(chat);
  await checkEmbeddings(embedding);
}

const compatible = createOpenAICompatible({
  name: "antiphon",
  baseURL,
  apiKey,
  includeUsage: true,
  supportsStructuredOutputs: true,
});
await check("@ai-sdk/openai-compatible", compatible.chatModel("echo"), compatible.embeddingModel("echo"));

const openai = createOpenAI({ baseURL, apiKey });
await check("@ai-sdk/openai", openai.chat("echo"), openai.embedding("echo"));
