import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import { chatLines, requestIds } from "../lines.js";
import { createBatch, download, idsOf, upload, waitForEnd } from "../serve/batches.js";
import { temporaryFolder } from "../temporary-folder.js";
import { startUpstream } from "./ground/counting-upstream.js";
import { createDatabase, postgres, query, start, withoutPostgres } from "./ground/postgres.js";
import { startCluster, startWorkerOf, untilDone } from "./ground/start-cluster.js";

const concurrency = 20;

/** Keeps a folder from being written. Modes are nothing to root, whom a mount keeps from it; gives whether that can be done. */
function makeReadOnly(folder: string): boolean {
  const isRoot = process.getuid?.() === 0;
  try {
    if (isRoot) execFileSync("mount", ["--bind", folder, folder], { stdio: "ignore" });
    else execFileSync("chmod", ["-R", "a-w", folder]);
  } catch {
    return false;
  }
  onTestFinished(() => {
    if (isRoot) execFileSync("umount", ["-l", folder]);
    else execFileSync("chmod", ["-R", "u+w", folder]);
  });
  if (isRoot) execFileSync("mount", ["-o", "remount,ro,bind", folder]);
  return true;
}

/** A folder that can go away and come back as a mounted one does: at once, with an empty one in its place meanwhile. */
function makeShare() {
  const base = temporaryFolder();
  const folder = `${base}/share`;
  const show = (name: string): void => {
    symlinkSync(`${base}/${name}`, `${folder}.next`);
    renameSync(`${folder}.next`, folder);
  };
  mkdirSync(`${base}/mounted`);
  mkdirSync(`${base}/unmounted`);
  show("mounted");
  return { folder, goAway: () => show("unmounted"), comeBack: () => show("mounted") };
}

describe.skipIf(postgres === undefined)(`a shared folder ${postgres ? "" : withoutPostgres}`, () => {
  test("that goes away is waited for: servers say so, and all goes on when it is back", async () => {
    const { folder, goAway, comeBack } = makeShare();
    const cluster = await startCluster({ storage: folder });
    const upstream = await startUpstream(100);
    const args = ["--upstream", upstream.url, "--concurrency", `${concurrency}`];
    const worker = await startWorkerOf(cluster, args);
    const { id, input_file_id } = await createBatch(cluster.openai, chatLines(1200));
    await untilDone(cluster.openai, id, 50);
    goAway();
    await expect(upload(cluster.openai, chatLines(1))).rejects.toMatchObject({ status: 503 });
    const answer = await fetch(`${cluster.openai.baseURL}/files/${input_file_id}/content`);
    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await answer.json()).toMatchObject({ error: { code: "storage_away" } });
    expect((await cluster.openai.batches.retrieve(id)).status).toBe("in_progress");
    await expect
      .poll(() => worker.said())
      .toMatch(/"kind":"trouble","message":"The storage at .* is not there/);
    comeBack();
    expect(await waitForEnd(cluster.openai, id)).toMatchObject({
      status: "completed",
      request_counts: { total: 1200, completed: 1200, failed: 0 },
    });
    const { output_file_id } = await cluster.openai.batches.retrieve(id);
    expect(idsOf(await download(cluster.openai, output_file_id))).toEqual(requestIds(1200).sort());
    // Only what was in flight when it went may have been sent in vain, of each of the two ranges.
    expect(upstream.count() - 1200).toBeLessThanOrEqual(2 * concurrency);
    expect(await worker.end("SIGTERM")).toBe(130);
    expect(await cluster.server.end("SIGTERM")).toBe(130);
  });

  test("that is not mounted where one starts, or is another database's, is told from its own", async () => {
    const [cluster, other] = [await startCluster(), await startCluster({ database: await createDatabase() })];
    const empty = temporaryFolder();
    for (const [storage, code, words] of [
      [empty, 3, `The storage at ${empty} is not there: it lacks the file openbatch-storage`],
      [other.storage, 2, `The storage at ${other.storage} is that of another database`],
    ] as const) {
      for (const command of [
        ["serve", "--port", "0"],
        ["worker", "--rehearse"],
      ]) {
        const started = start([...command, "--database", cluster.database, "--storage", storage]);
        expect(await started.ended).toBe(code);
        expect(started.said()).toContain(words);
      }
    }
    expect(readdirSync(empty)).toEqual([]);
  });

  test("that cannot be written is not begun with", async () => {
    const cluster = await startCluster();
    const file = `${temporaryFolder()}/file`;
    writeFileSync(file, "");
    for (const command of [
      ["serve", "--port", "0"],
      ["worker", "--rehearse"],
    ]) {
      const started = start([...command, "--database", cluster.database, "--storage", `${file}/below`]);
      expect(await started.ended).not.toBe(0);
      expect(started.said()).toContain(file);
      expect(started.said()).not.toContain("Stop it");
    }
  });
  test("that may only be read is not begun with, new or known, and the message says why", async ({
    skip,
  }) => {
    const cluster = await startCluster();
    const fresh = await startCluster({ database: await createDatabase() });
    const empty = temporaryFolder();
    await query(fresh.database, "update openbatch.storage set begun_at = null");
    if (![empty, cluster.storage].every(makeReadOnly)) return skip("root cannot mount read-only here");
    for (const { database, storage } of [cluster, { ...fresh, storage: empty }]) {
      for (const command of [
        ["serve", "--port", "0"],
        ["worker", "--rehearse"],
      ]) {
        const started = start([...command, "--database", database, "--storage", storage]);
        expect(await started.ended).toBe(3);
        expect(started.said()).toMatch(
          /error\[storage_away\]: The storage cannot be used\. Could not write /,
        );
        expect(started.said()).toContain(`${storage}/`);
        expect(started.said()).toMatch(/the disk is read-only|this user may not/);
        expect(started.said()).not.toContain("Stop it");
      }
    }
  });
});
