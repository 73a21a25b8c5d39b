import { execFile } from "node:child_process";
import { cpSync } from "node:fs";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { chatLines, requestIds } from "../lines.js";
import { createBatch, download, idsOf, runBatch, waitForEnd } from "../serve/batches.js";
import { temporaryFolder } from "../temporary-folder.js";
import { startUpstream } from "./ground/counting-upstream.js";
import { createDatabase, postgres, query, withoutPostgres } from "./ground/postgres.js";
import { startCluster, startWorkerOf, untilDone } from "./ground/start-cluster.js";

const run = promisify(execFile);

describe.skipIf(postgres === undefined)(`a restored backup ${postgres ? "" : withoutPostgres}`, () => {
  test("has all that was done, and goes on with what was under way, without sending again what the storage has", async () => {
    const cluster = await startCluster();
    const upstream = await startUpstream(20);
    const args = ["--upstream", upstream.url, "--concurrency", "20"];
    const worker = await startWorkerOf(cluster, args);
    const done = await runBatch(cluster.openai, chatLines(3));
    const output = await download(cluster.openai, done.output_file_id);
    const { id } = await createBatch(cluster.openai, chatLines(2500));
    await untilDone(cluster.openai, id, 700);
    const dump = `${temporaryFolder()}/openbatch.dump`;
    const schemas = ["--schema", "openbatch", "--schema", "openbatch_queue"];
    await run("pg_dump", ["--format", "custom", ...schemas, "--file", dump, cluster.database]);
    // More is committed after the dump, and is in the copy of the storage.
    await untilDone(cluster.openai, id, 1600);
    const storage = temporaryFolder();
    cpSync(cluster.storage, storage, { recursive: true });
    await worker.end("SIGKILL");
    await cluster.server.end("SIGKILL");
    const sentBefore = new Map(upstream.sent);
    const database = await createDatabase();
    await run("pg_restore", ["--exit-on-error", "--dbname", database, dump]);
    const [dumped] = await query(database, "select count(*)::int as count from openbatch.segments");
    expect(dumped?.count).toBeLessThan(5);
    const restored = await startCluster({ database, storage });
    await startWorkerOf({ database, storage }, args);
    const batch = await waitForEnd(restored.openai, id);
    expect(batch).toMatchObject({
      status: "completed",
      request_counts: { total: 2500, completed: 2500, failed: 0 },
    });
    expect(idsOf(await download(restored.openai, batch.output_file_id))).toEqual(requestIds(2500).sort());
    expect(await restored.openai.batches.retrieve(done.id)).toEqual(done);
    expect(await download(restored.openai, done.output_file_id)).toEqual(output);
    // All six ranges were cut before the dump. So only what was answered after the copy, or was in flight then, is sent again.
    const again = [...upstream.sent].filter(([prompt, count]) => count > (sentBefore.get(prompt) ?? 0));
    const twice = again.filter(([prompt]) => (sentBefore.get(prompt) ?? 0) > 0);
    const answeredBeforeCopy = 1600;
    expect(twice.length).toBeLessThanOrEqual(sentBefore.size - answeredBeforeCopy);
  });
});
