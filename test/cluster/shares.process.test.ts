import { execFileSync } from "node:child_process";
import { request } from "node:http";
import { join } from "node:path";
import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { chatLines } from "../lines.js";
import { createBatch, download, runBatch, upload, waitForEnd } from "../serve/batches.js";
import { programs } from "./ground/own-postgres.js";
import { postgres, query, startServer, withoutPostgres } from "./ground/postgres.js";
import { startCluster, startWorkerOf, untilDone } from "./ground/start-cluster.js";

const name = (what: string): string => `${what} ${postgres ? "" : withoutPostgres}`;

/** By how many ranges anyone is ahead of another at the most, of those who have some left. */
function furthestAhead(order: readonly number[]): number {
  const done = new Map<number, number>();
  let most = 0;
  for (const [at, batch] of order.entries()) {
    done.set(batch, (done.get(batch) ?? 0) + 1);
    const left = new Set(order.slice(at + 1));
    const counts = [...left].map((each) => done.get(each) ?? 0);
    if (left.has(batch)) most = Math.max(most, ...counts.map((count) => (done.get(batch) ?? 0) - count));
  }
  return most;
}

describe.skipIf(postgres === undefined)(name("batches that are there at once"), () => {
  const callers = ["a", "b", "c"];
  const KEYS = callers.map((caller) => `${caller}:sk-${caller}`).join(" ");

  test("go forward together, of one caller and of several, however long one is", async () => {
    const cluster = await startCluster({ args: ["--api-key-env", "KEYS"], env: { KEYS } });
    const clientOf = (caller: string): OpenAI => cluster.openai.withOptions({ apiKey: `sk-${caller}` });
    const sizes = [6000, 1500, 1500].flatMap((size) => callers.map((caller) => ({ caller, size })));
    const batches: string[] = [];
    for (const { caller, size } of sizes)
      batches.push((await createBatch(clientOf(caller), chatLines(size))).id);
    await startWorkerOf(cluster, ["--rehearse"]);
    for (const [index, { caller }] of sizes.entries())
      expect((await waitForEnd(clientOf(caller), batches[index] ?? "")).status).toBe("completed");
    const segments = await query(cluster.database, "select batch from openbatch.segments order by at");
    const order = segments.map(({ batch }) => batches.indexOf(`${batch}`));
    expect(order.length).toBeGreaterThan(2 * batches.length);
    expect(new Set(order).size).toBe(batches.length);
    // A batch has eight ranges open: had it no turns to take, all of them would be before those of a batch that came later.
    expect(furthestAhead(order)).toBeLessThanOrEqual(6);
    // A small one is through before a large one that came before it.
    expect(order.lastIndexOf(8)).toBeLessThan(order.lastIndexOf(0));
  });

  test("of 10 requests are through before one of 100,000 that came before them", async () => {
    const cluster = await startCluster({ args: ["--api-key-env", "KEYS"], env: { KEYS } });
    const clientOf = (caller: string): OpenAI => cluster.openai.withOptions({ apiKey: `sk-${caller}` });
    const args = ["--rehearse", "--fault", "slow:1:100", "--concurrency", "100"];
    await startWorkerOf(cluster, [...args, "--max-batch-requests", "100000"]);
    const large = await createBatch(clientOf("a"), chatLines(100_000));
    await untilDone(clientOf("a"), large.id, 50);
    for (const caller of callers)
      expect((await runBatch(clientOf(caller), chatLines(10))).status).toBe("completed");
    const { status, request_counts } = await clientOf("a").batches.retrieve(large.id);
    expect([status, request_counts?.total]).toEqual(["in_progress", 100_000]);
    await clientOf("a").batches.cancel(large.id);
    expect((await waitForEnd(clientOf("a"), large.id)).status).toBe("cancelled");
  });
});

describe.skipIf(postgres === undefined)(name("keys"), () => {
  test("can be changed one after the other, and are nowhere in the database", async () => {
    const started = async (KEYS: string) => {
      const { database, storage } = cluster;
      return startServer(database, storage, { args: ["--api-key-env", "KEYS"], env: { KEYS } });
    };
    const old = "sk-old-Zk81";
    const fresh = "sk-new-Qm42";
    const cluster = await startCluster({
      args: ["--api-key-env", "KEYS"],
      env: { KEYS: `alice:${old} bob:sk-bob-Tr77` },
    });
    await startWorkerOf(cluster, ["--rehearse"]);
    const before = await runBatch(cluster.openai.withOptions({ apiKey: old }), chatLines(5));
    const both = await started(`alice:${old} alice:${fresh} bob:sk-bob-Tr77`);
    const only = await started(`alice:${fresh} bob:sk-bob-Tr77`);
    const at = ({ baseURL }: { readonly baseURL: string }, apiKey: string): OpenAI =>
      new OpenAI({ baseURL, apiKey, maxRetries: 0 });
    for (const openai of [at(both, old), at(both, fresh), at(only, fresh)])
      expect(await openai.batches.retrieve(before.id)).toEqual(before);
    await expect(at(only, old).batches.list()).rejects.toMatchObject({ status: 401 });
    await expect(at(only, "sk-bob-Tr77").batches.retrieve(before.id)).rejects.toMatchObject({ status: 404 });
    await expect(at(only, "sk-bob-Tr77").files.content(before.output_file_id ?? "")).rejects.toMatchObject({
      status: 404,
    });
    if (programs === undefined) return;
    const dump = execFileSync(join(programs, "pg_dump"), [cluster.database], {
      encoding: "utf8",
      maxBuffer: 1e9,
    });
    expect(dump).toContain(before.id);
    expect(dump).not.toMatch(/Zk81|Qm42|Tr77/);
  });
});

describe.skipIf(postgres === undefined)(name("two servers"), () => {
  test("go on with a download that was begun at the one that is killed", async () => {
    const cluster = await startCluster();
    const other = await startServer(cluster.database, cluster.storage);
    const second = new OpenAI({ baseURL: other.baseURL, apiKey: "any", maxRetries: 0 });
    await startWorkerOf(cluster, ["--rehearse"]);
    const input_file_id = await upload(cluster.openai, chatLines(8000));
    const { id } = await second.batches.create({
      input_file_id,
      endpoint: "/v1/chat/completions",
      completion_window: "24h",
    });
    const [here, there] = await Promise.all([waitForEnd(cluster.openai, id), waitForEnd(second, id)]);
    expect(here).toEqual(there);
    const output = here.output_file_id ?? "";
    const begun = await takeSome(`${cluster.openai.baseURL}/files/${output}/content`, 100_000, () =>
      cluster.server.end("SIGKILL"),
    );
    expect(begun.length).toBeGreaterThanOrEqual(100_000);
    const { bytes } = await second.files.retrieve(output);
    expect(begun.length).toBeLessThan(bytes);
    const rest = await second.files.content(output, { headers: { range: `bytes=${begun.length}-` } });
    const whole = Buffer.concat([begun, Buffer.from(await rest.arrayBuffer())]);
    expect(whole.toString()).toBe(await (await second.files.content(output)).text());
    expect(await download(second, output)).toHaveLength(8000);
  });
});

/** Reads so much of an answer, and then does something; gives all that came until it broke off. */
async function takeSome(url: string, bytes: number, then: () => Promise<unknown>): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request(url, (incoming) => {
      incoming.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size < bytes || size - chunk.length >= bytes) return;
        // What is on its way comes before the end.
        incoming.pause();
        void then().then(() => incoming.resume());
      });
      incoming.on("error", () => undefined);
      incoming.on("close", () => resolve(Buffer.concat(chunks)));
    })
      .on("error", reject)
      .end();
  });
}
