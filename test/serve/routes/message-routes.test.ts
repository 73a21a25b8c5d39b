import Anthropic, { APIError } from "@anthropic-ai/sdk";
import type { MessageCreateParamsNonStreaming } from "@anthropic-ai/sdk/resources/messages";
import { expect, onTestFinished, test } from "vitest";
import type { TestBatchServerOptions } from "../../../src/testing.js";
import { startBatchServer } from "../start-batch-server.js";

const params: MessageCreateParamsNonStreaming = {
  model: "claude-haiku-4-5",
  max_tokens: 100,
  messages: [{ role: "user", content: "Hi" }],
};

async function start(options: TestBatchServerOptions = {}) {
  const server = await startBatchServer(options);
  onTestFinished(() => server.close());
  const { baseURL, apiKey } = server;
  const client = new Anthropic({ baseURL: baseURL.replace(/\/v1$/, ""), apiKey, maxRetries: 0 });
  return { server, client, baseURL, apiKey };
}

async function waitFor(client: Anthropic, id: string) {
  for (;;) {
    const batch = await client.messages.batches.retrieve(id);
    if (batch.processing_status === "ended") return batch;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test("takes a batch of Anthropic's official client from its making to its results", async () => {
  const { client } = await start({ rehearse: { faults: ["400:wrong", "refusal:refused"] } });
  const ids = ["good", "wrong", "refused", "unlimited"];
  const created = await client.messages.batches.create({
    requests: ids.map((custom_id) => ({
      custom_id,
      params:
        custom_id === "unlimited"
          ? ({ ...params, max_tokens: undefined } as unknown as typeof params)
          : params,
    })),
  });
  expect(created).toMatchObject({ type: "message_batch", processing_status: "in_progress" });
  expect(created.request_counts.processing).toBe(4);
  const ended = await waitFor(client, created.id);
  expect(ended.request_counts).toEqual({ processing: 0, succeeded: 2, errored: 2, canceled: 0, expired: 0 });
  const results = new Map<string, unknown>();
  for await (const { custom_id, result } of await client.messages.batches.results(created.id))
    results.set(custom_id, result);
  expect(results.get("good")).toMatchObject({
    type: "succeeded",
    message: { type: "message", model: "rehearsal-claude-haiku-4-5", stop_reason: "end_turn" },
  });
  expect(results.get("refused")).toMatchObject({ message: { stop_reason: "refusal", content: [] } });
  expect(results.get("wrong")).toMatchObject({
    type: "errored",
    error: { error: { type: "invalid_request_error" } },
  });
  expect(results.get("unlimited")).toMatchObject({
    type: "errored",
    error: { error: { type: "invalid_request_error", message: expect.stringContaining("max_tokens") } },
  });
});

test("lists batches from the newest, a page at a time, and shows them to no client of OpenAI", async () => {
  const { client, baseURL, apiKey } = await start();
  const ids: string[] = [];
  for (let number = 0; number < 3; number += 1)
    ids.unshift((await client.messages.batches.create({ requests: [{ custom_id: "a", params }] })).id);
  const listed: string[] = [];
  for await (const { id } of client.messages.batches.list({ limit: 2 })) listed.push(id);
  expect(listed).toEqual(ids);
  const answer = await fetch(`${baseURL}/batches`, { headers: { authorization: `Bearer ${apiKey}` } });
  expect(await answer.json()).toMatchObject({ data: [] });
});

test("cancels a batch, whose requests are canceled then", async () => {
  const { client } = await start({ rehearse: { delayMs: 60_000 } });
  const { id } = await client.messages.batches.create({ requests: [{ custom_id: "a", params }] });
  await client.messages.batches.cancel(id);
  const ended = await waitFor(client, id);
  expect(ended.cancel_initiated_at).not.toBeNull();
  expect(ended.request_counts).toMatchObject({ canceled: 1 });
  const results = [];
  for await (const line of await client.messages.batches.results(id)) results.push(line);
  expect(results).toEqual([{ custom_id: "a", result: { type: "canceled" } }]);
});

test.each([
  [
    "an id that it refuses",
    [{ custom_id: "a/1", params }],
    "requests.0.custom_id: String should match pattern",
  ],
  [
    "an id twice",
    [
      { custom_id: "a", params },
      { custom_id: "a", params },
    ],
    "requests.1.custom_id",
  ],
  ["no request", [], "requests: "],
])("refuses a batch with %s, in Anthropic's shape", async (_what, requests, message) => {
  const { client } = await start();
  const refusal = await client.messages.batches.create({ requests }).catch((error: unknown) => error);
  if (!(refusal instanceof APIError)) throw refusal;
  expect(refusal).toMatchObject({ status: 400, type: "invalid_request_error" });
  expect(refusal.message).toContain(message);
});

test("answers messages one by one, with a structure and with tools", async () => {
  const { client } = await start();
  const schema = {
    type: "object",
    properties: { city: { type: "string" } },
    required: ["city"],
    additionalProperties: false,
  };
  const structured = await client.messages.create({
    ...params,
    output_config: { format: { type: "json_schema", schema } },
  });
  const [block] = structured.content;
  expect(JSON.parse(block?.type === "text" ? block.text : "")).toMatchObject({ city: expect.any(String) });
  const called = await client.messages.create({
    ...params,
    tools: [{ name: "weather", input_schema: { ...schema, type: "object" } }],
    tool_choice: { type: "any" },
  });
  expect(called).toMatchObject({ stop_reason: "tool_use", content: [{ type: "tool_use", name: "weather" }] });
});

test("takes its key where Anthropic's clients put it", async () => {
  const { baseURL } = await start({ apiKey: "the-key" });
  const ask = async (headers: Record<string, string>) =>
    (await fetch(`${baseURL}/messages/batches`, { headers })).status;
  expect(await ask({ "x-api-key": "the-key" })).toBe(200);
  expect(await ask({ "x-api-key": "another" })).toBe(401);
  expect(await ask({})).toBe(401);
});

test("says which answers nobody has seen of the live service", async () => {
  const { client, baseURL, apiKey } = await start();
  const { id } = await client.messages.batches.create({ requests: [{ custom_id: "a", params }] });
  const ask = (path: string) => fetch(`${baseURL}${path}`, { headers: { "x-api-key": apiKey } });
  const seen = await ask(`/messages/batches/${id}`);
  expect([seen.status, seen.headers.get("openbatch-unseen")]).toEqual([200, null]);
  const unseen = await ask("/messages/batches/msgbatch_none");
  expect([unseen.status, unseen.headers.get("openbatch-unseen")]).toEqual([404, "true"]);
  expect(await unseen.json()).toMatchObject({ type: "error", error: { type: "not_found_error" } });
});
