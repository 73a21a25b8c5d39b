import { randomBytes } from "node:crypto";
import {
  createReadStream,
  openAsBlob,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import OpenAI, { toFile } from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestBatchServer } from "../../../src/testing.js";
import { chatLine, chatLines } from "../../lines.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { upload } from "../batches.js";
import { isOnPostgres, ofOneMachine, startBatchServer } from "../start-batch-server.js";

const folder = temporaryFolder();
let server: TestBatchServer;
let openai: OpenAI;

beforeAll(async () => {
  server = await startBatchServer({ clock: { speed: 0 } });
  openai = new OpenAI({ baseURL: server.baseURL, apiKey: server.apiKey, maxRetries: 0 });
});
afterAll(() => server.close());

/** Where the content of a file is. */
const pathOf = (id: string): string => join(server.data, "files", isOnPostgres ? id : `${id}.data`);

describe("uploading", () => {
  test("takes a stream of a file, a File and a Blob of one, byte for byte", async () => {
    const path = join(folder, "requests.jsonl");
    const content = `${chatLine("ünïcode \u2028")}\n${chatLine("b")}`;
    writeFileSync(path, content);
    const sources = [
      createReadStream(path),
      new File([content], "requests.jsonl"),
      new File([await openAsBlob(path)], "requests.jsonl"),
    ];
    for (const file of sources) {
      const created = await openai.files.create({ file, purpose: "batch" });
      expect(created).toEqual({
        object: "file",
        id: expect.stringMatching(/^file-[A-Za-z0-9]{22}$/),
        purpose: "batch",
        filename: "requests.jsonl",
        bytes: Buffer.byteLength(content),
        created_at: Math.floor(server.clock.now() / 1000),
        expires_at: Math.floor(server.clock.now() / 1000) + 30 * 86_400,
        status: "processed",
        status_details: null,
      });
      expect(await (await openai.files.content(created.id)).text()).toBe(content);
      expect(await openai.files.retrieve(created.id)).toEqual(created);
      expect(await openai.files.waitForProcessing(created.id)).toEqual(created);
    }
  });

  test("gives a large file byte for byte to a reader that takes its time, and to one beside it that leaves", async () => {
    const content = randomBytes(24_000_000);
    const created = await openai.files.create({
      file: await toFile(content, "large.bin"),
      purpose: "user_data",
    });
    const slow = await openai.files.content(created.id);
    const leaving = await openai.files.content(created.id);
    await leaving.body?.cancel();
    // More than connections hold: the server waits for the reader.
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(Buffer.from(await slow.arrayBuffer()).equals(content)).toBe(true);
  });

  test("refuses what the service refuses of a file for a batch", async () => {
    const refused: readonly (readonly [string, string])[] = [
      ["requests.json", chatLine("a")],
      ["requests", chatLine("a")],
      ["requests.jsonl", ""],
      ["requests.jsonl", "\n \n"],
      ["requests.jsonl", `{"custom_id": "a"\n${chatLine("b")}\n`],
      ["requests.jsonl", "[1]\n"],
      ["requests.jsonl", `\ufeff${chatLine("a")}\n`],
    ];
    for (const [name, content] of refused) {
      const file = await toFile(Buffer.from(content), name);
      await expect(openai.files.create({ file, purpose: "batch" })).rejects.toMatchObject({
        status: 400,
        type: "invalid_request_error",
        message: "400 Invalid file format for Batch API. Must be .jsonl",
      });
    }
  });

  test("passes a malformed line behind the first, and blank lines", async () => {
    await expect(upload(openai, ["", chatLine("a"), "{", ""])).resolves.toMatch(/^file-/);
  });

  test("stores files for other purposes as they are, for ever", async () => {
    for (const purpose of ["assistants", "fine-tune", "vision", "user_data", "evals"] as const) {
      const file = await toFile(Buffer.from([0, 255, 10, 13]), "image.png");
      const created = await openai.files.create({ file, purpose });
      expect(created).toMatchObject({ purpose, bytes: 4, expires_at: null });
      const content = await (await openai.files.content(created.id)).arrayBuffer();
      expect([...new Uint8Array(content)]).toEqual([0, 255, 10, 13]);
    }
  });

  test.each([
    [{ file: "a" }, 400, "purpose", "Missing required parameter: 'purpose'."],
    [{ file: "a", purpose: "batches" }, 400, "purpose", "Invalid value: 'batches'. Supported values are: "],
    [{ purpose: "batch" }, 400, "file", "Missing required parameter: 'file'."],
    [
      { file: "a", purpose: "user_data", "expires_after[anchor]": "now", "expires_after[seconds]": "3600" },
      400,
      "expires_after[anchor]",
      "Invalid value: 'now'. Supported values are: 'created_at'.",
    ],
    [
      { file: "a", purpose: "user_data", "expires_after[anchor]": "created_at" },
      400,
      "expires_after[seconds]",
      "Missing required parameter: 'expires_after[seconds]'.",
    ],
    [
      {
        file: "a",
        purpose: "user_data",
        "expires_after[anchor]": "created_at",
        "expires_after[seconds]": "60",
      },
      400,
      "expires_after[seconds]",
      "Expected a value >= 3600, but got 60 instead.",
    ],
    [
      { file: "a", purpose: "user_data", expires_after: "3600" },
      400,
      "expires_after",
      "Invalid type for 'expires_after': expected an object, but got an integer instead.",
    ],
    [
      { file: "a", purpose: "user_data", expires_after: '{"anchor":"created_at","seconds":60}' },
      400,
      "expires_after[seconds]",
      "Expected a value >= 3600, but got 60 instead.",
    ],
  ] as const)("says what is wrong with the form %j", async (fields, status, param, message) => {
    const form = new FormData();
    for (const [name, value] of Object.entries<string>(fields)) {
      if (name === "file") form.append("file", new File([value], "a.txt"));
      else form.append(name, value);
    }
    const before = readdirSync(join(server.data, "files")).length;
    const response = await fetch(`${server.baseURL}/files`, { method: "POST", body: form });
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({
      error: {
        message: expect.stringContaining(message),
        type: "invalid_request_error",
        param,
        code: expect.any(String),
      },
    });
    expect(readdirSync(join(server.data, "files"))).toHaveLength(before);
  });

  test("keeps the folders of a name, and whatever else it holds, out of its own folder", async () => {
    const names = [
      "../../../escaped.jsonl",
      "/etc/passwd.jsonl",
      "a\\b.jsonl",
      `q"uote\u202e.jsonl`,
      "日本.jsonl",
    ];
    for (const name of names) {
      const id = await upload(openai, [chatLine("a")], name);
      const response = await openai.files.content(id);
      expect(response.headers.get("content-disposition")).toMatch(/^attachment; filename="[\x20-\x7e]+"/);
      expect((await openai.files.retrieve(id)).filename).not.toContain("/");
    }
    const folders = isOnPostgres
      ? ["files", "openbatch-storage", "sweeps", "tries"]
      : ["batches", "files", "page.secret", "server.lock"];
    expect(folders).toEqual(expect.arrayContaining(readdirSync(server.data)));
    const files = readdirSync(join(server.data, "files"));
    expect(files.filter((name) => !/^file-[A-Za-z0-9]{22}(?:\.data|\.json)?$/.test(name))).toEqual([]);
  });

  test("can be downloaded by the official client however long its name is", async () => {
    for (const name of ["ü", "😀", "a", "'"].map((character) => `${character.repeat(4000)}.jsonl`)) {
      const id = await upload(openai, [chatLine("a")], name);
      const response = await openai.files.content(id);
      expect(await response.text()).toContain('"custom_id":"a"');
      const disposition = response.headers.get("content-disposition") ?? "";
      expect(disposition.length).toBeLessThan(4096);
      expect(disposition).toMatch(/\.jsonl(?:"|$)/);
      expect((await openai.files.retrieve(id)).filename).toBe(name);
    }
  });

  test("lives as long as one field of JSON says, and parameters that are not known pass", async () => {
    const form = new FormData();
    form.append("purpose", "batch");
    form.append("expires_after", JSON.stringify({ anchor: "created_at", seconds: 3600 }));
    form.append("expires_at", "4");
    form.append("file", new File([chatLine("a")], "a.jsonl"));
    const response = await fetch(`${server.baseURL}/files`, { method: "POST", body: form });
    const { id } = (await response.json()) as { readonly id: string };
    const file = await openai.files.retrieve(id);
    expect(file.expires_at).toBe(file.created_at + 3600);
  });

  test("leaves nothing of an upload that breaks off", async () => {
    const before = readdirSync(join(server.data, "files")).length;
    await new Promise<void>((resolve) => {
      const { port } = new URL(server.baseURL);
      const outgoing = request({
        port,
        path: "/v1/files",
        method: "POST",
        headers: { "content-type": "multipart/form-data; boundary=b", "content-length": 1_000_000 },
      });
      outgoing.on("error", () => resolve()).on("close", () => resolve());
      outgoing.write(
        '--b\r\ncontent-disposition: form-data; name="file"; filename="a.jsonl"\r\n\r\n'.padEnd(200_000, "x"),
      );
      setTimeout(() => outgoing.destroy(), 100);
    });
    await expect.poll(() => readdirSync(join(server.data, "files")).length).toBe(before);
  });

  test.each([undefined, "", ".", ".."])("takes a part with the filename %j for no file", async (filename) => {
    const name = filename === undefined ? "" : `; filename="${filename}"`;
    const before = readdirSync(join(server.data, "files")).length;
    for (const purpose of ["batch", "user_data"]) {
      const response = await fetch(`${server.baseURL}/files`, {
        method: "POST",
        headers: { "content-type": "multipart/form-data; boundary=b" },
        body: [
          `--b\r\ncontent-disposition: form-data; name="purpose"\r\n\r\n${purpose}`,
          `--b\r\ncontent-disposition: form-data; name="file"${name}\r\ncontent-type: application/octet-stream\r\n\r\n{}`,
          "--b--\r\n",
        ].join("\r\n"),
      });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ error: { param: "file" } });
    }
    expect(readdirSync(join(server.data, "files"))).toHaveLength(before);
  });

  test("refuses a form that is none, and one that is cut", async () => {
    const post = (type: string, body: string): Promise<Response> =>
      fetch(`${server.baseURL}/files`, { method: "POST", headers: { "content-type": type }, body });
    const cut = '--b\r\ncontent-disposition: form-data; name="file"; filename="a.jsonl"\r\n\r\n{}';
    for (const [type, body] of [
      ["application/json", "{}"],
      ["multipart/form-data", "x"],
      ["multipart/form-data; boundary=b", "x"],
      ["multipart/form-data; boundary=b", cut],
    ] as const) {
      expect((await post(type, body)).status).toBe(400);
    }
  });
});

