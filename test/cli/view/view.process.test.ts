import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { SourceSummary } from "../../../src/view/wire/source-summary.js";
import { toLines } from "../../lines.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { moodRequests, moodResults } from "../../view/viewed.js";
import { spawnCli, startCli } from "../start-cli.js";

const folder = temporaryFolder();

beforeAll(() => {
  writeFileSync(join(folder, "moods.jsonl"), toLines(moodRequests));
  writeFileSync(join(folder, "moods.results.jsonl"), toLines(moodResults));
  writeFileSync(join(folder, "output.jsonl"), toLines(moodResults.slice(0, 3)));
  writeFileSync(join(folder, "errors.jsonl"), toLines(moodResults.slice(3)));
  writeFileSync(join(folder, "new.jsonl"), toLines(moodRequests));
});

type Headers = Readonly<Record<string, string>>;

/** Starts `openbatch view`, and asks it as a page would. */
async function view(...args: readonly string[]) {
  const { child, said, says } = startCli(["view", ...args], { cwd: folder });
  await says("Ctrl-C");
  const link = new URL(/http:\S+/.exec(said.out)?.[0] ?? "");
  const token = link.hash.replace("#token=", "");
  const ask = (path: string, headers: Headers = { authorization: `Bearer ${token}` }) =>
    fetch(new URL(path, link.origin), { headers, redirect: "manual" });
  const summary = async (id = 1) =>
    (await ask(`/_/api/sources/${id}/summary`)).json() as Promise<SourceSummary>;
  const whenRead = (id = 1) => expect.poll(async () => (await summary(id)).state).toBe("complete");
  return { child, said, link, token, ask, summary, whenRead };
}

describe("openbatch view", () => {
  test("prints a link with a key, opens no browser beside a terminal, and ends with 130 at Ctrl-C", async () => {
    const { child, said, link, token } = await view("moods.jsonl");
    expect(said.out).toMatch(
      /^Showing moods\.jsonl with moods\.results\.jsonl at\n {2}http:\/\/127\.0\.0\.1:\d+\/_\/#token=[\w-]{32}\n/,
    );
    expect(token).toHaveLength(32);
    const page = await fetch(link);
    expect(page.headers.get("content-type")).toMatch(/^text\/html/);
    child.kill("SIGINT");
    await once(child, "exit");
    expect(child.exitCode).toBe(130);
    await expect(fetch(link)).rejects.toThrow();
  });

  test("shows what a question about a table has made, and takes a table for none of it", async () => {
    mkdirSync(join(folder, "moods.openbatch"));
    writeFileSync(join(folder, "moods.openbatch/requests.jsonl"), toLines(moodRequests));
    writeFileSync(join(folder, "moods.openbatch/requests.results.jsonl"), toLines(moodResults));
    const { summary, whenRead } = await view("moods.openbatch/");
    await whenRead();
    expect((await summary()).counts).toMatchObject({ missing: 1 });
    writeFileSync(join(folder, "rows.csv"), "a,b\n1,2\n");
    const { exit, error } = await spawnCli(["view", "rows.csv"], { cwd: folder });
    expect([exit, error]).toEqual([2, expect.stringContaining("rows.csv is a table, and no batch file.")]);
  });

  test("counts what openbatch results counts", async () => {
    const { summary, whenRead } = await view("moods.jsonl");
    await whenRead();
    const told = JSON.parse((await spawnCli(["results", "moods.jsonl", "--json"], { cwd: folder })).out);
    const { counts, causes, tokens, models } = await summary();
    const { usable, problem, failed, expired, missing } = counts;
    expect({ usable, problems: problem }).toEqual({ usable: told.usable, problems: told.problems });
    expect(told.counts).toMatchObject({ failed, expired, missing, total: 8 });
    expect(causes.map(({ code, count }) => [code, count])).toEqual(
      told.causes.map(({ code, count }: Record<string, unknown>) => [code, count]),
    );
    expect(tokens.input).toBe(told.usage.input_tokens);
    expect(models).toEqual(told.models);
  });

  test("takes results files behind a batch file, several batch files, and results alone", async () => {
    const { ask, summary, whenRead } = await view("moods.jsonl", "output.jsonl", "errors.jsonl", "new.jsonl");
    await whenRead(2);
    expect(await (await ask("/_/api/sources")).json()).toMatchObject({ sources: [{ id: "1" }, { id: "2" }] });
    expect(await summary(1)).toMatchObject({ results: ["output.jsonl", "errors.jsonl"], total: 8 });
    expect(await summary(2)).toMatchObject({ results: [], counts: { pending: 8 } });
    const alone = await view("output.jsonl");
    await alone.whenRead();
    expect(await alone.summary()).toMatchObject({ total: 3, results: ["output.jsonl"] });
  });

  test("refuses what is no batch file, without a page", async () => {
    writeFileSync(join(folder, "reviews.csv"), "id,text\n1,good\n");
    const table = await spawnCli(["view", "reviews.csv"], { cwd: folder });
    expect(table).toMatchObject({ exit: 2, error: expect.stringContaining("openbatch build reviews.csv") });
    const absent = await spawnCli(["view", "absent.jsonl"], { cwd: folder });
    expect(absent).toMatchObject({ exit: 2, error: expect.stringContaining("absent.jsonl") });
    const noJob = await spawnCli(["view", "."], { cwd: folder });
    expect(noJob).toMatchObject({ exit: 2, error: expect.stringContaining("none of a job") });
  });
});

