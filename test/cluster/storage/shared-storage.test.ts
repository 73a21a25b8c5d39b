import { createHash, randomBytes } from "node:crypto";
import { appendFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { SharedStorage, StoredObject } from "../../../src/cluster/storage/shared-storage.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { startS3 } from "../ground/s3.js";
import { openMarked } from "./open-marked.js";

/** The kinds of storage, each as it is opened by a user. */
const kinds = {
  "a folder": async () => openMarked(temporaryFolder()),
  "a bucket": async () => openBucket((await startS3()).env),
};

function openBucket(env: Env, place = "s3://bucket/some/prefix"): Promise<SharedStorage> {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  return openMarked(place);
}

type Env = Readonly<Record<string, string | undefined>>;

function toStream(...chunks: (string | Buffer)[]): Readable {
  return Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
}

async function listAll(storage: SharedStorage, beginning: string): Promise<readonly StoredObject[]> {
  const found: StoredObject[] = [];
  for await (const object of storage.list(beginning)) found.push(object);
  return found;
}

async function namesOf(storage: SharedStorage, beginning: string): Promise<readonly string[]> {
  return (await listAll(storage, beginning)).map(({ name }) => name);
}

afterEach(() => void vi.unstubAllEnvs());

describe.each(Object.entries(kinds))("%s", (_, open) => {
  test("keeps what it takes under a name, and gives it whole or in part", async () => {
    const storage = await open();
    expect(await storage.put("files/one", toStream("Hello, ", "world"))).toBe(12);
    expect(await storage.size("files/one")).toBe(12);
    expect(await text(storage.getRange("files/one"))).toBe("Hello, world");
    expect(await text(storage.getRange("files/one", { start: 7, end: 9 }))).toBe("wor");
    expect(await text(storage.getRange("files/one", { start: 0, end: 1 }))).toBe("He");
    expect(await storage.put("files/none", toStream())).toBe(0);
    expect(await storage.size("files/none")).toBe(0);
    expect(await text(storage.getRange("files/none"))).toBe("");
  });

  test("takes streams of any length, and gives each byte of them again", async () => {
    const storage = await open();
    const bytes = randomBytes(20_000_003);
    const chunks = [bytes.subarray(0, 5), bytes.subarray(5, 8_388_608), bytes.subarray(8_388_608, 8_388_609)];
    expect(await storage.put("large", toStream(...chunks, bytes.subarray(8_388_609)))).toBe(bytes.length);
    const whole = await buffer(storage.getRange("large"));
    expect(createHash("md5").update(whole).digest()).toEqual(createHash("md5").update(bytes).digest());
    const part = await buffer(storage.getRange("large", { start: 8_388_600, end: 8_388_699 }));
    expect(part.equals(bytes.subarray(8_388_600, 8_388_700))).toBe(true);
    const full = randomBytes(16_777_216);
    expect(await storage.put("full", toStream(full))).toBe(full.length);
    expect((await buffer(storage.getRange("full"))).equals(full)).toBe(true);
  });

  test("lists names by how they begin, in their order, and forgets what is removed", async () => {
    const storage = await open();
    for (const name of ["batches/b/2", "batches/a/1.x", "batches/a/1.y", "batches/a/10.z", "files/f"])
      await storage.put(name, toStream(name));
    expect(await namesOf(storage, "batches/a/1.")).toEqual(["batches/a/1.x", "batches/a/1.y"]);
    expect(await namesOf(storage, "batches/")).toEqual([
      ...["batches/a/1.x", "batches/a/1.y", "batches/a/10.z", "batches/b/2"],
    ]);
    await storage.remove("batches/a/1.x");
    await storage.remove("batches/a/1.x");
    expect(await storage.size("batches/a/1.x")).toBeUndefined();
    expect(await namesOf(storage, "batches/a/1.")).toEqual(["batches/a/1.y"]);
    expect(await namesOf(storage, "none/")).toEqual([]);
    const [object] = await listAll(storage, "files/f");
    expect(object).toMatchObject({ name: "files/f", bytes: 7 });
    expect(Math.abs(Date.now() - (object?.changedMs ?? 0))).toBeLessThan(600_000);
  });

  test("has nothing of what was broken off", async () => {
    const storage = await open();
    const stop = new AbortController();
    const endless = Readable.from(
      (async function* () {
        for (let count = 0; ; count += 1) {
          if (count === 10) stop.abort();
          yield Buffer.alloc(1_000_000);
        }
      })(),
    );
    await expect(storage.put("endless", endless, { signal: stop.signal })).rejects.toThrow();
    expect(await storage.size("endless")).toBeUndefined();
    const failing = Readable.from(
      (async function* () {
        yield Buffer.alloc(9_000_000);
        throw new Error("the uploader has gone");
      })(),
    );
    await expect(storage.put("failing", failing)).rejects.toThrow("the uploader has gone");
    expect(await storage.size("failing")).toBeUndefined();
  });

  test("fails where nothing is under a name", async () => {
    const storage = await open();
    await expect(buffer(storage.getRange("none"))).rejects.toMatchObject({ code: "file_not_found" });
  });

  test("gives what is under a name as a file of this machine", async () => {
    const storage = await open();
    await storage.put("files/one", toStream("lines"));
    const copy = await storage.openCopy("files/one", temporaryFolder());
    expect(readFileSync(copy.path, "utf8")).toBe("lines");
    await copy.close();
    expect(await text(storage.getRange("files/one"))).toBe("lines");
  });

  test("takes a file that grows, and lets another one go on from it", async () => {
    const storage = await open();
    const first = storage.grow("batches/b/0.one.output", temporaryFolder());
    await first.begin([]);
    appendFileSync(first.path, "1\n2\n");
    await first.close({ isUseless: false, graceMs: 0 });
    const left = await listAll(storage, "batches/b/0.");
    expect(left.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(4);
    const second = storage.grow("batches/b/0.two.output", temporaryFolder());
    await second.begin(left);
    appendFileSync(second.path, "3\n");
    expect(await second.finish()).toBe(6);
    await second.close({ isUseless: false, graceMs: 0 });
    expect(await text(storage.getRange("batches/b/0.two.output"))).toBe("1\n2\n3\n");
    const third = storage.grow("batches/b/0.three.output", temporaryFolder());
    await third.begin(left);
    await third.close({ isUseless: true, graceMs: 0 });
    const nothing = storage.grow("batches/b/0.four.output", temporaryFolder());
    await nothing.begin([]);
    expect(await nothing.finish()).toBe(0);
    await nothing.close({ isUseless: false, graceMs: 0 });
    expect((await namesOf(storage, "batches/b/0.")).filter((name) => !name.includes("one"))).toEqual([
      "batches/b/0.two.output",
    ]);
  });
});

describe("a folder that goes away", () => {
  test("is told from one that is empty, and takes nothing until it is back", async () => {
    const folder = `${temporaryFolder()}/share`;
    const storage = await openMarked(folder);
    await storage.put("files/one", toStream("one"));
    const results = storage.grow("batches/b/0.one.output", temporaryFolder());
    await results.begin([]);
    writeFileSync(results.path, "1\n");
    renameSync(folder, `${folder}.away`);
    mkdirSync(folder);
    const away = { code: "storage_away", message: expect.stringContaining("is not there") };
    await expect(storage.put("files/two", toStream("two"))).rejects.toMatchObject(away);
    await expect(storage.size("files/one")).rejects.toMatchObject(away);
    await expect(buffer(storage.getRange("files/one"))).rejects.toMatchObject(away);
    await expect(namesOf(storage, "files/")).rejects.toMatchObject(away);
    await expect(results.finish()).rejects.toMatchObject(away);
    renameSync(folder, `${folder}.empty`);
    renameSync(`${folder}.away`, folder);
    expect(await results.finish()).toBe(2);
    expect(await namesOf(storage, "")).toEqual(["batches/b/0.one.output", "files/one", "openbatch-storage"]);
  });

  test("is not taken where it cannot be written", async () => {
    const file = `${temporaryFolder()}/file`;
    writeFileSync(file, "");
    await expect(openMarked(file)).rejects.toMatchObject({ code: "not_a_folder" });
    await expect(openMarked("/proc/openbatch")).rejects.toThrow(/\/proc\/openbatch/);
  });
});

describe("a bucket", () => {
  test("is asked under its prefix, and the host is that of the endpoint", async () => {
    const s3 = await startS3();
    const storage = await openBucket(s3.env);
    await storage.put("files/one", toStream("one"));
    expect(s3.asked.at(-1)).toMatch(/^PUT \/bucket\/some\/prefix\/files\/one\?/);
    const whole = await openBucket(s3.env, "s3://bucket");
    expect(await text(whole.getRange("some/prefix/files/one"))).toBe("one");
  });

  test("is sent what has more than a part in parts, and told to forget them when it is broken off", async () => {
    const s3 = await startS3();
    const storage = await openBucket(s3.env);
    s3.answer((incoming, outgoing) => {
      if (!/partNumber=2/.test(incoming.url ?? "")) return false;
      incoming.resume();
      outgoing.writeHead(403).end();
      return true;
    });
    await expect(storage.put("large", toStream(randomBytes(20_000_000)))).rejects.toMatchObject({
      code: "storage_refused",
    });
    const [begun, first, second, forgotten] = s3.asked.slice(-4);
    expect(begun).toMatch(/^POST .*uploads/);
    expect(first).toMatch(/^PUT .*partNumber=1/);
    expect(second).toMatch(/^PUT .*partNumber=2/);
    expect(forgotten).toMatch(/^DELETE .*uploadId=/);
  });

  test("goes on with a download where it broke off", async () => {
    const s3 = await startS3();
    const storage = await openBucket(s3.env);
    const bytes = randomBytes(3_000_000);
    await storage.put("files/one", toStream(bytes));
    let cuts = 0;
    s3.answer((incoming, outgoing) => {
      if (incoming.method !== "GET" || cuts === 2) return false;
      cuts += 1;
      const [, start = "0"] = /bytes=(\d+)-/.exec(incoming.headers.range ?? "") ?? [];
      const rest = bytes.subarray(Number(start));
      outgoing.writeHead(206, { "content-length": rest.length });
      outgoing.write(rest.subarray(0, 1_000_000), () => outgoing.destroy());
      return true;
    });
    expect((await buffer(storage.getRange("files/one"))).equals(bytes)).toBe(true);
    expect(cuts).toBe(2);
  });

  // s3rver has no second page under a newer OpenSSL: it is answered as S3 would.
  test("lists more than are in one answer", async () => {
    const s3 = await startS3();
    const storage = await openBucket(s3.env);
    const pages = [["many/1", "many/2"], ["many/3", "many/4"], ["many/5"]];
    s3.answer((incoming, outgoing) => {
      const { searchParams } = new URL(incoming.url ?? "", "http://localhost");
      if (searchParams.get("list-type") !== "2") return false;
      expect(searchParams.get("prefix")).toBe("some/prefix/many/");
      const page = Number(searchParams.get("continuation-token") ?? "0");
      const contents = pages[page]?.map(
        (name) =>
          `<Contents><Key>some/prefix/${name}</Key><Size>${page}</Size><LastModified>2026-11-29T10:00:0${page}.000Z</LastModified></Contents>`,
      );
      const next =
        page + 1 < pages.length ? `<NextContinuationToken>${page + 1}</NextContinuationToken>` : "";
      outgoing.writeHead(200, { "content-type": "application/xml" });
      outgoing.end(`<ListBucketResult>${contents?.join("")}${next}</ListBucketResult>`);
      return true;
    });
    const found = await listAll(storage, "many/");
    expect(found.map(({ name }) => name)).toEqual(pages.flat());
    expect(found.at(-1)).toMatchObject({ bytes: 2, changedMs: Date.UTC(2026, 10, 29, 10, 0, 2) });
  });

  test("gets what is written in parts while it grows, and in one piece at the end", async () => {
    const s3 = await startS3();
    const storage = await openBucket(s3.env);
    const results = storage.grow("batches/b/0.one.output", temporaryFolder());
    await results.begin([]);
    const written = [randomBytes(5_000_000), randomBytes(4_500_000)];
    for (const [index, bytes] of written.entries()) {
      appendFileSync(results.path, bytes);
      await vi.waitFor(
        async () => expect(await namesOf(storage, "batches/")).toHaveLength(index + 1),
        60_000,
      );
    }
    expect(await results.finish()).toBe(9_500_000);
    await results.close({ isUseless: false, graceMs: 0 });
    expect(await namesOf(storage, "batches/")).toEqual(["batches/b/0.one.output"]);
    const kept = await buffer(storage.getRange("batches/b/0.one.output"));
    expect(kept.equals(Buffer.concat(written))).toBe(true);
  });

  test("that is away is waited for by who has results for it, as long as that may take", async () => {
    const s3 = await startS3();
    const storage = await openBucket(s3.env);
    const results = storage.grow("batches/b/0.one.output", temporaryFolder());
    await results.begin([]);
    appendFileSync(results.path, "1\n");
    await s3.goAway();
    await expect(results.finish()).rejects.toMatchObject({ code: "storage_away" });
    const closed = results.close({ isUseless: false, graceMs: 60_000 });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await s3.comeBack();
    await closed;
    expect((await listAll(storage, "batches/")).map(({ bytes }) => bytes)).toEqual([2]);
  });
});

describe("a bucket that cannot be had", () => {
  const secret = "secret-of-this-test";
  const given = { AWS_ACCESS_KEY_ID: `id-${secret}`, AWS_SECRET_ACCESS_KEY: secret, AWS_REGION: "us-east-1" };

  async function refusalOf(place: string, env: Env): Promise<Error> {
    const error: unknown = await openBucket(env, place).then(
      () => new Error("It was opened."),
      (cause: unknown) => cause,
    );
    if (!(error instanceof Error)) throw new TypeError("No error was thrown.");
    expect(JSON.stringify([error.message, error, String(error.cause)])).not.toContain(secret);
    return error;
  }

  test.each([
    ["gs://bucket/prefix"],
    ["s3://"],
    ["s3:///prefix"],
    ["s3://bucket/../other"],
    ["s3://bucket//prefix"],
    ["s3://secret-of-this-test:key@bucket/prefix"],
  ])("is told by its address: %s", async (place) => {
    expect(await refusalOf(place, given)).toMatchObject({ code: "invalid_option" });
  });

  test("says that there is none of that name", async () => {
    const s3 = await startS3();
    const error = await refusalOf("s3://other/prefix", { ...s3.env });
    expect(error).toMatchObject({ code: "storage_refused" });
    expect(error.message).toBe(
      "The storage s3://other/prefix cannot be used: there is no such bucket (404 NoSuchBucket).",
    );
  });

  test("says that the endpoint is not there", async () => {
    const s3 = await startS3();
    await s3.goAway();
    const error = await refusalOf(s3.storage, s3.env);
    expect(error).toMatchObject({
      code: "storage_away",
      message: "The storage s3://bucket/some/prefix cannot be reached (ECONNREFUSED).",
      hint: expect.stringContaining("AWS_ENDPOINT_URL_S3"),
    });
  });

  test.each([
    [403, "InvalidAccessKeyId", "storage_refused", "the credentials are refused", "AWS_ACCESS_KEY_ID"],
    [403, "AccessDenied", "storage_refused", "these credentials may not", "s3:PutObject"],
    [301, "PermanentRedirect", "storage_refused", "the bucket is in another region", "AWS_REGION"],
    [400, "AuthorizationHeaderMalformed", "storage_refused", "the bucket is in another region", "AWS_REGION"],
    [403, "RequestTimeTooSkewed", "storage_refused", "the clock of this machine is wrong", "clock"],
    [503, "SlowDown", "storage_away", "cannot be reached", "endpoint"],
    [500, "InternalError", "storage_away", "cannot be reached", "endpoint"],
  ])("says why: %s %s", async (status, code, known, words, hint) => {
    const s3 = await startS3();
    s3.answer((incoming, outgoing) => {
      incoming.resume();
      outgoing.writeHead(status, { "content-type": "application/xml" });
      const quoted = `<AWSAccessKeyId>id-${secret}</AWSAccessKeyId><Message>The key id-${secret} it is</Message>`;
      outgoing.end(`<?xml version="1.0"?><Error><Code>${code}</Code>${quoted}</Error>`);
      return true;
    });
    const error = await refusalOf(s3.storage, { ...s3.env, ...given });
    expect(error).toMatchObject({ code: known, hint: expect.stringContaining(hint) });
    expect(error.message).toContain(words);
    expect(error.message).toContain(`${status} ${code}`);
  });

  test("says that there are no credentials, or no region", async () => {
    const s3 = await startS3();
    const none = { HOME: temporaryFolder(), AWS_EC2_METADATA_DISABLED: "true", AWS_ACCESS_KEY_ID: undefined };
    const error = await refusalOf(s3.storage, { ...s3.env, ...none });
    expect(error).toMatchObject({ code: "storage_refused" });
    expect(error.message).toContain("there are no credentials");
    const nowhere = await refusalOf(s3.storage, { ...s3.env, ...none, AWS_REGION: undefined });
    expect(nowhere.message).toContain("no region is given");
  });

  test("says that what answers there is something else", async () => {
    const s3 = await startS3();
    s3.answer((incoming, outgoing) => {
      incoming.resume();
      outgoing.writeHead(404, { "content-type": "text/html" }).end("<html>Not here</html>");
      return true;
    });
    expect(await refusalOf(s3.storage, s3.env)).toMatchObject({ code: "storage_refused" });
  });
});
