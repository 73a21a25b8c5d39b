import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import Anthropic from "@anthropic-ai/sdk";
import { expect, onTestFinished, test } from "vitest";
import { openJob, submitBatchFile } from "../../src/job/index.js";
import { openResults } from "../../src/results/index.js";
import { type BatchServerTrouble, startBatchServer } from "../../src/testing.js";
import { chatLine, toLines } from "../lines.js";
import { temporaryFolder } from "../temporary-folder.js";

interface StartOptions {
  readonly lines: readonly string[];
  readonly delayMs?: number;
  readonly trouble?: BatchServerTrouble;
}

async function start({ lines, delayMs = 0, trouble = {} }: StartOptions) {
  const folder = temporaryFolder();
  const file = join(folder, "requests.jsonl");
  writeFileSync(file, toLines(lines));
  const server = await startBatchServer({ rehearse: { delayMs }, trouble });
  onTestFinished(() => server.close());
  const { baseURL, apiKey } = server;
  const results = join(folder, "requests.rehearsal.jsonl");
  const own = { baseURL, apiKey, provider: "anthropic", pollSeconds: 0.05 } as const;
  const client = new Anthropic({ baseURL: baseURL.replace(/\/v1$/, ""), apiKey });
  const listBatches = async () => (await client.messages.batches.list()).data;
  return { folder, file, results, own, listBatches, client };
}

const claude = { model: "claude-haiku-4-5", max_tokens: 200 };

test("gives typed results under the user's own ids, with the service's lines beside them", async () => {
  const { folder, file, results, own, listBatches } = await start({
    lines: [chatLine("a/1", claude), chatLine("ü 2", claude), chatLine("c", { ...claude, max_tokens: 2 })],
  });
  const summary = await submitBatchFile(file, own);
  expect(summary).toMatchObject({ requests: 3, succeeded: 3, failed: 0, left: 0 });
  expect(await listBatches()).toHaveLength(1);
  await using opened = await openResults({ requests: file, results });
  expect(await opened.get("ü 2")).toMatchObject({
    status: "succeeded",
    url: "/v1/chat/completions",
    finish: "stop",
  });
  expect(await opened.get("c")).toMatchObject({ problem: { code: "truncated_answer" } });
  const kept = readFileSync(join(folder, "requests.rehearsal.job", "downloads", "1-0.jsonl"), "utf8");
  expect(kept).toContain('"custom_id":"r1"');
  // What was sent is made of the batch file again where it is needed again.
  expect(readdirSync(join(folder, "requests.rehearsal.job", "parts"))).toEqual(["1.lines"]);
});

test("names the models as it was told, also to another process", async () => {
  const { file, own } = await start({ lines: [chatLine("a", { max_tokens: 5 })] });
  const summary = await submitBatchFile(file, { ...own, modelNames: { "gpt-4o-mini": "claude-haiku-4-5" } });
  expect(summary.parts).toMatchObject([{ model: "claude-haiku-4-5", endpoint: "/v1/messages" }]);
  const { baseURL, apiKey, provider } = own;
  const job = await openJob(file, { baseURL, apiKey, provider });
  expect(await job.status()).toMatchObject({ succeeded: 1 });
  await job.close();
  // What is appended goes by the same names.
  appendFileSync(file, `${chatLine("b", { max_tokens: 5 })}\n`);
  expect(await submitBatchFile(file, own)).toMatchObject({ succeeded: 2 });
});

test("tells what happened in words that are true of a service without files", async () => {
  const { file, own } = await start({ lines: [chatLine("a", claude)] });
  await submitBatchFile(file, own);
  const { baseURL, apiKey, provider } = own;
  const job = await openJob(file, { baseURL, apiKey, provider });
  const story: string[] = [];
  for await (const { text } of job.story()) story.push(text);
  await job.close();
  expect(story).toEqual([
    "1 request for claude-haiku-4-5 (/v1/messages), round 1: to be sent",
    "the batch is to be made",
    expect.stringMatching(/^is the batch msgbatch_\w+: in_progress$/),
    "has ended: ended, 1 of 1 done",
    "1 result put into the results file",
  ]);
});

test("asks again for what was cut off, and says of every answer where the service's line is", async () => {
  const { folder, file, results, own } = await start({ lines: [chatLine("a/1", { max_tokens: 2 })] });
  const modelNames = { "gpt-4o-mini": "claude-haiku-4-5" };
  await submitBatchFile(file, { ...own, modelNames });
  const summary = await submitBatchFile(file, { ...own, repair: ["truncated"], rounds: 1 });
  expect(summary).toMatchObject({ requests: 1, succeeded: 1 });
  const lines = readFileSync(results, "utf8").trim().split("\n");
  expect(lines).toHaveLength(2);
  for (const line of lines) {
    const { custom_id, source, response } = JSON.parse(line);
    expect(custom_id).toBe("a/1");
    const own = readFileSync(join(folder, source.file), "utf8").split("\n")[source.line - 1] ?? "";
    expect(JSON.parse(own).result.message.id).toBe(response.body.id);
  }
});

