import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import OpenAI from "openai";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LoopbackServer, startLoopbackServer } from "../../execute/loopback-server.js";
import { chatBody, chatLines, toLines } from "../../lines.js";
import { createBatch } from "../../serve/batches.js";
import { inspectAll, makeBatch, save, stateOf } from "../../serve/page/service-page.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { hasBrowser, launch, openPage, whenRead } from "../../view/page/browser.js";
import { postgres, query, type Started, startServer, withoutPostgres } from "../ground/postgres.js";
import { startS3 } from "../ground/s3.js";
import { startCluster, startWorkerOf } from "../ground/start-cluster.js";

const folder = temporaryFolder();
const isSkipped = postgres === undefined || !hasBrowser;
let browser: Browser;

beforeAll(async () => {
  if (!isSkipped) browser = await launch();
});

afterAll(async () => {
  if (!isSkipped) await browser.close();
});

/** What a server says its page is. */
async function linkOf(server: Started): Promise<string> {
  const [, link = ""] = await server.says(/"page":"([^"]+)"/);
  return link;
}

/** Answers the first so many requests of a batch, and the others once it is let go. */
async function startUpstream(first: number): Promise<{ upstream: LoopbackServer; letGo: () => void }> {
  let letGo = (): void => undefined;
  const going = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const upstream = await startLoopbackServer(async ({ body }) => {
    if (Number(/request-(\d+)/.exec(body)?.[1]) >= first) await going;
    return { body: chatBody("It is nice.") };
  });
  return { upstream, letGo };
}

async function countOf(page: Page, outcome: string): Promise<string | null> {
  return page.locator(`.tile.${outcome} b`).textContent();
}

describe.skipIf(isSkipped)(`the page of a server on a database ${postgres ? "" : withoutPostgres}`, () => {
  test("shows the batches of all callers and who executes them, the same at each server", async () => {
    const env = { KEYS: "alice:sk-alice:5 bob:sk-bob" };
    const cluster = await startCluster({ args: ["--api-key-env", "KEYS"], env });
    const second = await startServer(cluster.database, cluster.storage, {
      args: ["--api-key-env", "KEYS"],
      env,
    });
    const [alice, bob] = ["sk-alice", "sk-bob"].map(
      (apiKey) => new OpenAI({ baseURL: second.baseURL, apiKey, maxRetries: 0 }),
    );
    if (alice === undefined || bob === undefined) return;
    const { id } = await createBatch(alice, chatLines(1200));
    const { page, complaints } = await openPage(browser, await linkOf(cluster.server));
    await page.getByRole("link", { name: "Machines: no worker" }).waitFor();
    await page.getByRole("link", { name: "input.jsonl" }).click();
    await page.getByText("It waits: no worker is there").waitFor();

    const { upstream, letGo } = await startUpstream(550);
    const limits = ["--requests-per-minute", "600000", "--models", "gpt-4o-mini"];
    await startWorkerOf(cluster, ["--upstream", upstream.baseURL, "--concurrency", "900", ...limits]);
    // The first range has 50 requests, the second 500: each is shown when all of it is there.
    await expect.poll(() => countOf(page, "usable")).toBe("550");
    expect(await countOf(page, "pending")).toBe("650");
    await inspectAll(page, "cluster-under-way");
    await page.getByRole("link", { name: "All batches" }).click();
    await page.getByRole("link", { name: "Machines: 1 worker" }).click();
    const workers = page.getByRole("region", { name: "List of workers" });
    await expect.poll(() => workers.textContent()).toContain("650 of 900");
    expect(await workers.textContent()).toContain(upstream.baseURL);
    expect(await page.getByRole("region", { name: "List of limits" }).textContent()).toContain("600,000");
    await page.getByRole("heading", { name: "2 servers" }).waitFor();
    await inspectAll(page, "cluster-machines");
    const setModels = (models: string) =>
      query(cluster.database, `update openbatch.upstreams set models = '{${models}}'`);
    await setModels("other");
    await page.getByText("1 batch waits for the model gpt-4o-mini, which no worker has.").waitFor();
    await setModels("gpt-4o-mini");

    letGo();
    await page.goBack();
    await page.goBack();
    await expect.poll(() => stateOf(page)).toBe("completed");
    await expect.poll(() => countOf(page, "usable")).toBe("1,200");
    const output = await save(page, "Save output", folder);
    expect(readFileSync(output.path, "utf8").trimEnd().split("\n")).toHaveLength(1200);
    const csv = await save(page, "Save as CSV", folder);
    expect(readFileSync(csv.path, "utf8").trimEnd().split("\n")).toHaveLength(1201);

    // What is made on the page belongs to no caller.
    await page.getByRole("link", { name: "All batches" }).click();
    const own = join(folder, "own.jsonl");
    writeFileSync(own, toLines(chatLines(3)));
    await makeBatch(page, own);
    await expect.poll(() => stateOf(page)).toBe("completed");
    expect((await bob.batches.list()).data).toEqual([]);
    expect((await alice.batches.list()).data.map((batch) => batch.id)).toEqual([id]);

    const other = await openPage(browser, await linkOf(second));
    const rows = other.page.getByRole("region", { name: "List of batches" }).locator("tbody tr");
    await expect.poll(() => rows.count()).toBe(2);
    expect((await rows.allTextContents()).map((text) => /this page|alice/.exec(text)?.[0])).toEqual([
      "this page",
      "alice",
    ]);
    await inspectAll(other.page, "cluster-list");
    expect([...complaints, ...other.complaints]).toEqual([]);
    await upstream.close();
  });

  test("cancels a batch, and sends again for its owner what it has not got to", async () => {
    const env = { KEYS: "alice:sk-alice:5" };
    const cluster = await startCluster({ args: ["--api-key-env", "KEYS"], env });
    const alice = cluster.openai.withOptions({ apiKey: "sk-alice" });
    const { upstream, letGo } = await startUpstream(20);
    await startWorkerOf(cluster, ["--upstream", upstream.baseURL, "--concurrency", "4"]);
    const { id } = await createBatch(alice, chatLines(30));
    const { page, complaints } = await openPage(browser, `${await linkOf(cluster.server)}&source=${id}`);
    await expect.poll(() => page.locator(".batch-bar").textContent()).toBe("20 of 30");
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "Yes" }).click();
    await expect.poll(() => stateOf(page)).toMatch(/^cancell/);
    letGo();
    await expect.poll(() => stateOf(page)).toBe("cancelled");
    await whenRead(page);
    await expect.poll(() => countOf(page, "cancelled")).toBe("6");
    await page.getByRole("button", { name: "Send again what failed" }).click();
    await page.getByRole("button", { name: "Yes" }).click();
    await expect.poll(() => stateOf(page)).toBe("completed");
    await expect.poll(() => countOf(page, "usable")).toBe("6");
    expect((await alice.batches.list()).data).toHaveLength(2);
    expect(complaints).toEqual([]);
    await upstream.close();
  });
});

