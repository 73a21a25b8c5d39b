import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { migrations } from "../../src/cluster/database/migrations.js";
import { chatLines } from "../lines.js";
import { createBatch, runBatch, upload } from "../serve/batches.js";
import { temporaryFolder } from "../temporary-folder.js";
import { startProxy } from "./ground/cut-proxy.js";
import { createDatabase, postgres, query, start, startServer, withoutPostgres } from "./ground/postgres.js";

const toClient = (baseURL: string, apiKey = "any"): OpenAI => new OpenAI({ baseURL, apiKey, maxRetries: 0 });

async function migrated(): Promise<string> {
  const database = await createDatabase();
  expect(await start(["migrate", "--database", database]).ended).toBe(0);
  return database;
}

describe.skipIf(postgres === undefined)(`openbatch migrate ${postgres ? "" : withoutPostgres}`, () => {
  test("makes the tables, and changes nothing the second time", async () => {
    const database = await createDatabase();
    const first = start(["migrate", "--database", database]);
    expect(await first.ended).toBe(0);
    expect(first.said()).toBe(`The tables are of schema ${migrations.length} now.\n`);
    const second = start(["migrate", "--database", database]);
    expect(await second.ended).toBe(0);
    expect(second.said()).toBe(`The tables are of schema ${migrations.length} already.\n`);
  });

  test("a server refuses a database without tables, or with newer ones, by name", async () => {
    const database = await createDatabase();
    const storage = temporaryFolder();
    const args = ["serve", "--port", "0", "--database", database, "--storage", storage];
    const early = start(args);
    expect(await early.ended).toBe(2);
    expect(early.said()).toContain("The database has no tables of openbatch.");
    expect(early.said()).toContain("openbatch migrate --database URL");
    await start(["migrate", "--database", database]).ended;
    await query(database, "insert into openbatch.versions (version) values (99)");
    const late = start(args);
    expect(await late.ended).toBe(2);
    expect(late.said()).toContain(
      `of schema 99, and this openbatch knows those up to schema ${migrations.length}`,
    );
  });
});