describe("limits", () => {
  test("end an upload that is larger than the server takes with 413", async () => {
    await using small = await startBatchServer({ maxUploadBytes: 1000 });
    const client = new OpenAI({ baseURL: small.baseURL, apiKey: "any", maxRetries: 0 });
    await expect(upload(client, chatLines(20))).rejects.toMatchObject({
      status: 413,
      code: "file_too_large",
    });
    await expect(upload(client, chatLines(4000))).rejects.toMatchObject({ status: 413 });
    await expect(upload(client, chatLines(3))).resolves.toMatch(/^file-/);
    expect(readdirSync(join(small.data, "files"))).toHaveLength(isOnPostgres ? 1 : 2);
  });

  test("end a form of unknown length that holds too much beside its file", async () => {
    await using small = await startBatchServer({ maxUploadBytes: 1000 });
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 65_536;
        if (sent > 50_000_000) controller.close();
        else controller.enqueue(new Uint8Array(65_536).fill(120));
      },
    });
    const posting = fetch(`${small.baseURL}/files`, {
      method: "POST",
      headers: { "content-type": "multipart/form-data; boundary=b" },
      body,
      duplex: "half",
    } as RequestInit);
    const status = await posting.then(
      (response) => response.status,
      () => 413,
    );
    expect(status).toBe(413);
    expect(sent).toBeLessThan(50_000_000);
  });

  test("hold for uploads that come at once", async () => {
    await using small = await startBatchServer({ maxFiles: 3 });
    const client = new OpenAI({ baseURL: small.baseURL, apiKey: "any", maxRetries: 0 });
    const uploads = Array.from({ length: 20 }, () => upload(client, chatLines(1)));
    const settled = await Promise.allSettled(uploads);
    expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
    expect((await client.files.list()).data).toHaveLength(3);
  });

  test("end the number of files with a message, until some are deleted", async () => {
    await using small = await startBatchServer({ maxFiles: 2 });
    const client = new OpenAI({ baseURL: small.baseURL, apiKey: "any", maxRetries: 0 });
    const first = await upload(client, chatLines(1));
    await upload(client, chatLines(1));
    await expect(upload(client, chatLines(1))).rejects.toMatchObject({
      status: 400,
      code: "file_limit_reached",
    });
    await client.files.delete(first);
    await expect(upload(client, chatLines(1))).resolves.toMatch(/^file-/);
  });
});

