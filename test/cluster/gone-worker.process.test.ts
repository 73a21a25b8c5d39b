import { describe, expect, test } from "vitest";
import { chatLines, requestIds } from "../lines.js";
import { createBatch, download, idsOf, upload, waitForEnd } from "../serve/batches.js";
import { startUpstream } from "./counting-upstream.js";
import { startProxy } from "./cut-proxy.js";
import { createDatabase, postgres, query, type Started, startServer, withoutPostgres } from "./postgres.js";
import { type Cluster, startCluster, startWorkerOf, untilDone } from "./start-cluster.js";

/** Every request has one line in the end, and the counts never go back on the way. */
async function expectWhole({ openai }: Cluster, id: string, count: number): Promise<void> {
  let before = 0;
  for (;;) {
    const batch = await openai.batches.retrieve(id, { maxRetries: 20 });
    const done = (batch.request_counts?.completed ?? 0) + (batch.request_counts?.failed ?? 0);
    expect(done).toBeGreaterThanOrEqual(before);
    before = done;
    if (batch.status === "completed") break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const batch = await openai.batches.retrieve(id);
  expect(batch.request_counts).toEqual({ total: count, completed: count, failed: 0 });
  expect(idsOf(await download(openai, batch.output_file_id))).toEqual(requestIds(count).sort());
}

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

describe.skipIf(postgres === undefined)(`whatever dies ${postgres ? "" : withoutPostgres}`, () => {
  test("each request has one result, and what is sent again was in flight", async () => {
    const kills = Number(process.env.OPENBATCH_KILLS ?? 4);
    const proxy = await startProxy(await createDatabase());
    const cluster = await startCluster({ database: proxy.url });
    const upstream = await startUpstream(100);
    const args = ["--upstream", upstream.url, "--concurrency", `${concurrency}`];
    const workers: Started[] = [await startWorkerOf(cluster, args), await startWorkerOf(cluster, args)];
    let server = cluster.server;
    const count = 1500 * kills;
    const { id } = await createBatch(cluster.openai, chatLines(count));
    let seed = Number(process.env.OPENBATCH_STORM_SEED ?? 1);
    const draw = (most: number): number => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((seed / 2 ** 32) * most);
    };
    let killedWorkers = 0;
    const { port } = new URL(cluster.openai.baseURL);
    for (let kill = 0; kill < kills; kill += 1) {
      await new Promise((resolve) => setTimeout(resolve, 500 + draw(1500)));
      const what = kill % 3;
      if (what === 0) {
        await workers[draw(2) === 0 ? 0 : 1]?.end("SIGKILL");
        const dead = workers.findIndex(({ isEnded }) => isEnded());
        workers[dead] = await startWorkerOf(cluster, args);
        killedWorkers += 1;
      } else if (what === 1) {
        await server.end("SIGKILL");
        server = await startServer(proxy.url, cluster.storage, { port });
      } else {
        proxy.cut();
        await new Promise((resolve) => setTimeout(resolve, draw(3000)));
        proxy.mend();
      }
    }
    await expectWhole(cluster, id, count);
    expect(upstream.sent.size).toBe(count);
    expect(upstream.count() - count).toBeLessThanOrEqual(killedWorkers * concurrency);
  });
});