describe("the server of the page", () => {
  test("gives data to nobody without the key of the link", async () => {
    const { ask } = await view("moods.jsonl");
    const paths = [
      "sources",
      "sources/1/summary",
      "sources/1/rows",
      "sources/1/results?row=0",
      "sources/1/line?row=0",
    ];
    for (const path of [...paths, "sources/1/image?row=0", "nothing"]) {
      expect((await ask(`/_/api/${path}`, {})).status, path).toBe(401);
      expect((await ask(`/_/api/${path}`, { authorization: "Bearer wrong" })).status, path).toBe(401);
    }
  });

  test("answers no page of another place, and no other name or port", async () => {
    const { token, link } = await view("moods.jsonl");
    const authorization = `Bearer ${token}`;
    // fetch says itself how it asks.
    const statusOf = async (headers: Headers, path = "/_/api/sources") => {
      const [answer] = await once(
        get(new URL(path, link), { headers: { authorization, ...headers } }),
        "response",
      );
      answer.resume();
      return answer.statusCode;
    };
    expect(await statusOf({})).toBe(200);
    expect(await statusOf({ host: `localhost:${link.port}` })).toBe(200);
    expect(await statusOf({ host: "127.0.0.1:1" })).toBe(403);
    expect(await statusOf({ host: `evil.example:${link.port}` })).toBe(403);
    expect(await statusOf({ origin: link.origin, "sec-fetch-site": "same-origin" })).toBe(200);
    expect(await statusOf({ origin: "http://127.0.0.1:1" })).toBe(403);
    expect(await statusOf({ origin: "https://example.com" })).toBe(403);
    for (const site of ["cross-site", "same-site"]) {
      expect(await statusOf({ "sec-fetch-site": site })).toBe(403);
      const opened = { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
      expect(await statusOf({ "sec-fetch-site": site, ...opened })).toBe(403);
      expect(await statusOf({ "sec-fetch-site": site, ...opened }, "/_/")).toBe(200);
      expect(await statusOf({ "sec-fetch-site": site, ...opened, "sec-fetch-dest": "iframe" }, "/_/")).toBe(
        403,
      );
    }
  });

  test("lets a page run its own script alone, and keeps nothing in caches but what never changes", async () => {
    const { ask } = await view("moods.jsonl");
    const page = await ask("/_/", {});
    const html = await page.text();
    expect(page.headers.get("content-security-policy")).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
    );
    expect(page.headers.get("x-content-type-options")).toBe("nosniff");
    expect(page.headers.get("cache-control")).toBe("no-store");
    const script = await ask(`/_/${/app-\w+\.js/.exec(html)?.[0]}`, {});
    expect(script.headers.get("cache-control")).toContain("immutable");
    expect(html).not.toMatch(/https?:/);
    expect((await ask("/", {})).headers.get("location")).toBe("/_/");
  });

  test("takes no path, and no row that is not there", async () => {
    const { ask, whenRead } = await view("moods.jsonl");
    await whenRead();
    for (const path of [
      "sources/../../etc/passwd",
      "sources/2/rows",
      "sources/1/results?row=99",
      "sources/1/line?row=99",
    ])
      expect((await ask(`/_/api/${path}`)).status, path).toBe(404);
    const rows = await ask("/_/api/sources/1/rows?from=7&count=9999999999&column=custom_id");
    expect(await rows.json()).toMatchObject({ total: 8, rows: [{ custom_id: "h" }] });
  });
});