describe("a list", () => {
  let ids: string[];
  let own: TestBatchServer;
  let client: OpenAI;

  beforeAll(async () => {
    own = await startBatchServer();
    client = new OpenAI({ baseURL: own.baseURL, apiKey: "any", maxRetries: 0 });
    ids = [];
    for (let count = 0; count < 5; count += 1) ids.push(await upload(client, chatLines(1)));
    const file = await toFile(Buffer.from("x"), "x.txt");
    ids.push((await client.files.create({ file, purpose: "user_data" })).id);
  });
  afterAll(() => own.close());

  const listAll = async (query: OpenAI.FileListParams): Promise<string[]> => {
    const found: string[] = [];
    for await (const { id } of client.files.list(query)) found.push(id);
    return found;
  };

  test("has the newest first, and every file once however it is paged", async () => {
    for (const limit of [1, 2, 3, 6, 10_000]) {
      expect(await listAll({ limit })).toEqual([...ids].reverse());
      expect(await listAll({ limit, order: "asc" })).toEqual(ids);
    }
    expect(await listAll({})).toEqual([...ids].reverse());
  });

  test("can be of one purpose, and begin behind a file", async () => {
    expect(await listAll({ purpose: "user_data" })).toEqual(ids.slice(5));
    expect(await listAll({ order: "asc", after: ids[3] ?? "" })).toEqual(ids.slice(4));
  });

  test("has every file once for whoever deletes what he has seen", async () => {
    await using other = await startBatchServer();
    const deleting = new OpenAI({ baseURL: other.baseURL, apiKey: "any", maxRetries: 0 });
    const created: string[] = [];
    for (let count = 0; count < 5; count += 1) created.push(await upload(deleting, chatLines(1)));
    const seen: string[] = [];
    for await (const { id } of deleting.files.list({ limit: 2 })) {
      seen.push(id);
      await deleting.files.delete(id);
    }
    expect(seen).toEqual(created.reverse());
    expect((await deleting.files.list()).data).toEqual([]);
  });

  test("may begin behind a file of another purpose", async () => {
    expect(await listAll({ purpose: "user_data", order: "asc", after: ids[3] ?? "" })).toEqual(ids.slice(5));
    expect(await listAll({ purpose: "batch", after: ids[5] ?? "" })).toEqual(ids.slice(0, 5).reverse());
  });

  test("tells where it stands", async () => {
    const response = await fetch(`${own.baseURL}/files?limit=2&order=asc`);
    expect(await response.json()).toMatchObject({
      object: "list",
      first_id: ids[0],
      last_id: ids[1],
      has_more: true,
    });
  });

  test.each(["limit=0", "limit=10001", "limit=x", "order=up", "after=file-nobody"])(
    "refuses ?%s",
    async (query) => {
      const response = await fetch(`${own.baseURL}/files?${query}`);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ error: { param: query.split("=")[0] } });
    },
  );
});