describe.skipIf(postgres === undefined)(`servers on one database ${postgres ? "" : withoutPostgres}`, () => {
  test("are one to their clients: uploaded at one, created at the other, downloaded when the first is killed", async () => {
    const database = await migrated();
    const storage = temporaryFolder();
    const [one, other] = await Promise.all([startServer(database, storage), startServer(database, storage)]);
    const [first, second] = [toClient(one.baseURL), toClient(other.baseURL)];
    const id = await upload(first, chatLines(3));
    const batch = await second.batches.create({
      input_file_id: id,
      endpoint: "/v1/chat/completions",
      completion_window: "24h",
      metadata: { from: "a test" },
    });
    expect(batch).toMatchObject({ status: "validating", request_counts: { total: 0 }, input_file_id: id });
    expect(await first.batches.retrieve(batch.id)).toEqual(batch);
    await one.end();
    const text = await (await second.files.content(id)).text();
    expect(text.trimEnd().split("\n")).toEqual(chatLines(3));
    expect(await (await second.files.content(id, { headers: { range: "bytes=5-9" } })).text()).toBe(
      text.slice(5, 10),
    );
    expect((await second.files.list()).data.map((file) => file.id)).toEqual([id]);
    await second.files.delete(id);
    await expect(second.files.retrieve(id)).rejects.toMatchObject({ status: 404 });
    expect(await other.end("SIGINT")).toBe(130);
  });

  test("page through batches and files as one server does", async () => {
    const database = await migrated();
    const { baseURL } = await startServer(database, temporaryFolder());
    const openai = toClient(baseURL);
    const made: string[] = [];
    for (let count = 0; count < 7; count += 1) made.push((await createBatch(openai, chatLines(1))).id);
    const seen: string[] = [];
    for await (const batch of openai.batches.list({ limit: 3 })) seen.push(batch.id);
    expect(seen).toEqual([...made].reverse());
    const files: string[] = [];
    for await (const file of openai.files.list({ limit: 2, order: "asc" })) {
      files.push(file.id);
      await openai.files.delete(file.id);
    }
    expect(files).toHaveLength(7);
    await expect(openai.batches.list({ after: "batch_none" })).rejects.toMatchObject({ status: 400 });
  });

  test("keep what belongs to a name from all others, whichever of its keys is used", async () => {
    const database = await migrated();
    const KEYS = "alice:sk-a1 alice:sk-a2,bob:sk-b:5";
    const { baseURL, said } = await startServer(database, temporaryFolder(), {
      args: ["--api-key-env", "KEYS"],
      env: { KEYS },
    });
    const [alice, rotated, bob] = ["sk-a1", "sk-a2", "sk-b"].map((key) => toClient(baseURL, key));
    if (alice === undefined || rotated === undefined || bob === undefined) throw new TypeError();
    const batch = await createBatch(alice, chatLines(1));
    expect((await rotated.batches.retrieve(batch.id)).id).toBe(batch.id);
    await expect(bob.batches.retrieve(batch.id)).rejects.toMatchObject({ status: 404 });
    await expect(bob.batches.cancel(batch.id)).rejects.toMatchObject({ status: 404 });
    await expect(bob.files.retrieve(batch.input_file_id)).rejects.toMatchObject({ status: 404 });
    await expect(bob.files.content(batch.input_file_id)).rejects.toMatchObject({ status: 404 });
    await expect(bob.files.delete(batch.input_file_id)).rejects.toMatchObject({ status: 404 });
    expect([(await bob.files.list()).data, (await bob.batches.list()).data]).toEqual([[], []]);
    await expect(toClient(baseURL, "sk-c").batches.list()).rejects.toMatchObject({ status: 401 });
    const stolen = await createBatchOf(bob, batch.input_file_id);
    expect(await query(database, `select input from openbatch.batches where id = '${stolen}'`)).toEqual([
      { input: null },
    ]);
    const tables = await query(
      database,
      "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname like 'openbatch%'",
    );
    for (const { name } of tables) {
      const rows = await query(database, `select t::text as text from ${name} t where t::text like '%sk-%'`);
      expect(rows).toEqual([]);
    }
    expect(said()).not.toContain("sk-");
  });

  test("may be workers too, and then answer single requests", async () => {
    const database = await migrated();
    const server = await startServer(database, temporaryFolder(), { args: ["--work", "--rehearse"] });
    const openai = toClient(server.baseURL);
    const batch = await runBatch(openai, chatLines(20));
    expect(batch).toMatchObject({ status: "completed", request_counts: { completed: 20 } });
    const messages = [{ role: "user", content: "Hello" }] as const;
    const answer = await openai.chat.completions.create({ model: "gpt-4o-mini", messages: [...messages] });
    expect(answer.choices[0]?.message.content).toEqual(expect.any(String));
    const list = async (): Promise<string> => {
      const listed = start(["workers", "--database", database]);
      expect(await listed.ended).toBe(0);
      return listed.said();
    };
    await expect
      .poll(list)
      .toMatch(
        /^\S+:\d+ {2}\S+ requests a second, 0 ranges\n {2}since .*: 20 completed, 0 failed\n {2}rehearsal: any/,
      );
    expect(await server.end("SIGTERM")).toBe(130);
    expect(await list()).toBe("There is no worker.\n");
  });

  test("take batches of Anthropic's clients in rehearsal, whose inputs nobody else sees", async () => {
    const database = await migrated();
    const { baseURL } = await startServer(database, temporaryFolder(), { args: ["--work", "--rehearse"] });
    const client = new Anthropic({ baseURL: baseURL.replace(/\/v1$/, ""), apiKey: "any", maxRetries: 0 });
    const ids = Array.from({ length: 600 }, (_, index) => `request-${index}`);
    const { id } = await client.messages.batches.create({
      requests: ids.map((custom_id) => ({
        custom_id,
        params: {
          model: "claude-haiku-4-5",
          max_tokens: 100,
          messages: [{ role: "user" as const, content: "Grüße" }],
        },
      })),
    });
    await expect
      .poll(async () => (await client.messages.batches.retrieve(id)).processing_status, { timeout: 30_000 })
      .toBe("ended");
    const results: string[] = [];
    for await (const { custom_id, result } of await client.messages.batches.results(id)) {
      expect(result.type).toBe("succeeded");
      results.push(custom_id);
    }
    expect(results.sort()).toEqual([...ids].sort());
    const openai = toClient(baseURL);
    expect((await openai.files.list()).data.map(({ purpose }) => purpose)).toEqual(["batch_output"]);
    expect((await openai.batches.list()).data).toEqual([]);
    const unused = await query(
      database,
      "select id from openbatch.files where id = (select input from openbatch.batches) and removed_at is not null",
    );
    expect(unused).toHaveLength(1);
  });

  test("refuse a file that is larger than they were told to take", async () => {
    const { baseURL } = await startServer(await migrated(), temporaryFolder(), {
      args: ["--max-upload-bytes", "400"],
    });
    const openai = toClient(baseURL);
    await expect(upload(openai, chatLines(1))).resolves.toMatch(/^file-/);
    await expect(upload(openai, chatLines(10))).rejects.toMatchObject({ status: 413 });
  });

  test("say without a key that they are well, and whether they can reach the database", async () => {
    const proxy = await startProxy(await migrated());
    const { baseURL } = await startServer(proxy.url, temporaryFolder(), {
      args: ["--api-key-env", "KEYS", "--work", "--rehearse"],
      env: { KEYS: "alice:sk-a" },
    });
    const ask = async (path: string): Promise<number> => (await fetch(new URL(path, baseURL))).status;
    expect([await ask("/healthz"), await ask("/readyz"), await ask("/v1/batches")]).toEqual([200, 200, 401]);
    proxy.cut();
    expect([await ask("/healthz"), await ask("/readyz")]).toEqual([200, 503]);
    for (const path of ["batches", "messages/batches"]) {
      const away = await fetch(`${baseURL}/${path}`, { headers: { authorization: "Bearer sk-a" } });
      expect([away.status, away.headers.get("retry-after")]).toEqual([503, "5"]);
    }
    proxy.mend();
    await expect.poll(() => ask("/readyz")).toBe(200);
  });
});

async function createBatchOf(openai: OpenAI, input_file_id: string): Promise<string> {
  const batch = await openai.batches.create({
    input_file_id,
    endpoint: "/v1/chat/completions",
    completion_window: "24h",
  });
  return batch.id;
}
