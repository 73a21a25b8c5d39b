import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import OpenAI, { AzureOpenAI } from "openai";
import { expect, test } from "vitest";
import { openJob, submitBatchFile } from "../../src/job.js";
import { startServer } from "../http/open-client.js";
import { temporaryFolder } from "../temporary-folder.js";
import { listBatches, startJob, toLines } from "./start-job.js";

function toFile(): string {
  const file = join(temporaryFolder(), "requests.jsonl");
  writeFileSync(file, toLines(1, 2));
  return file;
}

/** A server that refuses all, and keeps what it was sent. */
async function startListener() {
  const heard: { readonly url: string; readonly headers: NodeJS.Dict<string | string[]> }[] = [];
  const baseURL = await startServer(({ url = "", headers }, answer) => {
    heard.push({ url, headers });
    answer.writeHead(400, { "content-type": "application/json" }).end('{"error":{"message":"No."}}');
  });
  return { baseURL, heard };
}

test("a job goes through the client that is handed over, and is gone on with by its key in a text", async () => {
  await using own = await startJob(3, { apiKey: "the-key-of-the-server" });
  const { baseURL } = own.own;
  const client = new OpenAI({ baseURL, apiKey: "the-key-of-the-server" });
  expect(await submitBatchFile(own.file, { client, pollSeconds: 0.1, wait: false })).toMatchObject({
    requests: 3,
  });
  const summary = await submitBatchFile(own.file, { ...own.own, apiKey: "the-key-of-the-server" });
  expect(summary).toMatchObject({ succeeded: 3 });
  expect(await listBatches(own.openai)).toHaveLength(1);
  expect(readFileSync(join(own.job, "job.json"), "utf8")).not.toContain("the-key");
});

test("each request of it goes through the client's own fetch: uploads, polls and downloads too", async () => {
  await using own = await startJob(60);
  const { baseURL, apiKey } = own.own;
  const sent: string[] = [];
  const client = new OpenAI({
    ...{ baseURL, apiKey },
    fetch: (url, init) => {
      sent.push(`${init?.method} ${new URL(String(url)).pathname}`);
      return fetch(url, init);
    },
  });
  const before = own.calls.length;
  expect(await submitBatchFile(own.file, { client, pollSeconds: 0.1 })).toMatchObject({ succeeded: 60 });
  expect(sent).toContain("POST /v1/files");
  expect(sent).toContain("POST /v1/batches");
  expect(sent.some((call) => /^GET .*\/content$/.test(call))).toBe(true);
  expect(sent.some((call) => call.startsWith("DELETE /v1/files/"))).toBe(true);
  expect(sent).toEqual(own.calls.slice(before));
});

