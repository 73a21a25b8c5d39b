import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import OpenAI from "openai";
import type { Batch } from "openai/resources/batches";
import { describe, expect, onTestFinished, test } from "vitest";
import { startLoopbackServer } from "../execute/loopback-server.js";
import { chatLine, chatLines, embeddingLine, requestIds } from "../lines.js";
import { temporaryFolder } from "../temporary-folder.js";
import { createBatch, download, idsOf, upload, waitForEnd } from "./batches.js";
import { type ServerProcess, startServerProcess } from "./server-process.js";

const folder = temporaryFolder();

/** More kills than in CI: OPENBATCH_KILLS=200 npx vitest run killed-server */
const kills = Number(process.env.OPENBATCH_KILLS ?? 4);

/** The same waits in every run, between 0 and 400 ms. */
const waits = Array.from({ length: kills }, (_, index) => (index * 7919 + 113) % 400);

function clientOf({ baseURL }: ServerProcess): OpenAI {
  return new OpenAI({ baseURL, apiKey: "any", maxRetries: 0 });
}

/** Each request once, in one of the files, and counted. */
async function expectWhole(openai: OpenAI, batch: Batch, ids: readonly string[]): Promise<void> {
  const output = await download(openai, batch.output_file_id);
  const errors = await download(openai, batch.error_file_id);
  expect([...idsOf(output), ...idsOf(errors)].sort()).toEqual([...ids].sort());
  const executed = errors.filter(({ response }) => response !== null);
  expect(batch.request_counts).toEqual({
    total: ids.length,
    completed: output.length,
    failed: executed.length,
  });
  const tokens = output.map(({ response }) => Number(Object(response?.body.usage).total_tokens));
  expect(batch.usage?.total_tokens).toBe(tokens.reduce((sum, count) => sum + count, 0));
}

const options = ["--rehearse", "--fault", "slow:1:4", "--fault", "400:bad-*", "--concurrency", "8"];

