import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { chatLine, chatLines, requestIds } from "../lines.js";
import { createBatch, download, idsOf, runBatch, upload, waitForEnd } from "../serve/batches.js";
import { temporaryFolder } from "../temporary-folder.js";
import { startUpstream } from "./counting-upstream.js";
import { startProxy } from "./cut-proxy.js";
import {
  createDatabase,
  postgres,
  query,
  type Started,
  start,
  startServer,
  withoutPostgres,
} from "./postgres.js";

interface Cluster {
  readonly database: string;
  readonly storage: string;
  readonly openai: OpenAI;
  readonly server: Started;
}

async function startCluster(url?: string): Promise<Cluster> {
  const database = url ?? (await createDatabase());
  await start(["migrate", "--database", database]).ended;
  const storage = temporaryFolder();
  const server = await startServer(database, storage);
  return {
    database,
    storage,
    server,
    openai: new OpenAI({ baseURL: server.baseURL, apiKey: "any", maxRetries: 0 }),
  };
}

async function work({ database, storage }: Cluster, args: readonly string[]): Promise<Started> {
  const worker = start(["worker", "--json", "--database", database, "--storage", storage, ...args]);
  await worker.says(/"ready"/);
  return worker;
}

/** Waits until so many requests of a batch are done. */
async function untilDone(openai: OpenAI, id: string, count: number): Promise<void> {
  for (;;) {
    const { request_counts } = await openai.batches.retrieve(id);
    if ((request_counts?.completed ?? 0) >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe.skipIf(postgres === undefined)(`workers ${postgres ? "" : withoutPostgres}`, () => {
  test("execute a batch of several ranges, and its files are as one server writes them", async () => {
    const cluster = await startCluster();
    await work(cluster, ["--rehearse", "--fault", "400:request-7"]);
    const batch = await runBatch(cluster.openai, chatLines(1203));
    expect(batch).toMatchObject({
      status: "completed",
      model: "gpt-4o-mini",
      errors: null,
      request_counts: { total: 1203, completed: 1202, failed: 1 },
    });
    const output = await download(cluster.openai, batch.output_file_id);
    const errors = await download(cluster.openai, batch.error_file_id);
    expect(idsOf([...output, ...errors])).toEqual(requestIds(1203).sort());
    expect(idsOf(errors)).toEqual(["request-7"]);
    const id = batch.output_file_id ?? "";
    const whole = Buffer.from(await (await cluster.openai.files.content(id)).arrayBuffer());
    expect((await cluster.openai.files.retrieve(id)).bytes).toBe(whole.length);
    const pieces: Buffer[] = [];
    for (let start = 0; start < whole.length; start += 300_001) {
      const range = `bytes=${start}-${start + 300_000}`;
      const part = await cluster.openai.files.content(id, { headers: { range } });
      expect(part.status).toBe(206);
      pieces.push(Buffer.from(await part.arrayBuffer()));
    }
    expect(Buffer.concat(pieces).equals(whole)).toBe(true);
    await cluster.openai.files.delete(batch.input_file_id);
    expect((await cluster.openai.batches.retrieve(batch.id)).status).toBe("completed");
  });

  test("fail a batch whose input is not one, in the service's words", async () => {
    const cluster = await startCluster();
    await work(cluster, ["--rehearse"]);
    const [bad, none] = await Promise.all([
      runBatch(cluster.openai, [chatLine("a"), chatLine("a"), chatLine("b", { model: "other" })]),
      cluster.openai.batches
        .create({ input_file_id: "file-none", endpoint: "/v1/chat/completions", completion_window: "24h" })
        .then(({ id }) => waitForEnd(cluster.openai, id)),
    ]);
    expect(bad).toMatchObject({ status: "failed", in_progress_at: null, output_file_id: null });
    expect(bad.errors?.data?.map(({ code, line }) => [code, line])).toEqual([
      ["duplicate_custom_id", 2],
      ["mismatched_model", 3],
    ]);
    expect(none.errors?.data?.[0]?.message).toBe(
      "Cannot find file file-none, or organization org-openbatch does not have access to it.",
    );
  });

  test("fail a batch whose model the upstream does not have", async () => {
    const cluster = await startCluster();
    const upstream = await startUpstream(1);
    await work(cluster, ["--upstream", upstream.url]);
    const batch = await runBatch(cluster.openai, [chatLine("a", { model: "unknown" })]);
    expect(batch).toMatchObject({ status: "failed" });
    expect(batch.errors?.data?.[0]?.code).toBe("model_not_found");
  });

  test("send no more of a batch that is cancelled, and give each request that was not sent its line", async () => {
    const cluster = await startCluster();
    const upstream = await startUpstream(50);
    await work(cluster, ["--upstream", upstream.url, "--concurrency", "10"]);
    const { id } = await createBatch(cluster.openai, chatLines(1700));
    await untilDone(cluster.openai, id, 20);
    expect((await cluster.openai.batches.cancel(id)).status).toBe("cancelling");
    const batch = await waitForEnd(cluster.openai, id);
    const sent = upstream.count();
    expect(sent).toBeLessThan(1700);
    expect(batch).toMatchObject({
      status: "cancelled",
      request_counts: { total: 1700, completed: sent, failed: 0 },
    });
    const output = await download(cluster.openai, batch.output_file_id);
    const errors = await download(cluster.openai, batch.error_file_id);
    expect(idsOf([...output, ...errors])).toEqual(requestIds(1700).sort());
    expect(new Set(errors.map(({ error }) => error?.code))).toEqual(new Set(["batch_cancelled"]));
    await expect(cluster.openai.batches.cancel(id)).resolves.toMatchObject({ status: "cancelled" });
  });

  test("end a batch whose time is over, with what there is", async () => {
    const cluster = await startCluster();
    const upstream = await startUpstream(50);
    await work(cluster, ["--upstream", upstream.url, "--concurrency", "10"]);
    const { id } = await createBatch(cluster.openai, chatLines(900));
    await untilDone(cluster.openai, id, 20);
    await query(cluster.database, "update openbatch.batches set expires_at = now()");
    const batch = await waitForEnd(cluster.openai, id);
    expect(batch).toMatchObject({
      status: "expired",
      request_counts: { completed: upstream.count(), failed: 0 },
    });
    const errors = await download(cluster.openai, batch.error_file_id);
    expect(errors).toHaveLength(900 - upstream.count());
    expect(new Set(errors.map(({ error }) => error?.code))).toEqual(new Set(["batch_expired"]));
  });

  test("take turns: a small batch is not behind a large one", async () => {
    const cluster = await startCluster();
    const upstream = await startUpstream(20);
    await work(cluster, ["--upstream", upstream.url, "--concurrency", "40"]);
    const large = await createBatch(cluster.openai, chatLines(12_000));
    await untilDone(cluster.openai, large.id, 50);
    const small = await runBatch(cluster.openai, chatLines(10));
    expect(small.status).toBe("completed");
    expect((await cluster.openai.batches.retrieve(large.id)).status).toBe("in_progress");
  });
});

describe.skipIf(postgres === undefined)(`a worker that is gone ${postgres ? "" : withoutPostgres}`, () => {
  /** Every request has one line, and the counts never went back. */
  async function expectWhole(cluster: Cluster, id: string, count: number): Promise<void> {
    let before = 0;
    for (;;) {
      const { status, request_counts } = await cluster.openai.batches.retrieve(id);
      const done = (request_counts?.completed ?? 0) + (request_counts?.failed ?? 0);
      expect(done).toBeGreaterThanOrEqual(before);
      before = done;
      if (status === "completed") break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const batch = await cluster.openai.batches.retrieve(id);
    expect(batch.request_counts).toEqual({ total: count, completed: count, failed: 0 });
    const output = await download(cluster.openai, batch.output_file_id);
    expect(idsOf(output)).toEqual(requestIds(count).sort());
  }

  test("killed: another goes on, and only what was in flight is sent again", async () => {
    const cluster = await startCluster();
    const upstream = await startUpstream(100);
    const args = ["--upstream", upstream.url, "--concurrency", "20"];
    const first = await work(cluster, args);
    const { id } = await createBatch(cluster.openai, chatLines(2000));
    await untilDone(cluster.openai, id, 100);
    await first.end("SIGKILL");
    await work(cluster, args);
    await expectWhole(cluster, id, 2000);
    expect(upstream.count() - 2000).toBeLessThanOrEqual(20);
    expect(upstream.sent.size).toBe(2000);
  });

  test("stopped, and woken when another has its ranges: it sends nothing of them", async () => {
    const cluster = await startCluster();
    const upstream = await startUpstream(100);
    const args = ["--upstream", upstream.url, "--concurrency", "20"];
    const first = await work(cluster, args);
    const { id } = await createBatch(cluster.openai, chatLines(3000));
    await untilDone(cluster.openai, id, 100);
    process.kill(first.pid, "SIGSTOP");
    await work(cluster, args);
    const [{ count: before = 0 } = {}] = await query(
      cluster.database,
      "select count(*)::int from openbatch.segments",
    );
    // Ranges of the one that is stopped were given to the other.
    await expect
      .poll(async () => {
        const rows = await query(
          cluster.database,
          "select max(retry_count)::int as most from openbatch_queue.job",
        );
        return Number(rows[0]?.most) >= 1 && Number(before) >= 0;
      })
      .toBe(true);
    process.kill(first.pid, "SIGCONT");
    await expectWhole(cluster, id, 3000);
    expect(upstream.count() - 3000).toBeLessThanOrEqual(20);
  });

  test("told to stop: it gives back what it has, and nothing is sent again", async () => {
    const cluster = await startCluster();
    const upstream = await startUpstream(100);
    const args = ["--upstream", upstream.url, "--concurrency", "20"];
    const first = await work(cluster, args);
    const { id } = await createBatch(cluster.openai, chatLines(1500));
    await untilDone(cluster.openai, id, 100);
    const ended = first.end("SIGTERM");
    await work(cluster, args);
    expect(await ended).toBe(130);
    await expectWhole(cluster, id, 1500);
    expect(upstream.count()).toBe(1500);
  });
});

describe.skipIf(postgres === undefined)(
  `a database that goes away ${postgres ? "" : withoutPostgres}`,
  () => {
    test("is waited for: servers say so, workers keep what they have, and all goes on when it is back", async () => {
      const proxy = await startProxy(await createDatabase());
      const cluster = await startCluster(proxy.url);
      const upstream = await startUpstream(50);
      const worker = await work(cluster, ["--upstream", upstream.url, "--concurrency", "20"]);
      const { id } = await createBatch(cluster.openai, chatLines(1500));
      await untilDone(cluster.openai, id, 100);
      proxy.cut();
      const answer = await fetch(`${cluster.openai.baseURL}/batches/${id}`);
      expect(answer.status).toBe(503);
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(await answer.json()).toMatchObject({ error: { code: "database_away" } });
      await expect(upload(cluster.openai, chatLines(1))).rejects.toMatchObject({ status: 503 });
      await new Promise((resolve) => setTimeout(resolve, 2000));
      proxy.mend();
      await expect
        .poll(async () => (await fetch(`${cluster.openai.baseURL}/batches/${id}`)).status)
        .toBe(200);
      const batch = await waitForEnd(cluster.openai, id);
      expect(batch).toMatchObject({ status: "completed", request_counts: { completed: 1500 } });
      expect(idsOf(await download(cluster.openai, batch.output_file_id))).toEqual(requestIds(1500).sort());
      expect(upstream.count()).toBe(1500);
      expect(await worker.end("SIGTERM")).toBe(130);
      expect(await cluster.server.end("SIGTERM")).toBe(130);
    });
  },
);
