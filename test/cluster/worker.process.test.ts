import { describe, expect, test } from "vitest";
import { chatLine, chatLines, requestIds } from "../lines.js";
import { createBatch, download, idsOf, runBatch, waitForEnd } from "../serve/batches.js";
import { startUpstream } from "./ground/counting-upstream.js";
import { postgres, query, start, withoutPostgres } from "./ground/postgres.js";
import { startCluster, startWorkerOf, untilDone } from "./ground/start-cluster.js";

describe.skipIf(postgres === undefined)(`workers ${postgres ? "" : withoutPostgres}`, () => {
  test("execute a batch of several ranges, and its files are as one server writes them", async () => {
    const cluster = await startCluster();
    await startWorkerOf(cluster, ["--rehearse", "--fault", "400:request-7"]);
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

  test("cut a batch into ranges by the pace of those that are done, and write each result once", async () => {
    const cluster = await startCluster();
    await startWorkerOf(cluster, ["--rehearse"]);
    await startWorkerOf(cluster, ["--rehearse"]);
    const batch = await runBatch(cluster.openai, chatLines(15_020));
    expect(batch.request_counts).toEqual({ total: 15_020, completed: 15_020, failed: 0 });
    const segments = await query(
      cluster.database,
      "select completed::int as size from openbatch.segments order by n",
    );
    const sizes = segments.map(({ size }) => Number(size));
    expect(sizes.slice(0, 8)).toEqual([50, ...Array(7).fill(500)]);
    expect(Math.max(...sizes)).toBeGreaterThan(500);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(Math.ceil((15_020 - 3550) / 8 / 50) * 50);
    const output = await download(cluster.openai, batch.output_file_id);
    expect(idsOf(output)).toEqual(requestIds(15_020).sort());
  });

  test("fail a batch whose input is not one, in the service's words", async () => {
    const cluster = await startCluster();
    await startWorkerOf(cluster, ["--rehearse"]);
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

  test("of one database all send, or all make answers up", async () => {
    const cluster = await startCluster();
    const upstream = await startUpstream(1);
    const rehearsing = await startWorkerOf(cluster, ["--rehearse"]);
    const args = ["worker", "--database", cluster.database, "--storage", cluster.storage];
    const sending = start([...args, "--upstream", upstream.url]);
    expect(await sending.ended).not.toBe(0);
    expect(sending.said()).toMatch(/worker \S+ of this database makes answers up/);
    await rehearsing.end("SIGTERM");
    await startWorkerOf(cluster, ["--upstream", upstream.url]);
    const late = start([...args, "--rehearse"]);
    expect(await late.ended).not.toBe(0);
    expect(late.said()).toContain(`sends to ${upstream.url}`);
  });

  test("fail a batch whose model the upstream does not have", async () => {
    const cluster = await startCluster();
    const upstream = await startUpstream(1);
    await startWorkerOf(cluster, ["--upstream", upstream.url]);
    const batch = await runBatch(cluster.openai, [chatLine("a", { model: "unknown" })]);
    expect(batch).toMatchObject({ status: "failed" });
    expect(batch.errors?.data?.[0]?.code).toBe("model_not_found");
  });

  test("send no more of a batch that is cancelled, and give each request that was not sent its line", async () => {
    const cluster = await startCluster();
    const upstream = await startUpstream(50);
    await startWorkerOf(cluster, ["--upstream", upstream.url, "--concurrency", "10"]);
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
    await startWorkerOf(cluster, ["--upstream", upstream.url, "--concurrency", "10"]);
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
    await startWorkerOf(cluster, ["--upstream", upstream.url, "--concurrency", "40"]);
    const large = await createBatch(cluster.openai, chatLines(12_000));
    await untilDone(cluster.openai, large.id, 50);
    const small = await runBatch(cluster.openai, chatLines(10));
    expect(small.status).toBe("completed");
    expect((await cluster.openai.batches.retrieve(large.id)).status).toBe("in_progress");
  });

  test("begin with the batch of a caller who goes first", async () => {
    const cluster = await startCluster({
      args: ["--api-key-env", "KEYS"],
      env: { KEYS: "usual:sk-usual first:sk-first:5" },
    });
    const [usual, first] = await Promise.all(
      ["sk-usual", "sk-first"].map((apiKey) =>
        createBatch(cluster.openai.withOptions({ apiKey }), chatLines(1000)),
      ),
    );
    const worker = await startWorkerOf(cluster, ["--rehearse"]);
    await waitForEnd(cluster.openai.withOptions({ apiKey: "sk-usual" }), usual?.id ?? "");
    const taken = [...worker.said().matchAll(/"kind":"range","id":"(\w+)","range":\d+,"state":"taken"/g)];
    expect(taken.map(([, id]) => id)).toEqual(
      [first, first, first, usual, usual, usual].map((batch) => batch?.id),
    );
  });

  test("settle a range at which worker after worker has died", async () => {
    const cluster = await startCluster();
    const upstream = await startUpstream(1_000_000);
    const args = ["--upstream", upstream.url];
    const first = await startWorkerOf(cluster, args);
    const { id } = await createBatch(cluster.openai, chatLines(3));
    await expect.poll(() => upstream.count()).toBe(3);
    await query(cluster.database, "update openbatch.progress set takes = 5");
    await first.end("SIGKILL");
    await startWorkerOf(cluster, args);
    const batch = await waitForEnd(cluster.openai, id);
    expect(batch).toMatchObject({ status: "completed", request_counts: { completed: 0, failed: 3 } });
    const errors = await download(cluster.openai, batch.error_file_id);
    expect(errors.map(({ error }) => error?.code)).toEqual(Array(3).fill("range_failed"));
    expect(upstream.count()).toBe(3);
  });
});
