import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { LLMock } from "@copilotkit/aimock";
import { afterAll, beforeAll, expect, test } from "vitest";
import { executeBatchFile } from "../../src/execute.js";
import { readResults } from "../../src/results/reader/read-results.js";
import { chatRequest, embeddingLine, requestIds, requestLine, toLines } from "../lines.js";
import { temporaryFolder } from "../temporary-folder.js";

// A server of other people, which speaks the protocol as they understand it.
const mock = new LLMock({ port: 0 });
const folder = temporaryFolder();

beforeAll(async () => {
  mock.onMessage(/Say something about (.*)\./, { content: "Something." });
  mock.onEmbedding(/./, { embedding: [0.6, 0.8] });
  await mock.start();
});
afterAll(() => mock.stop());

const baseURL = () => `${mock.url}/v1`;

test("a server of other people answers chats, responses and embeddings", async () => {
  const file = join(folder, "mixed.jsonl");
  writeFileSync(
    file,
    toLines([
      chatRequest("chat"),
      requestLine("response", { input: "Say something about rain." }, "/v1/responses"),
      embeddingLine("embedding", "rain"),
      chatRequest("nowhere", { messages: [] }),
    ]),
  );
  const { output, ...summary } = await executeBatchFile(file, { baseURL: baseURL() });
  expect(summary).toMatchObject({ succeeded: 3, failed: 1 });
  const results = [];
  for await (const result of readResults({ requests: file, results: output })) results.push(result);
  expect(results).toMatchObject([
    { custom_id: "chat", status: "succeeded", text: "Something." },
    { custom_id: "response", status: "succeeded", text: "Something." },
    { custom_id: "embedding", status: "succeeded", embeddings: [expect.any(Float32Array)] },
    { custom_id: "nowhere", status: "failed" },
  ]);
});

test("its made-up trouble is survived: errors, bodies that are no JSON, cut connections", async () => {
  mock.setChaos({ dropRate: 0.1, malformedRate: 0.1, disconnectRate: 0.1 });
  const file = join(folder, "chaos.jsonl");
  writeFileSync(file, toLines(requestIds(40).map((id) => chatRequest(id))));
  const summary = await executeBatchFile(file, { baseURL: baseURL(), maxRetries: 20 });
  expect(summary).toMatchObject({ succeeded: 40, failed: 0 });
  expect(summary.retries).toBeGreaterThan(0);
});
