import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type OpenResultsOptions, openResults, readResults } from "../../../src/results/index.js";
import { chatLine, requestLine, toLines } from "../../lines.js";
import { temporaryFolder } from "../../temporary-folder.js";

const folder = temporaryFolder();
const results = join(folder, "raw.jsonl");
const requests = join(folder, "requests.jsonl");

function answer(custom_id: string, text: string): string {
  const message = {
    ...{ id: "msg_1", type: "message", role: "assistant", model: "claude-haiku-4-5-20251001" },
    ...{
      content: [{ type: "text", text }],
      stop_reason: "end_turn",
      stop_sequence: null,
      stop_details: null,
    },
    usage: { input_tokens: 20, output_tokens: 5 },
  };
  return JSON.stringify({ custom_id, result: { type: "succeeded", message } });
}

function error(custom_id: string, type: string): string {
  const error = { type: "error", error: { type, message: "In its words", details: null }, request_id: null };
  return JSON.stringify({ custom_id, result: { type: "errored", error } });
}

async function read(options: Partial<OpenResultsOptions> = {}) {
  const all = [];
  for await (const result of readResults({ requests, results, from: "anthropic", ...options }))
    all.push(result);
  return all;
}

test("reads what Anthropic wrote, in any order, as results of the requests", async () => {
  writeFileSync(requests, toLines([chatLine("a"), chatLine("b"), chatLine("c"), chatLine("d")]));
  const expired = JSON.stringify({ custom_id: "d", result: { type: "expired" } });
  writeFileSync(
    results,
    toLines([error("c", "overloaded_error"), expired, answer("b", "B"), answer("a", "A")]),
  );
  expect(await read()).toMatchObject([
    { custom_id: "a", status: "succeeded", text: "A", usage: { total_tokens: 25 }, file: results, line: 4 },
    { custom_id: "b", status: "succeeded", text: "B", body: { object: "chat.completion" }, line: 3 },
    { custom_id: "c", status: "failed", statusCode: 529, error: { message: "In its words" } },
    { custom_id: "d", status: "expired" },
  ]);
});

test("gives requests their own ids back where they were called by their lines", async () => {
  writeFileSync(requests, toLines([chatLine("r2"), chatLine("ü/2"), chatLine("z")]));
  writeFileSync(results, toLines([answer("r1", "one"), answer("r2", "two"), answer("r9", "nobody's")]));
  await using opened = await openResults({ requests, results, from: "anthropic" });
  expect(await opened.get("r2")).toMatchObject({ text: "one" });
  expect(await opened.get("ü/2")).toMatchObject({ text: "two" });
  expect(opened.counts).toMatchObject({ succeeded: 2, missing: 1, strays: 1 });
});

test("keeps the messages of requests that were Anthropic's own", async () => {
  const own = { model: "claude-haiku-4-5", max_tokens: 5, messages: [] };
  writeFileSync(
    requests,
    toLines([requestLine("a", own, "/v1/messages"), JSON.stringify({ custom_id: "b", params: own })]),
  );
  writeFileSync(results, toLines([answer("a", "A"), answer("b", "B")]));
  expect(await read()).toMatchObject([
    { custom_id: "a", text: "A", finish: "end_turn", body: { type: "message" } },
    { custom_id: "b", text: "B", body: { type: "message" } },
  ]);
});

test("reads results without their batch file", async () => {
  writeFileSync(results, toLines([answer("a", "A"), '{"broken', answer("b", "B")]));
  expect(await read({ requests: undefined })).toMatchObject([
    { custom_id: "a", text: "A" },
    { custom_id: "b" },
  ]);
});

test("makes a failure of an answer that is nested too deep, and loses no other", async () => {
  writeFileSync(requests, toLines([chatLine("a"), chatLine("b")]));
  const input = `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`;
  const block = `{"type":"tool_use","id":"t","name":"f","input":${input}}`;
  const deep = answer("a", "").replace(/"content":\[.*?\]/, `"content":[${block}]`);
  writeFileSync(results, toLines([deep, answer("b", "B")]));
  expect(await read()).toMatchObject([
    { custom_id: "a", status: "failed", retryable: false },
    { custom_id: "b", text: "B" },
  ]);
});

test("refuses a service that is none", async () => {
  writeFileSync(results, toLines([answer("a", "A")]));
  const from = "antropic" as "anthropic";
  await expect(read({ requests: undefined, from })).rejects.toMatchObject({
    hint: "Did you mean anthropic?",
  });
});
