import type { ChatCompletion } from "openai/resources/chat/completions";
import { expect, test } from "vitest";
import { createRehearsal, type RehearsalOptions } from "../../src/rehearse/index.js";
import { startBatchServer } from "../../src/testing/index.js";
import { bodyOf, chat, errorOf } from "./answer.js";

const tool = { type: "function", name: "f", parameters: { type: "object", properties: {} } };
const answering = (answers: RehearsalOptions["answers"], faults: readonly string[] = []) => ({
  rehearsal: createRehearsal({ answers, faults }),
});
const chatURL = "/v1/chat/completions";

test.each([
  [chatURL, { ...chat, tools: [{ type: "function", function: { name: "f" } }], tool_choice: "required" }],
  ["/v1/responses", { model: "gpt-4o-mini", input: "x", tools: [tool], tool_choice: "required" }],
  ["/v1/completions", { model: "m", prompt: "x" }],
  ["/v1/messages", { ...chat, max_tokens: 50 }],
])("a text is what the model wrote, in the form of %s", (url, body) => {
  const answer = bodyOf(
    url,
    body,
    answering(({ custom_id }) => `of ${custom_id}`),
  );
  expect(answer).toMatchObject({ model: expect.stringMatching(/^rehearsal-/) });
  expect(JSON.stringify(answer)).toContain('"of row-1"');
  expect(JSON.stringify(answer)).not.toMatch(/tool_calls":\[|"function_call"/);
});

test("an object is the whole body, and undefined leaves the answer as it is made up", () => {
  const body = { data: [{ embedding: [1] }] };
  const url = "/v1/embeddings";
  expect(
    bodyOf(
      url,
      { model: "m", input: "x" },
      answering(() => body),
    ),
  ).toEqual(body);
  expect(
    bodyOf(
      chatURL,
      chat,
      answering(() => undefined),
    ),
  ).toEqual(bodyOf(chatURL, chat));
});

test("a fault comes before it, and what would be refused is refused", () => {
  const own = answering(() => "x", ["429:row-1"]);
  expect(errorOf(chatURL, chat, own)).toMatchObject({ status: 429 });
  expect(
    errorOf(
      chatURL,
      { ...chat, temperature: 9 },
      answering(() => "x"),
    ),
  ).toMatchObject({ status: 400 });
});

test.each([
  ["a text where there is none", "/v1/embeddings", () => "x", "answers with none"],
  ["a promise", chatURL, async () => "x", "not waited for"],
  ["a number", chatURL, () => 5, "no object, text or undefined"],
  [
    "an error",
    chatURL,
    () => {
      throw new Error("no such row");
    },
    "threw: no such row",
  ],
])("%s is told in a 400", (_, url, answers, message) => {
  const body = { ...chat, input: "x" };
  // Plain JavaScript may give anything.
  const error = errorOf(url, body, answering(answers as never));
  expect(error).toMatchObject({ status: 400, message: expect.stringContaining(message) });
});

test("a server for tests gives it", async () => {
  await using server = await startBatchServer({ rehearse: { answers: ({ body }) => `to ${body.model}` } });
  const response = await fetch(`${server.baseURL}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(chat),
  });
  const completion = (await response.json()) as ChatCompletion;
  expect(completion.choices[0]?.message.content).toBe("to gpt-4o-mini");
});