describe("content", () => {
  let url: string;
  const content = `${chatLine("first")}\n${chatLine("second")}\n`;

  beforeAll(async () => {
    const id = await upload(openai, content.trimEnd().split("\n"));
    url = `${server.baseURL}/files/${id}/content`;
  });

  const get = (range?: string, method = "GET"): Promise<Response> =>
    fetch(url, { method, ...(range === undefined ? {} : { headers: { range } }) });

  test("comes with its length and its name", async () => {
    const response = await get();
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "application/octet-stream",
      "content-length": String(content.length),
      "content-disposition": 'attachment; filename="input.jsonl"',
      "accept-ranges": "bytes",
      "x-request-id": expect.stringMatching(/^req_[0-9a-f]{32}$/),
    });
    expect(await response.text()).toBe(content);
  });

  test("is told of by HEAD without a body", async () => {
    const response = await get(undefined, "HEAD");
    expect(response.status).toBe(200);
    expect(response.headers.get("content-length")).toBe(String(content.length));
    expect(await response.text()).toBe("");
  });

  test.each([
    ["bytes=0-9", 0, 10],
    ["bytes=5-", 5, undefined],
    ["bytes=-7", content.length - 7, undefined],
    ["bytes=10-1000000", 10, undefined],
    ["bytes=-1000000", 0, undefined],
  ] as const)("gives the range %s", async (range, start, end) => {
    const response = await get(range);
    const part = content.slice(start, end);
    expect(response.status).toBe(206);
    expect(response.headers.get("content-range")).toBe(
      `bytes ${start}-${start + part.length - 1}/${content.length}`,
    );
    expect(await response.text()).toBe(part);
  });

  test("has no range behind its end, and is whole for one that is not understood", async () => {
    const outside = await get(`bytes=${content.length}-`);
    expect(outside.status).toBe(416);
    expect(outside.headers.get("content-range")).toBe(`bytes */${content.length}`);
    for (const range of ["bytes=9-5", "lines=1-2", "bytes=0-1,3-4", "bytes=-"]) {
      const response = await get(range);
      expect([response.status, await response.text()]).toEqual([200, content]);
    }
  });
});

