import { describe, expect, test } from "vitest";
import { chatLines } from "../lines.js";
import { createBatch, download, waitForEnd } from "../serve/batches.js";
import { startUpstream } from "./ground/counting-upstream.js";
import { postgres, query, start, withoutPostgres } from "./ground/postgres.js";
import { type Cluster, startCluster, startWorkerOf, untilDone } from "./ground/start-cluster.js";

/** A batch of which some is done, and whose worker has gone. */
async function leaveBatch(cluster: Cluster, args: readonly string[]): Promise<string> {
  const worker = await startWorkerOf(cluster, [...args, "--concurrency", "1"]);
  const { id } = await createBatch(cluster.openai, chatLines(40));
  await untilDone(cluster.openai, id, 1);
  expect(await worker.end("SIGINT")).toBe(130);
  return id;
}

async function refusalOf({ database, storage }: Cluster, args: readonly string[]): Promise<string> {
  const worker = start(["worker", "--database", database, "--storage", storage, ...args]);
  expect(await worker.ended).toBe(2);
  return worker.said();
}

describe.skipIf(postgres === undefined)(
  `a batch that workers of the other kind began ${postgres ? "" : withoutPostgres}`,
  () => {
    test("keeps a rehearsal from starting until it is cancelled, and is then ended by it with no made-up answer", async () => {
      const cluster = await startCluster();
      const upstream = await startUpstream(200);
      const id = await leaveBatch(cluster, ["--upstream", upstream.url]);
      const refusal = await refusalOf(cluster, ["--rehearse"]);
      expect(refusal).toContain("error[unfinished_batches]");
      expect(refusal).toContain("The database holds 1 batch begun with an upstream and not at the end.");
      await cluster.openai.batches.cancel(id);
      await startWorkerOf(cluster, ["--rehearse"]);
      const { status, output_file_id, error_file_id } = await waitForEnd(cluster.openai, id);
      expect(status).toBe("cancelled");
      const [output, errors] = await Promise.all([
        download(cluster.openai, output_file_id),
        download(cluster.openai, error_file_id),
      ]);
      expect(output).toHaveLength(upstream.count());
      expect(errors).toHaveLength(40 - upstream.count());
    });

    test("keeps a worker that sends from starting until it is out of time, and is then ended by it with nothing sent", async () => {
      const cluster = await startCluster();
      const id = await leaveBatch(cluster, ["--rehearse", "--requests-per-minute", "120"]);
      const upstream = await startUpstream(1);
      const args = ["--upstream", upstream.url];
      expect(await refusalOf(cluster, args)).toContain("1 batch begun with a rehearsal and not at the end.");
      await query(cluster.database, "update openbatch.batches set expires_at = now()");
      await startWorkerOf(cluster, args);
      expect(await waitForEnd(cluster.openai, id)).toMatchObject({ status: "expired" });
      expect(upstream.count()).toBe(0);
    });
  },
);