describe("a server that is killed", () => {
  test("goes on with every batch to its end, and no request has two results", async () => {
    const data = join(folder, "killed");
    const args = [...options, "--data", data];
    let server = await startServerProcess(args);
    const batches: { readonly id: string; readonly ids: readonly string[] }[] = [];
    const cancelled = await createBatch(clientOf(server), chatLines(2000));
    for (const [index, waitMs] of waits.entries()) {
      const lines = [...chatLines(1 + ((index * 173 + 60) % 300)), chatLine("bad-1")];
      const { id } = await createBatch(clientOf(server), lines);
      batches.push({ id, ids: lines.map((line) => JSON.parse(line).custom_id) });
      if (index === 1) await clientOf(server).batches.cancel(cancelled.id);
      // Whoever is cut off in this may find a batch, or none.
      createBatch(clientOf(server), chatLines(3)).catch(() => undefined);
      await setTimeout(waitMs);
      await server.kill();
      server = await startServerProcess(args);
    }
    const openai = clientOf(server);
    for (const { id, ids } of batches) {
      const batch = await waitForEnd(openai, id);
      expect(batch.status).toBe("completed");
      await expectWhole(openai, batch, ids);
    }
    await openai.batches.cancel(cancelled.id);
    const batch = await waitForEnd(openai, cancelled.id);
    expect(batch.status).toBe("cancelled");
    const ids = requestIds(2000);
    await expectWhole(openai, batch, batch.in_progress_at === null ? [] : ids);
    for await (const { id } of openai.batches.list({ limit: 100 })) {
      expect((await waitForEnd(openai, id)).errors).toBeNull();
    }
    await server.kill("SIGTERM");
    expect(server.child.exitCode).toBe(130);
    // Nothing is left but the records and the contents of what can be seen.
    expect(readdirSync(join(data, "batches")).filter((name) => !name.endsWith(".json"))).toEqual([]);
    const files = readdirSync(join(data, "files"));
    expect(files.filter((name) => name.endsWith(".data"))).toHaveLength(files.length / 2);
  });

  test("asks its upstream again for no more than was under way", async () => {
    const upstream = await startLoopbackServer(() => ({ afterMs: 20 }));
    onTestFinished(() => upstream.close());
    const data = join(folder, "upstream");
    const args = ["--upstream", upstream.baseURL, "--concurrency", "4", "--data", data];
    const lines = chatLines(200);
    let server = await startServerProcess(args);
    const { id } = await createBatch(clientOf(server), lines);
    for (const [index, waitMs] of [150, 40, 260].entries()) {
      const before = upstream.requests.length;
      await expect.poll(() => upstream.requests.length).toBeGreaterThan(before + index);
      await setTimeout(waitMs);
      await server.kill();
      server = await startServerProcess(args);
    }
    const openai = clientOf(server);
    const batch = await waitForEnd(openai, id);
    expect(batch).toMatchObject({
      status: "completed",
      request_counts: { total: 200, completed: 200, failed: 0 },
    });
    const ids = lines.map((line) => JSON.parse(line).custom_id).sort();
    expect(idsOf(await download(openai, batch.output_file_id))).toEqual(ids);
    expect(new Set(upstream.requests.map(({ body }) => body)).size).toBe(200);
    expect(upstream.requests.length).toBeLessThanOrEqual(200 + 3 * 4);
    await server.kill();
  });

  test("shows no counts that go back to whoever asks at once", async () => {
    const data = join(folder, "counts");
    const args = ["--rehearse", "--fault", "slow:last:600000", "--data", data];
    let server = await startServerProcess(args);
    const url = "/v1/embeddings";
    const ids = [...requestIds(1500), "last"];
    const lines = ids.map((id) => embeddingLine(id, "The sky is blue.", "text-embedding-3-large"));
    const { id } = await createBatch(clientOf(server), lines, { endpoint: url });
    const countOf = (batch: Batch | undefined) => batch?.request_counts?.completed;
    const retrieve = async () => countOf(await clientOf(server).batches.retrieve(id));
    await expect.poll(retrieve).toBe(1500);
    for (const signal of ["SIGKILL", "SIGTERM"] as const) {
      await server.kill(signal);
      server = await startServerProcess(args);
      expect(await retrieve()).toBe(1500);
      expect(countOf((await clientOf(server).batches.list()).data[0])).toBe(1500);
    }
    await server.kill();
  });

  test("while files are deleted has each of them whole, or nothing of it", async () => {
    const data = join(folder, "deleting");
    for (const waitMs of [0, 5]) {
      const server = await startServerProcess(["--rehearse", "--data", data]);
      const before = clientOf(server);
      const uploads = await Promise.all(Array.from({ length: 60 }, () => upload(before, chatLines(3))));
      const deleted: string[] = [];
      for (const id of uploads.slice(0, 50)) {
        before.files.delete(id).then(
          () => deleted.push(id),
          () => undefined,
        );
      }
      await expect.poll(() => deleted.length, { interval: 1 }).toBeGreaterThan(0);
      await setTimeout(waitMs);
      await server.kill();
      const again = await startServerProcess(["--rehearse", "--data", data]);
      const openai = clientOf(again);
      const left: string[] = [];
      for await (const { id } of openai.files.list()) left.push(id);
      expect(left).toEqual(expect.arrayContaining(uploads.slice(50)));
      expect(left.filter((id) => deleted.includes(id))).toEqual([]);
      for (const id of left) expect(await download(openai, id)).toHaveLength(3);
      const names = left.flatMap((id) => [`${id}.data`, `${id}.json`]);
      expect(readdirSync(join(data, "files")).sort()).toEqual(names.sort());
      await again.kill();
    }
  });

  test("while a file is uploaded leaves nothing of it", async () => {
    const data = join(folder, "upload");
    const server = await startServerProcess(["--rehearse", "--data", data]);
    const controller = new AbortController();
    const body = new ReadableStream({
      async start(stream) {
        const head = '--b\r\ncontent-disposition: form-data; name="file"; filename="a.jsonl"\r\n\r\n';
        stream.enqueue(Buffer.from(head + "x".repeat(500_000)));
      },
    });
    const headers = { "content-type": "multipart/form-data; boundary=b" };
    const { signal } = controller;
    const uploading = fetch(`${server.baseURL}/files`, {
      method: "POST",
      headers,
      body,
      signal,
      duplex: "half",
    } as const);
    uploading.catch(() => undefined);
    await expect.poll(() => readdirSync(join(data, "files"))).toHaveLength(1);
    await server.kill();
    controller.abort();
    const again = await startServerProcess(["--rehearse", "--data", data]);
    expect(readdirSync(join(data, "files"))).toEqual([]);
    await again.kill();
  });
});