describe("a file that is gone", () => {
  const expectGone = async (id: string): Promise<void> => {
    const gone = { status: 404, type: "invalid_request_error", message: `404 No such File object: ${id}` };
    await expect(openai.files.retrieve(id)).rejects.toMatchObject(gone);
    await expect(openai.files.delete(id)).rejects.toMatchObject(gone);
    await expect(openai.files.content(id)).rejects.toMatchObject({ status: 404 });
    const ids = (await openai.files.list()).data.map((file) => file.id);
    expect(ids).not.toContain(id);
  };

  test("was deleted, with its content", async () => {
    const id = await upload(openai, chatLines(1));
    expect(await openai.files.delete(id)).toEqual({ id, object: "file", deleted: true });
    await expectGone(id);
    const left = (): string[] =>
      readdirSync(join(server.data, "files")).filter((name) => name.startsWith(id));
    if (isOnPostgres) await expect.poll(left).toEqual([]);
    else expect(left()).toEqual([]);
  });

  test("was there until its time was over", async () => {
    const file = await toFile(Buffer.from(chatLine("a")), "a.jsonl");
    const expires_after = { anchor: "created_at", seconds: 3600 } as const;
    const { id, created_at, expires_at } = await openai.files.create({
      file,
      purpose: "batch",
      expires_after,
    });
    expect(expires_at).toBe(created_at + 3600);
    await server.clock.advance(3_598_000);
    await openai.files.retrieve(id);
    await server.clock.advance(2000);
    await expectGone(id);
    const left = (): string[] =>
      readdirSync(join(server.data, "files")).filter((name) => name.startsWith(id));
    await expect.poll(left).toEqual([]);
  });

  test("never was", async () => {
    for (const id of [
      "file-nobody",
      "file-..%2F..%2Fetc%2Fpasswd",
      "%2e%2e%2f%2e%2e%2fserver.lock",
      "batch_1",
    ]) {
      const response = await fetch(`${server.baseURL}/files/${id}/content`);
      expect(response.status).toBe(404);
    }
  });
});

test("content that is not on the disk as it was is not promised", async () => {
  const [missing, short] = [await upload(openai, chatLines(1)), await upload(openai, chatLines(1))];
  rmSync(pathOf(missing));
  truncateSync(pathOf(short), 10);
  await expect(openai.files.content(missing)).rejects.toMatchObject({ status: 404 });
  await expect(openai.files.content(short)).rejects.toMatchObject({
    status: 500,
    message: expect.stringContaining("has 10 bytes"),
  });
});

test.skipIf(isOnPostgres)(`files are for their owner alone ${ofOneMachine}`, async () => {
  const id = await upload(openai, chatLines(1));
  const { statSync } = await import("node:fs");
  const modes = ["", "files", "batches", `files/${id}.json`, `files/${id}.data`].map(
    (name) => statSync(join(server.data, name)).mode & 0o777,
  );
  expect(modes).toEqual([0o700, 0o700, 0o700, 0o600, 0o600]);
  expect(JSON.parse(readFileSync(join(server.data, "files", `${id}.json`), "utf8"))).toMatchObject({ id });
});