test("adopts the batch whose answer was lost, and makes no second one", async () => {
  const { file, own, listBatches } = await start({
    lines: [chatLine("a", claude), chatLine("b", claude)],
    trouble: { loseCreates: 1 },
  });
  const troubles: string[] = [];
  const onEvent = (event: { kind: string; message?: string }) => troubles.push(event.message ?? "");
  expect(await submitBatchFile(file, { ...own, onEvent })).toMatchObject({ succeeded: 2 });
  expect(await listBatches()).toHaveLength(1);
  expect(troubles.some((message) => message.includes("is taken for its batch"))).toBe(true);
});

test("asks which batch is its own where several look like it, and takes the one that is named", async () => {
  const { file, own, client, listBatches } = await start({
    lines: [chatLine("a", claude), chatLine("b", claude)],
    trouble: { loseCreates: 1 },
  });
  // Somebody else's, of the same time and size: its answer is the one that is lost, and it is made all the same.
  const params = { ...claude, messages: [{ role: "user" as const, content: "Hi" }] };
  const requests = ["x", "y"].map((custom_id) => ({ custom_id, params }));
  await client.messages.batches.create({ requests }, { maxRetries: 0 }).catch(() => undefined);
  await client.messages.batches.create({ requests });
  const adopt = await writeCreating(file, own);
  await expect(submitBatchFile(file, own)).rejects.toMatchObject({
    code: "several_candidates",
    message: expect.stringContaining("msgbatch_"),
  });
  expect(await submitBatchFile(file, { ...own, adopt })).toMatchObject({ succeeded: 2 });
  expect(await listBatches()).toHaveLength(3);
});

/** A job as a process leaves it that is killed while it makes a batch. */
async function writeCreating(file: string, own: Parameters<typeof submitBatchFile>[1]): Promise<string> {
  await submitBatchFile(file, { ...own, wait: false });
  const record = file.replace("requests.jsonl", "requests.rehearsal.job/job.json");
  const job = JSON.parse(readFileSync(record, "utf8")) as { parts: Record<string, unknown>[] };
  const [{ batch, word: _word, counts: _counts, submitted_at: _at, ...part } = {}] = job.parts;
  const since = new Date().toISOString();
  writeFileSync(record, JSON.stringify({ ...job, parts: [{ ...part, state: "creating", since }] }));
  return `${batch}`;
}

test("takes results that were cut, with nothing wrong to be seen, once more", async () => {
  const { file, own, listBatches } = await start({
    lines: [chatLine("a", claude), chatLine("b", claude), chatLine("c", claude)],
  });
  const cuts = [(text: string) => text.indexOf("\n") + 1, (text: string) => text.length - 9];
  await using proxy = await startProxy(own.baseURL, (path, text) => {
    const cut = path.endsWith("/results") ? cuts.shift() : undefined;
    return cut === undefined ? text : text.slice(0, cut(text));
  });
  const summary = await submitBatchFile(file, { ...own, baseURL: proxy.baseURL });
  expect(summary).toMatchObject({ succeeded: 3, failed: 0 });
  expect(cuts).toEqual([]);
  expect(await listBatches()).toHaveLength(1);
});

/** Passes everything on, with other bodies. */
async function startProxy(target: string, change: (path: string, body: string) => string) {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = "GET", url = "", headers } = request;
    const sent =
      method === "GET"
        ? {}
        : { body: Buffer.concat(chunks), headers: { "content-type": "application/json" } };
    const answer = await fetch(new URL(url, target), {
      method,
      ...sent,
      headers: { ...sent.headers, "x-api-key": `${headers["x-api-key"]}` },
    });
    const body = change(url, await answer.text());
    const rehearsal = answer.headers.get("openbatch-rehearsal");
    response.writeHead(answer.status, {
      connection: "close",
      ...(rehearsal === null ? {} : { "openbatch-rehearsal": rehearsal }),
    });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseURL: `http://127.0.0.1:${port}/v1`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test("refuses what cannot be said before anything is sent, and writes nothing", async () => {
  const { folder, file, own, listBatches } = await start({ lines: [chatLine("a", { ...claude, seed: 4 })] });
  await expect(submitBatchFile(file, own)).rejects.toMatchObject({
    code: "invalid_batch_file",
    message: expect.stringContaining("body.seed"),
  });
  expect(await listBatches()).toEqual([]);
  expect(existsSync(join(folder, "requests.rehearsal.job"))).toBe(false);
});

test("cancels what is there, and does not send it again", async () => {
  const { file, own, listBatches } = await start({ lines: [chatLine("a", claude)], delayMs: 60_000 });
  await submitBatchFile(file, { ...own, wait: false });
  const { baseURL, apiKey, provider } = own;
  const job = await openJob(file, { baseURL, apiKey, provider });
  expect(await job.cancel()).toHaveLength(1);
  const summary = await job.wait({ pollSeconds: 0.05 });
  expect(summary).toMatchObject({ succeeded: 0, left: 1 });
  await job.close();
  expect(await listBatches()).toHaveLength(1);
});