describe.skipIf(postgres === undefined)(
  `what a page shows of a bucket ${postgres ? "" : withoutPostgres}`,
  () => {
    test("is copied while it is looked at, without what was deleted, and a killed server's copies are removed", async () => {
      const s3 = await startS3();
      const TMPDIR = join(folder, "temporary");
      mkdirSync(TMPDIR);
      const copies = (): string[] => readdirSync(TMPDIR).filter((name) => name.startsWith("openbatch-page-"));
      const env = { ...s3.env, TMPDIR };
      const cluster = await startCluster({ ...s3, env });
      await startWorkerOf(cluster, ["--rehearse", "--fault", "400:request-7"]);
      const { id, input_file_id } = await createBatch(cluster.openai, chatLines(600));
      const ask = async (server: Started, path: string): Promise<Response> => {
        const { origin, hash } = new URL(await linkOf(server));
        const headers = { authorization: `Bearer ${hash.replace("#token=", "")}` };
        return fetch(`${origin}/_/api/${path}`, { headers });
      };
      const summary = async (server: Started): Promise<Record<string, unknown>> =>
        (await (await ask(server, `sources/${id}/summary`)).json()) as Record<string, unknown>;
      await expect.poll(async () => (await cluster.openai.batches.retrieve(id)).status).toBe("completed");
      await expect
        .poll(() => summary(cluster.server))
        .toMatchObject({ state: "complete", requests: "input.jsonl", counts: { usable: 599, failed: 1 } });
      expect(copies()).toHaveLength(1);
      await cluster.server.end("SIGKILL");
      const [left = ""] = copies();

      const next = await startServer(cluster.database, cluster.storage, { env });
      const openai = new OpenAI({ baseURL: next.baseURL, apiKey: "any" });
      const { output_file_id } = await openai.batches.retrieve(id);
      for (const file of [input_file_id, output_file_id ?? ""]) await openai.files.delete(file);
      await expect
        .poll(() => summary(next))
        .toMatchObject({ state: "complete", total: 1, counts: { failed: 1 } });
      expect(existsSync(join(TMPDIR, left))).toBe(false);
      expect(copies()).toHaveLength(1);

      // Of one that would be too much to hold the page has all but the rows.
      const counts = `jsonb_set(record::jsonb, '{object,request_counts,total}', '1000001')::json`;
      await query(cluster.database, `update openbatch.batches set record = ${counts}`);
      expect(await (await ask(next, `batches/${id}`)).json()).toMatchObject({
        ...{ hasRows: false, hasErrors: true, canRetry: false },
        hidden: expect.stringContaining("more than 1,000,000 requests"),
      });
      expect((await ask(next, `batches/${id}/download?as=csv`)).status).toBe(404);
      expect((await ask(next, `batches/${id}/download?as=errors`)).status).toBe(200);
      await next.end("SIGTERM");
      expect(copies()).toEqual([]);
    });
  },
);
