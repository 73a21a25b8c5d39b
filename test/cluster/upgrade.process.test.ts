import { cpSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { type ClientRequest, request } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { chatLines } from "../lines.js";
import { createBatch, upload, waitForEnd } from "../serve/batches.js";
import { temporaryFolder } from "../temporary-folder.js";
import { startUpstream } from "./ground/counting-upstream.js";
import { postgres, query, start, startServer, withoutPostgres } from "./ground/postgres.js";
import { expectWhole, startCluster, startWorkerOf, untilDone } from "./ground/start-cluster.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A build of the next version; with a table more, if it is to have one. */
function buildNext({ hasMigration = false } = {}): string {
  const folder = temporaryFolder();
  cpSync(join(root, "dist"), join(folder, "dist"), { recursive: true });
  const json = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ ...json, version: "99.0.0" }));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  if (hasMigration) addMigration(join(folder, "dist"));
  return join(folder, "dist", "cli", "main.js");
}

/** The list of migrations as it is built, up to its end. */
const list = /(create table openbatch\.files \([\s\S]*?`)\s*\];/;

function addMigration(dist: string): void {
  const names = readdirSync(dist, { recursive: true, encoding: "utf8" });
  const paths = names.filter((name) => name.endsWith(".js")).map((name) => join(dist, name));
  const found = paths.filter((path) => list.test(readFileSync(path, "utf8")));
  expect(found).toHaveLength(1);
  for (const path of found) {
    const text = readFileSync(path, "utf8");
    writeFileSync(path, text.replace(list, '$1, "create table openbatch.more (id int)"];'));
  }
}

/** An upload that comes to no end, so that the server waits for it. */
function beginUpload(baseURL: string): ClientRequest {
  const headers = { "content-type": "multipart/form-data; boundary=b" };
  const upload = request(`${baseURL}/files`, { method: "POST", headers });
  upload.on("error", () => undefined).write("--b\r\n");
  return upload;
}

describe.skipIf(postgres === undefined)(`the next version ${postgres ? "" : withoutPostgres}`, () => {
  test("works beside this one as long as the tables are the same, one process after the other", async () => {
    const main = buildNext();
    const version = start(["--version"], { main });
    expect(await version.ended).toBe(0);
    expect(version.said()).toContain("99.0.0");
    const cluster = await startCluster();
    const upstream = await startUpstream(50);
    const args = ["--upstream", upstream.url, "--concurrency", "10"];
    const old = await startWorkerOf(cluster, args);
    const batches = [(await createBatch(cluster.openai, chatLines(1500))).id];
    await untilDone(cluster.openai, batches[0] ?? "", 50);
    const next = await startServer(cluster.database, cluster.storage, { main });
    await startWorkerOf(cluster, args, { main });
    const openai = new OpenAI({ baseURL: next.baseURL, apiKey: "any", maxRetries: 0 });
    const input_file_id = await upload(cluster.openai, chatLines(1500));
    const created = await openai.batches.create({
      input_file_id,
      endpoint: "/v1/chat/completions",
      completion_window: "24h",
    });
    batches.push(created.id);
    await untilDone(cluster.openai, created.id, 50);
    expect(await old.end("SIGTERM")).toBe(130);
    expect(await cluster.server.end("SIGTERM")).toBe(130);
    for (const id of batches) await expectWhole({ ...cluster, openai }, id, 1500);
    expect(upstream.count()).toBe(3000);
  });

  test("refuses older tables by name, and this one the newer ones; what runs on ends", async () => {
    const main = buildNext({ hasMigration: true });
    const cluster = await startCluster();
    const upstream = await startUpstream(1);
    const [row] = await query(cluster.database, "select max(version)::int as schema from openbatch.versions");
    const schema = Number(row?.schema);
    const named = ["--database", cluster.database, "--storage", cluster.storage];
    const worker = ["worker", ...named, "--upstream", upstream.url];
    for (const args of [worker, ["serve", "--port", "0", ...named]]) {
      const early = start(args, { main });
      expect(await early.ended).toBe(2);
      expect(early.said()).toContain(
        `are of schema ${schema}, and this openbatch needs schema ${schema + 1}`,
      );
    }
    const ready = () => fetch(new URL("/readyz", cluster.openai.baseURL));
    expect((await ready()).status).toBe(200);
    const migrating = start(["migrate", "--database", cluster.database], { main });
    expect(await migrating.ended).toBe(0);
    expect(migrating.said()).toContain(
      `schema ${schema + 1} now.\nStop servers and workers of an older openbatch`,
    );
    for (const args of [
      worker,
      ["serve", "--port", "0", ...named],
      ["migrate", "--database", cluster.database],
    ]) {
      const late = start(args);
      expect(await late.ended).toBe(2);
      expect(late.said()).toContain(
        `are of schema ${schema + 1}, and this openbatch knows those up to schema ${schema}`,
      );
    }
    expect(await cluster.server.ended).toBe(2);
    expect(cluster.server.said()).toContain("error[schema_differs]");
    await startWorkerOf(cluster, ["--upstream", upstream.url], { main });
    const openai = new OpenAI({
      baseURL: (await startServer(cluster.database, cluster.storage, { main })).baseURL,
      apiKey: "any",
    });
    const { id } = await createBatch(openai, chatLines(3));
    expect((await waitForEnd(openai, id)).status).toBe("completed");
  });
  test("may bring the tables further while this one runs: it sends no more, gives back what it has, and ends", async () => {
    const cluster = await startCluster();
    const upstream = await startUpstream(300);
    const args = ["--upstream", upstream.url, "--concurrency", "20"];
    const worker = await startWorkerOf(cluster, args);
    const { id } = await createBatch(cluster.openai, chatLines(5000));
    await untilDone(cluster.openai, id, 20);
    const upload = beginUpload(cluster.openai.baseURL);
    await query(
      cluster.database,
      "insert into openbatch.versions select max(version) + 1 from openbatch.versions",
    );
    const status = async () => (await fetch(`${cluster.openai.baseURL}/batches/${id}`)).status;
    await expect.poll(status).toBe(503);
    expect((await fetch(new URL("/readyz", cluster.openai.baseURL))).status).toBe(503);
    upload.destroy();
    for (const ended of [worker, cluster.server]) {
      expect(await ended.ended).toBe(2);
      expect(ended.said()).toMatch(/error\[schema_differs\]: The tables in the database are of schema \d+/);
    }
    const sent = upstream.count();
    const [left] = await query(
      cluster.database,
      `select sum(coalesce(segments.completed, progress.completed))::int as completed
       from openbatch.segments full join openbatch.progress using (batch, n)`,
    );
    expect(left?.completed).toBe(sent);
    const given = "select count(*)::int as count from openbatch_queue.job where state = 'active'";
    expect(await query(cluster.database, given)).toEqual([{ count: 0 }]);
  });
});
