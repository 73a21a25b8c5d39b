import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { chatLines } from "../lines.js";
import { createBatch, runBatch } from "../serve/batches.js";
import { startUpstream } from "./ground/counting-upstream.js";
import { type Direction, startProxy } from "./ground/cut-proxy.js";
import { createOtherHost, withoutNamespaces } from "./ground/network-namespace.js";
import { postgres, query, withoutPostgres } from "./ground/postgres.js";
import { startS3 } from "./ground/s3.js";
import { expectWhole, startCluster, startWorkerOf, untilDone } from "./ground/start-cluster.js";

/** All directions, and not the one that is hardest: CONTRIBUTING.md. */
const isLong = Number(process.env.OPENBATCH_KILLS ?? 0) > 0;
const directions: readonly Direction[] = isLong ? ["there", "back", "both"] : ["both"];

const concurrency = 20;
const args = (url: string): readonly string[] => ["--upstream", url, "--concurrency", `${concurrency}`];

const taken =
  "select count(*)::int as count from openbatch_queue.job where retry_count > 0 and state = 'active'";

describe.skipIf(postgres === undefined)(`a worker ${postgres ? "" : withoutPostgres}`, () => {
  test("that is not heard of any more in the middle of a commit holds up nobody, and goes on", async () => {
    const cluster = await startCluster();
    const proxy = await startProxy(cluster.database);
    const upstream = await startUpstream(50);
    const worker = await startWorkerOf({ ...cluster, database: proxy.url }, args(upstream.url));
    const held = proxy.holdAt("insert into openbatch.segments");
    const { id } = await createBatch(cluster.openai, chatLines(1200));
    await held;
    await expectWhole(cluster, id, 1200);
    expect(upstream.count()).toBe(1200);
    proxy.hold("both");
    expect(await worker.end("SIGTERM")).toBe(130);
  });
});

const why = postgres === undefined ? withoutPostgres : withoutNamespaces && `(skipped: ${withoutNamespaces})`;

describe.skipIf(why !== undefined)(`a worker on a host whose network is cut ${why ?? ""}`, () => {
  test.each(directions)(
    "from the database (%s) leaves its ranges to others, and goes on after it",
    async (direction) => {
      const host = createOtherHost();
      const cluster = await startCluster();
      const proxy = await startProxy(cluster.database, host.here);
      const upstream = await startUpstream(100, { host: host.here });
      const far = { ...cluster, database: proxy.url };
      const worker = await startWorkerOf(far, args(upstream.url), host);
      const { id } = await createBatch(cluster.openai, chatLines(3000));
      await untilDone(cluster.openai, id, 100);
      host.cut(proxy.url, direction);
      const other = await startWorkerOf(cluster, args(upstream.url));
      await expect.poll(async () => (await query(cluster.database, taken))[0]?.count).toBeGreaterThan(0);
      await sleep(2000);
      host.mend();
      await expectWhole(cluster, id, 3000);
      expect(upstream.count() - 3000).toBeLessThanOrEqual(concurrency);
      expect(await other.end("SIGTERM")).toBe(130);
      expect((await runBatch(cluster.openai, chatLines(30))).request_counts?.completed).toBe(30);
      expect(worker.isEnded()).toBe(false);
    },
  );

  test.each(directions)("from its upstream (%s) waits, and sends nothing twice", async (direction) => {
    const host = createOtherHost();
    const cluster = await startCluster();
    const proxy = await startProxy(cluster.database, host.here);
    const upstream = await startUpstream(100, { host: host.here });
    const far = { ...cluster, database: proxy.url };
    const worker = await startWorkerOf(far, args(upstream.url), host);
    const { id } = await createBatch(cluster.openai, chatLines(1500));
    await untilDone(cluster.openai, id, 100);
    host.cut(upstream.url, direction);
    await sleep(isLong ? 15_000 : 8_000);
    host.mend();
    await expectWhole(cluster, id, 1500);
    expect(upstream.count()).toBe(1500);
    expect(worker.isEnded()).toBe(false);
  });

  test.each(directions)(
    "from its storage (%s) waits with what it has, and sends nothing twice",
    async (direction) => {
      const host = createOtherHost();
      const s3 = await startS3(host.here);
      const cluster = await startCluster(s3);
      const proxy = await startProxy(cluster.database, host.here);
      const upstream = await startUpstream(100, { host: host.here });
      const far = { ...cluster, database: proxy.url };
      const worker = await startWorkerOf(far, args(upstream.url), host);
      const { id } = await createBatch(cluster.openai, chatLines(900));
      await untilDone(cluster.openai, id, 100);
      host.cut(s3.env.AWS_ENDPOINT_URL_S3, direction);
      await expect.poll(() => worker.said()).toContain('"kind":"waiting"');
      host.mend();
      await expectWhole(cluster, id, 900);
      expect(upstream.count()).toBe(900);
      expect(worker.isEnded()).toBe(false);
    },
  );
});
