import { existsSync, readdirSync, statSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestBatchServer } from "../../../src/testing.js";
import type { CheckedUpload, ServiceState } from "../../../src/view/index.js";
import { startLoopbackServer } from "../../execute/loopback-server.js";
import { chatLine, toLines } from "../../lines.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { createBatch, runBatch } from "../batches.js";
import { isOnPostgres, startBatchServer } from "../start-batch-server.js";

interface Asked {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

interface Told {
  readonly status: number | undefined;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

/** A request with headers that `fetch` does not let through. */
function send(
  { pageLink }: TestBatchServer,
  path: string,
  { method = "GET", headers = {}, body: sent }: Asked = {},
) {
  const { port } = new URL(pageLink);
  return new Promise<Told>((resolve, reject) => {
    const outgoing = request({ port, path, method, headers, agent: false }, (incoming) => {
      let body = "";
      incoming.setEncoding("utf8").on("data", (text: string) => {
        body += text;
      });
      incoming.on("end", () => resolve({ status: incoming.statusCode, headers: incoming.headers, body }));
    });
    outgoing.on("error", reject).end(sent);
  });
}

function keyOf({ pageLink }: TestBatchServer): Record<string, string> {
  return { authorization: `Bearer ${new URLSearchParams(new URL(pageLink).hash.slice(1)).get("token")}` };
}

describe("the page of a server", () => {
  let server: TestBatchServer;
  let openai: OpenAI;
  beforeAll(async () => {
    server = await startBatchServer();
    openai = new OpenAI({ baseURL: server.baseURL, apiKey: "any" });
  });
  afterAll(() => server.close());

  test("is where a browser is sent that opens the server; a program is told that nothing is there", async () => {
    const accept = "text/html,application/xhtml+xml,*/*;q=0.8";
    expect(await send(server, "/", { headers: { accept } })).toMatchObject({
      status: 302,
      headers: { location: "/_/" },
    });
    const told = await send(server, "/", { headers: { accept: "*/*" } });
    expect(told.status).toBe(404);
    expect(JSON.parse(told.body)).toMatchObject({ error: { code: "unknown_url" } });
    const page = await send(server, "/_/");
    expect(page).toMatchObject({ status: 200, headers: { "x-content-type-options": "nosniff" } });
    expect(page.headers["content-security-policy"]).toContain("default-src 'none'; script-src 'self'");
    expect(page.body).toContain("data-service");
  });

  test("tells of batches and files, and of the results of a batch by its id", async () => {
    const { id } = await runBatch(openai, [chatLine("a"), chatLine("b")]);
    const listed = JSON.parse((await send(server, "/_/api/batches", { headers: keyOf(server) })).body);
    const [batch] = (listed as ServiceState).batches;
    expect(batch).toMatchObject({ id, name: "input.jsonl", state: "completed", total: 2, completed: 2 });
    expect(batch?.stamps.map(({ state }) => state)).toEqual([
      ...["created", "in_progress", "finalizing", "completed"],
    ]);
    const one = await send(server, `/_/api/batches/${id}`, { headers: keyOf(server) });
    expect(JSON.parse(one.body)).toMatchObject({ id, hasRows: true, hasOutput: true, hasErrors: false });
    const summary = async () =>
      JSON.parse((await send(server, `/_/api/sources/${id}/summary`, { headers: keyOf(server) })).body);
    await expect.poll(summary).toMatchObject({
      ...{ state: "complete", name: "input.jsonl", requests: "input.jsonl", results: ["output"] },
      ...{ counts: { usable: 2 }, isRehearsal: true },
    });
    const rows = await send(server, `/_/api/sources/${id}/rows`, { headers: keyOf(server) });
    expect(JSON.parse(rows.body).rows.map((row: { custom_id: string }) => row.custom_id)).toEqual(["a", "b"]);
  });

  test("tells why a batch failed that was none, and shows no results of it", async () => {
    const { id } = await runBatch(openai, [chatLine("a"), chatLine("a")]);
    const one = JSON.parse((await send(server, `/_/api/batches/${id}`, { headers: keyOf(server) })).body);
    expect(one).toMatchObject({ state: "failed", hasRows: false, errors: [{ line: 2 }] });
    expect((await send(server, `/_/api/sources/${id}/summary`, { headers: keyOf(server) })).status).toBe(404);
  });

  test.each([
    "batch_0",
    "../../server.lock",
    "..%2f..%2fserver.lock",
    "%2fetc%2fpasswd",
    "file-1",
    "__proto__",
  ])("knows only ids of its own, not %s", async (id) => {
    for (const path of [
      `batches/${id}`,
      `sources/${id}/rows`,
      `sources/${id}/summary`,
      `events?source=${id}`,
    ])
      expect((await send(server, `/_/api/${path}`, { headers: keyOf(server) })).status).toBe(404);
  });

  test("gives nothing to a page of another place, under another name or port, nor without its key", async () => {
    const { host, port } = new URL(server.pageLink);
    const key = keyOf(server);
    const refused: readonly (readonly [number, Record<string, string>])[] = [
      [401, {}],
      [401, { authorization: "Bearer any" }],
      [403, { ...key, host: "127.0.0.1" }],
      [403, { ...key, host: `127.0.0.1:${Number(port) + 1}` }],
      [403, { ...key, host: `evil.example:${port}` }],
      [403, { ...key, origin: "https://evil.example" }],
      [403, { ...key, origin: `http://127.0.0.1:${Number(port) + 1}` }],
      [403, { ...key, origin: "null" }],
      [403, { ...key, "sec-fetch-site": "cross-site" }],
      [403, { ...key, "sec-fetch-site": "same-site" }],
    ];
    for (const [status, headers] of refused) {
      const told = await send(server, "/_/api/batches", { headers });
      expect([told.status, headers]).toEqual([status, headers]);
      expect(told.headers["access-control-allow-origin"]).toBeUndefined();
    }
    const own = { ...key, origin: `http://${host}`, "sec-fetch-site": "same-origin", host };
    expect((await send(server, "/_/api/batches", { headers: own })).status).toBe(200);
  });

  test("has the same key after the server was started again, and another where its callers need another", async () => {
    const data = join(temporaryFolder(), "data");
    const links: string[] = [];
    for (const apiKey of ["sk-one", "sk-one", "sk-two"]) {
      await using other = await startBatchServer({ data, apiKey });
      links.push(new URL(other.pageLink).hash);
    }
    expect(links[0]).toBe(links[1]);
    expect(links[0]).not.toBe(links[2]);
    expect(links[0]).not.toBe(new URL(server.pageLink).hash);
  });

  test("needs its own key, not that of the callers, and is told to keep it in memory alone", async () => {
    await using keyed = await startBatchServer({ apiKey: "sk-callers" });
    const withKey = { headers: { authorization: "Bearer sk-callers" } };
    expect((await send(keyed, "/v1/batches", withKey)).status).toBe(200);
    expect((await send(keyed, "/_/api/batches", withKey)).status).toBe(401);
    expect((await send(keyed, "/v1/batches", { headers: keyOf(keyed) })).status).toBe(401);
    expect((await send(keyed, "/_/api/batches", { headers: keyOf(keyed) })).status).toBe(200);
    expect((await send(keyed, "/_/")).body).toContain("data-keeps-no-key");
  });

  test("does nothing without the header of its own, of another type than its own, or for a page of another place", async () => {
    // A batch that is asked about but never answered is under way for good.
    const upstream = await startLoopbackServer(() => new Promise(() => undefined));
    await using other = await startBatchServer({ upstream: { baseURL: upstream.baseURL } });
    const client = new OpenAI({ baseURL: other.baseURL, apiKey: "any" });
    const { id } = await createBatch(client, [chatLine("a")]);
    const { host, port } = new URL(other.pageLink);
    const json = { "content-type": "application/json", "content-length": "2" };
    const unsigned = { ...keyOf(other), ...json, host, origin: `http://${host}` };
    const keyless = { ...json, host, "x-openbatch": "1", origin: `http://${host}` };
    const own = { ...unsigned, ...keyless };
    const refused: readonly (readonly [number, Record<string, string>])[] = [
      [403, unsigned],
      [401, keyless],
      [401, { ...own, authorization: "Bearer any" }],
      [403, { ...own, origin: `http://127.0.0.1:${Number(port) + 1}` }],
      [403, { ...own, origin: "http://localhost" }],
      [403, { ...own, origin: "null" }],
      [403, { ...own, host: `evil.example:${port}` }],
      [403, { ...own, host: "127.0.0.1" }],
      [403, { ...own, "sec-fetch-site": "cross-site" }],
      [403, { ...own, "sec-fetch-site": "same-site" }],
      [400, { ...own, "content-type": "text/plain" }],
      [400, { ...own, "content-type": "application/x-www-form-urlencoded" }],
    ];
    for (const path of [`batches/${id}/cancel`, `batches/${id}/retry`, "uploads/file-1/create"])
      for (const [status, headers] of refused) {
        const told = await send(other, `/_/api/${path}`, { method: "POST", headers, body: "{}" });
        expect([told.status, headers]).toEqual([status, headers]);
      }
    for (const [status, headers] of refused.slice(0, 10))
      expect((await send(other, "/_/api/uploads", { method: "POST", headers, body: "{}" })).status).toBe(
        status,
      );
    expect((await client.batches.retrieve(id)).status).not.toMatch(/^cancel/);
    const done = await send(other, `/_/api/batches/${id}/cancel`, {
      method: "POST",
      headers: own,
      body: "{}",
    });
    expect(done.status).toBe(200);
    await expect.poll(async () => (await client.batches.retrieve(id)).status).toBe("cancelled");
    const retry = { method: "POST", headers: own, body: "{}" };
    const both = await Promise.all([1, 2].map(() => send(other, `/_/api/batches/${id}/retry`, retry)));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect((await send(other, `/_/api/batches/${id}/retry`, retry)).status).toBe(409);
    const made = (await client.batches.list()).data;
    expect(made).toHaveLength(2);
    const again = await client.files.content(made[0]?.input_file_id ?? "");
    expect(await again.text()).toBe(`${chatLine("a")}\n`);
    await upstream.close();
  });

  test("keeps a file that was only checked from everybody, and forgets it when it is told to or closes", async () => {
    const other = await startBatchServer();
    const { origin } = new URL(other.pageLink);
    const upload = async (): Promise<CheckedUpload> => {
      const body = new FormData();
      body.append("file", new Blob([toLines([chatLine("a"), "{"])]), "../sent.jsonl");
      const headers = { ...keyOf(other), "x-openbatch": "1" };
      const answer = await fetch(`${origin}/_/api/uploads`, { method: "POST", headers, body });
      return (await answer.json()) as CheckedUpload;
    };
    const { id, name, errors, requests, findings } = await upload();
    expect({ name, errors, requests }).toEqual({ name: "sent.jsonl", errors: 1, requests: 2 });
    expect(findings).toMatchObject([{ severity: "error", code: "invalid_json_line", line: 2 }]);
    const client = new OpenAI({ baseURL: other.baseURL, apiKey: "any" });
    expect((await client.files.list()).data).toEqual([]);
    await expect(client.files.content(id)).rejects.toThrow("No such File");
    const files = () => readdirSync(join(other.data, "files"));
    const kept = isOnPostgres ? id : `${id}.data`;
    expect(files()).toEqual([kept]);
    expect(statSync(join(other.data, "files", kept)).mode & 0o777).toBe(0o600);
    const headers = { ...keyOf(other), "x-openbatch": "1", "content-type": "application/json" };
    const act = (action: string) =>
      fetch(`${origin}/_/api/uploads/${id}/${action}`, { method: "POST", headers, body: "{}" });
    expect((await act("discard")).status).toBe(200);
    expect(files()).toEqual([]);
    expect((await act("create")).status).toBe(404);
    await upload();
    const { data } = other;
    await other.close();
    expect(existsSync(data) ? readdirSync(join(data, "files")) : []).toEqual([]);
  });

  test("tells why a batch waits, and since when nothing comes of it", async () => {
    await using other = await startBatchServer({ upstream: { baseURL: "http://127.0.0.1:9/v1" } });
    const client = new OpenAI({ baseURL: other.baseURL, apiKey: "any" });
    const { id } = await createBatch(client, [chatLine("a")]);
    const read = async () =>
      JSON.parse((await send(other, `/_/api/batches/${id}`, { headers: keyOf(other) })).body);
    await expect.poll(async () => (await read()).wait?.message, { timeout: 10_000 }).toContain("127.0.0.1:9");
    expect(Date.parse((await read()).wait.until)).toBeGreaterThan(Date.now() - 1000);
  });

  test("tells pages when a batch is another than before, and ends that when the server closes", async () => {
    const other = await startBatchServer({ clock: { speed: 0 } });
    const { origin } = new URL(other.pageLink);
    const answer = await fetch(`${origin}/_/api/events`, { headers: keyOf(other) });
    const told: string[] = [];
    const reading = (async () => {
      for await (const chunk of answer.body ?? []) told.push(Buffer.from(chunk).toString());
    })();
    await expect.poll(() => told.join("")).toContain('{"source":"service","changes":1}');
    await createBatch(new OpenAI({ baseURL: other.baseURL, apiKey: "any" }), [chatLine("a")]);
    await expect.poll(() => told.join("")).toContain('{"source":"service","changes":2}');
    await other.close();
    await reading;
  });
});
