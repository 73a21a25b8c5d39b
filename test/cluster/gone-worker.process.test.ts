import { describe, expect, test } from "vitest";
import { chatLines } from "../lines.js";
import { createBatch, upload, waitForEnd } from "../serve/batches.js";
import { startUpstream } from "./ground/counting-upstream.js";
import { startProxy } from "./ground/cut-proxy.js";
import { createDatabase, postgres, query, withoutPostgres } from "./ground/postgres.js";
import { expectWhole, startCluster, startWorkerOf, untilDone } from "./ground/start-cluster.js";

const concurrency = 20;

describe.skipIf(postgres === undefined)(`a worker ${postgres ? "" : withoutPostgres}`, () => {
  test("that is killed: another goes on, and only what was in flight is sent again", async () => {
    const cluster = await startCluster();
    const upstream = await startUpstream(100);
    const args = ["--upstream", upstream.url, "--concurrency", `${concurrency}`];
    const first = await startWorkerOf(cluster, args);
    const { id } = await createBatch(cluster.openai, chatLines(2000));
    await untilDone(cluster.openai, id, 100);
    await first.end("SIGKILL");
    await startWorkerOf(cluster, args);
    await expectWhole(cluster, id, 2000);
    expect(upstream.count() - 2000).toBeLessThanOrEqual(concurrency);
    expect(upstream.sent.size).toBe(2000);
  });

  test("that was stopped, and wakes when another has its ranges, sends nothing of them", async () => {
    const cluster = await startCluster();
    const upstream = await startUpstream(100);
    const args = ["--upstream", upstream.url, "--concurrency", `${concurrency}`];
    const first = await startWorkerOf(cluster, args);
    const { id } = await createBatch(cluster.openai, chatLines(3000));
    await untilDone(cluster.openai, id, 100);
    process.kill(first.pid, "SIGSTOP");
    await startWorkerOf(cluster, args);
    const taken =
      "select count(*)::int as count from openbatch_queue.job where retry_count > 0 and state = 'active'";
    await expect.poll(async () => (await query(cluster.database, taken))[0]?.count).toBeGreaterThan(0);
    process.kill(first.pid, "SIGCONT");
    await expectWhole(cluster, id, 3000);
    expect(upstream.count() - 3000).toBeLessThanOrEqual(concurrency);
  });

  test("that is told to stop gives back what it has, and nothing is sent again", async () => {
    const cluster = await startCluster();
    const upstream = await startUpstream(100);
    const args = ["--upstream", upstream.url, "--concurrency", `${concurrency}`];
    const first = await startWorkerOf(cluster, args);
    const { id } = await createBatch(cluster.openai, chatLines(1500));
    await untilDone(cluster.openai, id, 100);
    const ended = first.end("SIGTERM");
    await startWorkerOf(cluster, args);
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
      const cluster = await startCluster({ database: proxy.url });
      const upstream = await startUpstream(50);
      const args = ["--upstream", upstream.url, "--concurrency", `${concurrency}`];
      const worker = await startWorkerOf(cluster, args);
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
      expect((await waitForEnd(cluster.openai, id)).status).toBe("completed");
      await expectWhole(cluster, id, 1500);
      expect(upstream.count()).toBe(1500);
      expect(await worker.end("SIGTERM")).toBe(130);
      expect(await cluster.server.end("SIGTERM")).toBe(130);
    });
  },
);
