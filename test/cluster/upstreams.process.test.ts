import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { chatLine, requestIds } from "../lines.js";
import { createBatch, download, idsOf, runBatch, waitForEnd } from "../serve/batches.js";
import { fetchMetrics } from "../serve/watch/read-metrics.js";
import { temporaryFolder } from "../temporary-folder.js";
import { startUpstream } from "./ground/counting-upstream.js";
import { postgres, query, start, withoutPostgres } from "./ground/postgres.js";
import { startCluster, startWorkerOf, untilDone } from "./ground/start-cluster.js";

function writeUpstreams(yaml: string): string {
  const path = join(temporaryFolder(), "upstreams.yaml");
  writeFileSync(path, yaml);
  return path;
}

function linesFor(model: string, count: number): string[] {
  return requestIds(count).map((id) => chatLine(id, { model }));
}

/** Nobody listens there. */
const away = "http://127.0.0.1:1/v1";

describe.skipIf(postgres === undefined)(`many upstreams ${postgres ? "" : withoutPostgres}`, () => {
  test("each get what is for their models, with their keys, which are kept nowhere", async () => {
    const cluster = await startCluster();
    const [one, other, third] = await Promise.all([startUpstream(1), startUpstream(1), startUpstream(1)]);
    const both = writeUpstreams(`upstreams:
  - base_url: ${one.url}
    api_key_env: ONE_KEY
    models: [one]
  - base_url: ${other.url}
    api_key_env: OTHER_KEY
    models: [other]
    concurrency: 3
    requests_per_minute: 60000
`);
    const env = { ONE_KEY: "sk-one", OTHER_KEY: "sk-other" };
    await startWorkerOf({ ...cluster, env }, ["--upstreams", both]);
    await startWorkerOf(cluster, ["--upstream", third.url, "--models", "third"]);
    const ended = await Promise.all(
      ["one", "other", "third", "fourth"].map((model) => runBatch(cluster.openai, linesFor(model, 700))),
    );
    expect(ended.map(({ status }) => status)).toEqual(["completed", "completed", "completed", "failed"]);
    expect(ended[3]?.errors?.data?.[0]).toMatchObject({
      code: "model_not_found",
      message: "The provided model 'fourth' is not supported by the Batch API.",
      param: "body.model",
      line: 1,
    });
    expect([one, other, third].map(({ count }) => count())).toEqual([700, 700, 700]);
    const keys = [one, other, third].map(({ authorizations }) => [...authorizations]);
    expect(keys).toEqual([["Bearer sk-one"], ["Bearer sk-other"], [undefined]]);
    const tables = await query(
      cluster.database,
      `select schemaname || '.' || quote_ident(relname) as name from pg_stat_user_tables`,
    );
    for (const { name } of tables) {
      const rows = await query(cluster.database, `select t::text as row from ${name} t`);
      expect(JSON.stringify(rows)).not.toMatch(/sk-one|sk-other/);
    }
  });

  test("of one address are told apart by the names of their keys, in metrics and in the list of workers", async () => {
    const cluster = await startCluster();
    const { url } = await startUpstream(1);
    const upstreams = writeUpstreams(`upstreams:
  - { base_url: "${url}", api_key_env: ONE_KEY, models: [one] }
  - { base_url: "${url}", api_key_env: OTHER_KEY, models: [other] }
`);
    const env = { ONE_KEY: "sk-one", OTHER_KEY: "sk-other" };
    const worker = await startWorkerOf({ ...cluster, env }, ["--upstreams", upstreams, "--metrics", "0"]);
    await Promise.all([
      runBatch(cluster.openai, linesFor("one", 3)),
      runBatch(cluster.openai, linesFor("other", 5)),
    ]);
    const [, metricsURL = ""] = await worker.says(/"metrics":"([^"]+)"/);
    const counted = (key: string) =>
      `openbatch_requests_total{upstream="${url}",key_name="${key}",outcome="completed",reason=""}`;
    const metrics = Object.fromEntries(await fetchMetrics(metricsURL));
    expect(metrics).toMatchObject({ [counted("ONE_KEY")]: 3, [counted("OTHER_KEY")]: 5 });
    expect(JSON.stringify(metrics)).not.toContain("sk-");
    const listed = start(["workers", "--database", cluster.database]);
    expect(await listed.ended).toBe(0);
    expect(listed.said()).toContain(`\n  ${url} with ONE_KEY: one, `);
    expect(listed.said()).toContain(`\n  ${url} with OTHER_KEY: other, `);
  });

  test("of which one is away and one refuses the key stop none of the others", async () => {
    const cluster = await startCluster();
    const [refusing, well] = await Promise.all([startUpstream(1, { key: "right" }), startUpstream(1)]);
    const upstreams = writeUpstreams(`upstreams:
  - { base_url: "${away}", models: [shared, lonely] }
  - { base_url: "${refusing.url}", api_key_env: WRONG_KEY, models: [shared, refused] }
  - { base_url: "${well.url}", models: [shared, own] }
`);
    const env = { WRONG_KEY: "wrong" };
    await startWorkerOf({ ...cluster, env }, ["--upstreams", upstreams]);
    const [lonely, refused] = await Promise.all(
      ["lonely", "refused"].map((model) => createBatch(cluster.openai, linesFor(model, 30))),
    );
    const ended = await Promise.all(
      ["shared", "own"].map((model) => runBatch(cluster.openai, linesFor(model, 2600))),
    );
    for (const { status, request_counts, output_file_id } of ended) {
      expect([status, request_counts]).toEqual(["completed", { total: 2600, completed: 2600, failed: 0 }]);
      const output = await download(cluster.openai, output_file_id);
      expect(idsOf(output)).toEqual(requestIds(2600).sort());
    }
    for (const batch of [lonely, refused]) {
      expect((await cluster.openai.batches.retrieve(batch?.id ?? "")).status).toBe("in_progress");
    }
    // What nobody can send now is settled by whoever is there.
    await cluster.openai.batches.cancel(lonely?.id ?? "");
    expect(await waitForEnd(cluster.openai, lonely?.id ?? "")).toMatchObject({
      status: "cancelled",
      request_counts: { total: 30, completed: 0, failed: 0 },
    });
    const listed = start(["workers", "--database", cluster.database]);
    expect(await listed.ended).toBe(0);
    expect(listed.said()).toContain(`\n  ${well.url}: shared, own, `);
    const causes = await query(cluster.database, "select target, cause from openbatch.upstreams order by n");
    expect(causes.map(({ cause }) => typeof cause)).toEqual(["string", "string", "object"]);
  });

  test("are listed with how fast they are now, in lines of a terminal of 80 columns", async () => {
    const cluster = await startCluster();
    const { url } = await startUpstream(100);
    const upstreams = writeUpstreams(`upstreams:
  - { base_url: "${url}", models: [gpt-4o-mini, ${"a-long-name-of-a-model".repeat(3)}, other], concurrency: 10, tokens_per_minute: 9000000 }
  - { base_url: "${away}" }
`);
    await startWorkerOf(cluster, ["--upstreams", upstreams]);
    const [batch] = await Promise.all([
      createBatch(cluster.openai, linesFor("gpt-4o-mini", 3000)),
      createBatch(cluster.openai, linesFor("lonely", 3)),
    ]);
    await untilDone(cluster.openai, batch.id, 10);
    await query(cluster.database, "update openbatch.workers set started_at = now() - interval '1 day'");
    const listed = start(["workers", "--database", cluster.database]);
    expect(await listed.ended).toBe(0);
    const [, pace] = / {2}([\d.]+) requests a second, \d+ ranges?\n/.exec(listed.said()) ?? [];
    // In all of its life it was less than 0.1.
    expect(Number(pace)).toBeGreaterThan(1);
    for (const line of listed.said().split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  test("a batch waits for the worker of its model that is started again", async () => {
    const cluster = await startCluster();
    const [one, other] = await Promise.all([startUpstream(1), startUpstream(5)]);
    await startWorkerOf(cluster, ["--upstream", one.url, "--models", "one"]);
    const args = ["--upstream", other.url, "--models", "other"];
    const first = await startWorkerOf(cluster, args);
    const { id } = await createBatch(cluster.openai, linesFor("other", 1200));
    await untilDone(cluster.openai, id, 10);
    await first.end("SIGTERM");
    const late = await createBatch(cluster.openai, linesFor("other", 10));
    await runBatch(cluster.openai, linesFor("one", 10));
    expect((await cluster.openai.batches.retrieve(late.id)).status).not.toBe("failed");
    const gone =
      "update openbatch.upstreams set seen_at = now() - interval '2 minutes' where worker not in (select id from openbatch.workers)";
    await query(cluster.database, gone);
    const waiting = /2 batches wait for the model \\"other\\", which no worker has\./g;
    await cluster.server.says(waiting);
    const listed = start(["workers", "--database", cluster.database]);
    await listed.ended;
    expect(listed.said()).toContain('2 batches wait for the model "other", which no worker has.\n');
    await startWorkerOf(cluster, args);
    const ended = await Promise.all([id, late.id].map((each) => waitForEnd(cluster.openai, each)));
    expect(ended.map(({ status }) => status)).toEqual(["completed", "completed"]);
    expect([one.count(), other.count()]).toEqual([10, 1210]);
    expect(cluster.server.said().match(waiting)).toHaveLength(1);
  });

  test("are refused where the file or the command line cannot be meant so", async () => {
    const args = ["worker", "--database", "postgres://localhost/none", "--storage", temporaryFolder()];
    const path = writeUpstreams("upstreams:\n  - base_url: http://localhost/v1\n    api_key: sk-secret\n");
    const wrong = start([...args, "--upstreams", path]);
    expect(await wrong.ended).toBe(2);
    expect(wrong.said()).toContain(`${path}, line 3, column 5: "api_key" is no setting of an upstream`);
    expect(wrong.said()).not.toContain("sk-secret");
    const twice = start([...args, "--upstreams", path, "--model", "m"]);
    expect(await twice.ended).toBe(2);
    expect(twice.said()).toContain("--model is not for --upstreams.");
  });
});
