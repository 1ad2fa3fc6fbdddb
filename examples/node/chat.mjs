// Asks for one answer whole and for one as a stream. Needs `npm install openai`.

import OpenAI from "openai";

const client = new OpenAI({
  apiKey: "fake-api-key",
  baseURL: process.env.OPENAI_BASE_URL ?? "http://localhost:8000",
});
const request = { model: "gpt-1337-turbo-pro-max", messages: [{ role: "user", content: "Say this is a test" }] };

const answer = await client.chat.completions.create(request);
console.log(answer.choices[0].message.content);

for await (const chunk of await client.chat.completions.create({ ...request, stream: true })) {
  process.stdout.write(chunk.choices[0]?.delta?.content ?? "");
}
process.stdout.write("\n");
