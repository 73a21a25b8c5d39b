import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { chatLines, requestIds } from "../lines.js";
import { createBatch, download, idsOf, runBatch, upload, waitForEnd } from "../serve/batches.js";
import { temporaryFolder } from "../temporary-folder.js";
import { startUpstream } from "./ground/counting-upstream.js";
import { createDatabase, postgres, query, start, startServer, withoutPostgres } from "./ground/postgres.js";
import { startS3 } from "./ground/s3.js";
import { startCluster, startWorkerOf, untilDone } from "./ground/start-cluster.js";

const concurrency = 20;

describe.skipIf(postgres === undefined)(`a cluster on a bucket ${postgres ? "" : withoutPostgres}`, () => {
  test("takes files at one server, and gives results at another, whole and in ranges", async () => {
    const s3 = await startS3();
    const cluster = await startCluster(s3);
    await startWorkerOf(cluster, ["--rehearse", "--fault", "400:request-7"]);
    const other = await startServer(cluster.database, cluster.storage, { env: s3.env });
    const second = new OpenAI({ baseURL: other.baseURL, apiKey: "any", maxRetries: 0 });
    const fileId = await upload(cluster.openai, chatLines(1203));
    const created = await second.batches.create({
      ...{ input_file_id: fileId, endpoint: "/v1/chat/completions", completion_window: "24h" },
    });
    const batch = await waitForEnd(cluster.openai, created.id);
    expect(batch).toMatchObject({ status: "completed", request_counts: { completed: 1202, failed: 1 } });
    const output = await download(second, batch.output_file_id);
    const errors = await download(second, batch.error_file_id);
    expect(idsOf([...output, ...errors])).toEqual(requestIds(1203).sort());
    const id = batch.output_file_id ?? "";
    const whole = Buffer.from(await (await second.files.content(id)).arrayBuffer());
    const pieces: Buffer[] = [];
    for (let at = 0; at < whole.length; at += 200_001) {
      const range = `bytes=${at}-${at + 200_000}`;
      const part = await cluster.openai.files.content(id, { headers: { range } });
      expect(part.status).toBe(206);
      pieces.push(Buffer.from(await part.arrayBuffer()));
    }
    expect(Buffer.concat(pieces).equals(whole)).toBe(true);
  });

  test("goes on where a worker was killed: what it had sent on is not sent again", async () => {
    const s3 = await startS3();
    const cluster = await startCluster(s3);
    const upstream = await startUpstream(400);
    const args = ["--upstream", upstream.url, "--concurrency", `${concurrency}`];
    const first = await startWorkerOf(cluster, args);
    const { id } = await createBatch(cluster.openai, chatLines(900));
    await expect.poll(() => countKept(s3.folder, { isInParts: true })).toBeGreaterThan(0);
    await first.end("SIGKILL");
    const [kept, sent] = [countKept(s3.folder), upstream.count()];
    expect(sent).toBeLessThan(900);
    await startWorkerOf(cluster, args);
    const batch = await waitForEnd(cluster.openai, id);
    expect(batch).toMatchObject({ status: "completed", request_counts: { completed: 900, failed: 0 } });
    expect(idsOf(await download(cluster.openai, batch.output_file_id))).toEqual(requestIds(900).sort());
    // What came in the seconds after the last part, or was in flight, is sent again, and no more.
    expect(upstream.count() - 900).toBeLessThanOrEqual(sent - kept);
    expect(kept).toBeGreaterThan(0);
  });

  test("has all that a worker had which is told to stop: nothing is sent again", async () => {
    const s3 = await startS3();
    const cluster = await startCluster(s3);
    const upstream = await startUpstream(200);
    const args = ["--upstream", upstream.url, "--concurrency", `${concurrency}`];
    const first = await startWorkerOf(cluster, args);
    const { id } = await createBatch(cluster.openai, chatLines(450));
    await untilDone(cluster.openai, id, 50);
    expect(await first.end("SIGTERM")).toBe(130);
    const sent = upstream.count();
    expect(sent).toBeLessThan(450);
    expect(countKept(s3.folder)).toBe(sent);
    await startWorkerOf(cluster, args);
    const batch = await waitForEnd(cluster.openai, id);
    expect(idsOf(await download(cluster.openai, batch.output_file_id))).toEqual(requestIds(450).sort());
    expect(upstream.count()).toBe(450);
  });

  test("waits for a bucket that is away: nothing is lost, and nothing is sent twice", async () => {
    const s3 = await startS3();
    const cluster = await startCluster(s3);
    const upstream = await startUpstream(100);
    const worker = await startWorkerOf(cluster, [
      ...["--upstream", upstream.url, "--concurrency", `${concurrency}`],
    ]);
    const before = await runBatch(cluster.openai, chatLines(3));
    const { id } = await createBatch(cluster.openai, chatLines(1200));
    const sentBefore = upstream.count();
    await untilDone(cluster.openai, id, 50);
    await s3.goAway();
    await expect(upload(cluster.openai, chatLines(1))).rejects.toMatchObject({
      status: 503,
      code: "storage_away",
    });
    for (const fileId of [before.input_file_id, before.output_file_id]) {
      const answer = await fetch(`${cluster.openai.baseURL}/files/${fileId}/content`);
      expect(answer.status).toBe(503);
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    }
    expect((await cluster.openai.batches.retrieve(id)).status).toBe("in_progress");
    await expect.poll(() => worker.said()).toMatch(/"kind":"waiting".*cannot be reached/);
    await s3.comeBack();
    expect(await waitForEnd(cluster.openai, id)).toMatchObject({
      status: "completed",
      request_counts: { total: 1200, completed: 1200, failed: 0 },
    });
    expect(upstream.count() - sentBefore).toBe(1200);
    expect(await worker.end("SIGTERM")).toBe(130);
    expect(await cluster.server.end("SIGTERM")).toBe(130);
  });

  test("that answers slowly: a worker that was stopped takes its range again while it still ends with it", async () => {
    const s3 = await startS3();
    const cluster = await startCluster(s3);
    const upstream = await startUpstream(200);
    const args = ["--upstream", upstream.url, "--concurrency", `${concurrency}`];
    const worker = await startWorkerOf(cluster, args);
    const { id } = await createBatch(cluster.openai, chatLines(450));
    await untilDone(cluster.openai, id, 50);
    const slowly = new Set<string>();
    s3.answer((incoming, outgoing) => {
      const part = /\.output\.\d{6}/.exec(incoming.url ?? "")?.[0];
      if (incoming.method !== "PUT" || part === undefined || slowly.size === 3) return false;
      slowly.add(`${incoming.url}`);
      setTimeout(() => outgoing.writeHead(503).end(), 3_000);
      incoming.resume();
      return true;
    });
    process.kill(worker.pid, "SIGSTOP");
    const given =
      "select count(*)::int as count from openbatch_queue.job where retry_count > 0 or state = 'retry'";
    await expect.poll(async () => (await query(cluster.database, given))[0]?.count).toBeGreaterThan(0);
    process.kill(worker.pid, "SIGCONT");
    expect(await waitForEnd(cluster.openai, id)).toMatchObject({
      status: "completed",
      request_counts: { total: 450, completed: 450, failed: 0 },
    });
    expect(worker.said()).not.toContain("Unexpected");
  });

  test("is not begun on a bucket that is not there, nor without the package for it", async () => {
    const s3 = await startS3();
    const database = await createDatabase();
    await start(["migrate", "--database", database]).ended;
    const args = ["--database", database, "--storage"];
    const lost = start(["serve", "--port", "0", ...args, "s3://other/prefix"], { env: s3.env });
    expect(await lost.ended).toBe(2);
    expect(lost.said()).toContain("there is no such bucket");
    const worker = start(["worker", "--rehearse", ...args, "s3://other/prefix"], { env: s3.env });
    expect(await worker.ended).toBe(2);
    expect(worker.said()).toContain("there is no such bucket");
    const bare = start(["worker", "--rehearse", ...args, s3.storage], {
      env: s3.env,
      main: withoutS3Package(),
    });
    expect(await bare.ended).toBe(2);
    expect(bare.said()).toContain("npm install @aws-sdk/client-s3");
  });
});

/** The command line of a copy of the package that finds all others but that of S3. */
function withoutS3Package(): string {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const folder = temporaryFolder();
  cpSync(`${root}dist`, `${folder}/dist`, { recursive: true });
  cpSync(`${root}package.json`, `${folder}/package.json`);
  mkdirSync(`${folder}/node_modules`);
  for (const name of readdirSync(`${root}node_modules`)) {
    if (name !== "@aws-sdk") symlinkSync(`${root}node_modules/${name}`, `${folder}/node_modules/${name}`);
  }
  return `${folder}/dist/cli/main.js`;
}

/** How many results workers have sent on to the bucket; or of them those that are there in parts. */
function countKept(folder: string, { isInParts = false } = {}): number {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const kept = isInParts ? /\.output\.\d{6}\._S3rver_object$/ : /\.output(?:\.\d{6})?\._S3rver_object$/;
  const found = names.filter((name) => kept.test(name));
  return found.reduce(
    (sum, name) => sum + readFileSync(join(folder, name), "utf8").split("\n").length - 1,
    0,
  );
}