test("a batch that the service has no longer is told, and its requests are sent again when that is asked for", async () => {
  await using own = await startJob(3);
  const { baseURL, apiKey } = own.own;
  let lost = "none";
  const client = new OpenAI({
    ...{ baseURL, apiKey },
    fetch: async (url, init) => {
      const { pathname } = new URL(String(url));
      if (pathname.endsWith(`/batches/${lost}`))
        return Response.json({ error: { message: "Gone." } }, { status: 404 });
      const answer = await fetch(url, init);
      if (init?.method !== "GET" || !pathname.endsWith("/batches")) return answer;
      const { data } = (await answer.json()) as { data: { id: string }[] };
      const left = { data: data.filter(({ id }) => id !== lost), has_more: false };
      return Response.json(left, { headers: { "openbatch-rehearsal": "true" } });
    },
  });
  await submitBatchFile(own.file, { client, pollSeconds: 60, wait: false });
  lost = (await listBatches(own.openai))[0]?.id ?? "";
  // What was made just now may not be there yet.
  const record = join(own.job, "job.json");
  const longAgo = readFileSync(record, "utf8").replace(/("submitted_at": ")\d{4}/, "$12025");
  writeFileSync(record, longAgo);
  const options = { client, pollSeconds: 0.1 };
  for (let start = 0; start < 2; start += 1)
    await expect(submitBatchFile(own.file, options)).rejects.toMatchObject({
      code: "results_gone",
      summary: {
        gone: [{ batch: lost, requests: 3, problems: [{ message: expect.stringContaining("no batch_") }] }],
      },
    });
  expect(await listBatches(own.openai)).toHaveLength(1);
  expect(await submitBatchFile(own.file, { ...options, retryFailed: true })).toMatchObject({ succeeded: 3 });
});

test("organisation, project and headers of the client go with each request, and nothing that tells of the SDK", async () => {
  const { baseURL, heard } = await startListener();
  const client = new OpenAI({
    ...{ baseURL, apiKey: "sk-the-key", organization: "org-1", project: "proj-1" },
    defaultHeaders: { "x-team": "reviews", "x-none": null },
  });
  const output = join(temporaryFolder(), "out.jsonl");
  await expect(submitBatchFile(toFile(), { client, output })).rejects.toMatchObject({
    code: "service_refused",
  });
  const [{ headers } = { headers: {} }] = heard;
  expect(headers).toMatchObject({
    authorization: "Bearer sk-the-key",
    "openai-organization": "org-1",
    "openai-project": "proj-1",
    "x-team": "reviews",
    "user-agent": expect.stringMatching(/^openbatch\//),
  });
  expect(Object.keys(headers).filter((name) => /stainless|x-none/.test(name))).toEqual([]);
});

test("a key that is a function is asked for before each request", async () => {
  await using own = await startJob(2);
  const { baseURL } = own.own;
  const keys: (string | null)[] = [];
  let count = 0;
  const client = new OpenAI({
    baseURL,
    apiKey: async () => {
      count += 1;
      return `a-key-of-the-hour-${count}`;
    },
    fetch: (url, init) => {
      keys.push(new Headers(init?.headers).get("authorization"));
      return fetch(url, init);
    },
  });
  expect(await submitBatchFile(own.file, { client, pollSeconds: 0.1 })).toMatchObject({ succeeded: 2 });
  expect(new Set(keys).size).toBe(keys.length);
});

test("a client of Azure sends its key and its version as Azure takes them", async () => {
  const { baseURL, heard } = await startListener();
  const endpoint = baseURL.replace("/v1", "");
  const client = new AzureOpenAI({ endpoint, apiKey: "the-azure-key", apiVersion: "2024-10-21" });
  const output = join(temporaryFolder(), "out.jsonl");
  await submitBatchFile(toFile(), { client, output }).catch(() => undefined);
  expect(heard[0]).toMatchObject({
    url: "/openai/files?api-version=2024-10-21",
    headers: { "api-key": "the-azure-key" },
  });
});

test("another project is another account: it has to see the job's batches", async () => {
  await using own = await startJob(2, { stageMs: { in_progress: 60_000 } });
  const { baseURL, apiKey } = own.own;
  await submitBatchFile(own.file, {
    client: new OpenAI({ baseURL, apiKey, project: "proj-1" }),
    wait: false,
  });
  const look = async (project: string): Promise<number> => {
    const before = own.calls.length;
    const job = await openJob(own.file, { client: new OpenAI({ baseURL, apiKey, project }) });
    await job.refresh();
    await job.close();
    return own.calls.slice(before).filter((call) => call.startsWith("GET /v1/batches/")).length;
  };
  expect(await look("proj-1")).toBe(1);
  expect(await look("proj-2")).toBe(2);
});

test("a client beside a base URL or a key is refused, and so is what is no client", async () => {
  const client = new OpenAI({ baseURL: "http://127.0.0.1:1/v1", apiKey: "key" });
  const file = toFile();
  await expect(submitBatchFile(file, { client, apiKey: "other" })).rejects.toMatchObject({
    code: "invalid_option",
    message: "There is a client, and apiKey beside it.",
  });
  const wrong: object = { client: {} };
  await expect(submitBatchFile(file, wrong)).rejects.toMatchObject({ code: "invalid_option" });
  const without = new OpenAI({
    baseURL: "http://127.0.0.1:1/v1",
    apiKey: async () => Promise.reject(new Error("sk-1")),
  });
  await expect(submitBatchFile(file, { client: without })).rejects.toMatchObject({ code: "api_key_missing" });
});
