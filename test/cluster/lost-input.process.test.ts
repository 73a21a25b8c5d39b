import { rmSync } from "node:fs";
import { join } from "node:path";
import type OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { chatLines } from "../lines.js";
import { createBatch, download, waitForEnd } from "../serve/batches.js";
import { temporaryFolder } from "../temporary-folder.js";
import { startUpstream } from "./ground/counting-upstream.js";
import { postgres, withoutPostgres } from "./ground/postgres.js";
import { startS3 } from "./ground/s3.js";
import { type Cluster, startCluster, startWorkerOf, untilDone } from "./ground/start-cluster.js";

const kinds = {
  "a folder": async () => {
    const folder = temporaryFolder();
    return { storage: folder, env: {}, remove: (id: string) => rmSync(join(folder, "files", id)) };
  },
  "a bucket": async () => {
    const { folder, storage, env } = await startS3();
    const files = join(folder, "bucket/some/prefix/files");
    const remove = (id: string): void => {
      for (const end of ["object", "metadata.json", "object.md5"])
        rmSync(join(files, `${id}._S3rver_${end}`));
    };
    return { storage, env, remove };
  },
};

const lost = expect.objectContaining({ code: "input_lost", message: expect.stringContaining("storage") });

/** Creates a batch, has it worked on until something of it is as wanted, and stops the worker. */
async function begin(
  cluster: Cluster,
  args: readonly string[],
  until: (openai: OpenAI, id: string) => Promise<unknown>,
): Promise<{ readonly id: string; readonly input: string }> {
  const worker = await startWorkerOf(cluster, args);
  const { id, input_file_id } = await createBatch(cluster.openai, chatLines(700));
  await until(cluster.openai, id);
  expect(await worker.end("SIGTERM")).toBe(130);
  return { id, input: input_file_id };
}

describe.skipIf(postgres === undefined)(`an input that is gone ${postgres ? "" : withoutPostgres}`, () => {
  test.each(Object.entries(kinds))("from %s ends its batch, as on one machine", async (_, setUp) => {
    const { remove, ...place } = await setUp();
    const cluster = await startCluster(place);
    const { openai } = cluster;
    const [upstream, closed] = [await startUpstream(100), await startUpstream(0, { key: "other" })];
    const args = ["--upstream", upstream.url, "--concurrency", "20"];
    const begun = await begin(cluster, args, (client, id) => untilDone(client, id, 60));
    const cancelled = await begin(cluster, args, (client, id) => untilDone(client, id, 20));
    const unbegun = await begin(cluster, ["--upstream", closed.url], (client, id) =>
      expect.poll(async () => (await client.batches.retrieve(id)).status).toBe("in_progress"),
    );
    const unread = await createBatch(openai, chatLines(3));
    const sent = upstream.count();
    for (const id of [begun.input, cancelled.input, unbegun.input, unread.input_file_id]) remove(id);
    await openai.batches.cancel(cancelled.id);
    const worker = await startWorkerOf(cluster, args);
    const [expired, ended, failed, refused] = await Promise.all(
      [begun, cancelled, unbegun, unread].map(({ id }) => waitForEnd(openai, id)),
    );
    expect(expired).toMatchObject({ status: "expired", errors: { data: [lost] } });
    expect(ended).toMatchObject({ status: "cancelled", errors: null });
    for (const batch of [expired, ended]) {
      const output = await download(openai, batch?.output_file_id);
      expect(output.length).toBeGreaterThan(0);
      expect(batch?.request_counts).toEqual({ total: 700, completed: output.length, failed: 0 });
    }
    expect(failed).toMatchObject({ status: "failed", errors: { data: [lost] } });
    expect(refused?.errors?.data).toMatchObject([
      { code: "invalid_request", param: "file_id", message: expect.stringContaining("Cannot find file") },
    ]);
    expect(worker.said()).toContain(`The input of batch ${begun.id} is gone`);
    expect(upstream.count()).toBe(sent);
    expect(await worker.end("SIGTERM")).toBe(130);
  });
});
