import { Readable } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import { FileRange } from "../../src/http/file-range.js";
import { Redaction } from "../../src/http/redaction.js";

const key = "sk-proj-0123456789";

interface Cut {
  /** Where in the file. */
  readonly at: number;
  /** Whether the connection breaks there; otherwise it ends as if that were the end. */
  readonly breaks: boolean;
}

/** What is given of a download that is cut at some places, and goes on behind what was given each time. */
async function download(bytes: Buffer, secret: string, cuts: readonly Cut[], size: number): Promise<string> {
  const redaction = new Redaction({ headers: { authorization: `Bearer ${secret}` } });
  let given = Buffer.alloc(0);
  for (const { at: end, breaks } of [...cuts, { at: bytes.length, breaks: false }]) {
    const range = new FileRange(given.length);
    const begin = Number(/\d+/.exec(range.headers.range ?? "0"));
    const read = async function* () {
      for (let at = begin; at < end; at += size) yield bytes.subarray(at, Math.min(end, at + size));
      if (breaks) throw new Error("broken");
    };
    const head = { status: begin === 0 ? 200 : 206, header: () => `bytes ${begin}-${end}/${bytes.length}` };
    const content = Readable.from(redaction.maskDownload(200).apply(read()), { objectMode: false });
    const rest = range.cut(head, content);
    given = given.subarray(0, rest.offset);
    const take = async () => {
      for await (const chunk of rest.content) given = Buffer.concat([given, chunk]);
    };
    await take().catch(() => undefined);
  }
  return given.toString("utf8");
}

const line = `{"a":"${key}"}\n{"b":"sk-proj-01 ${key}${key} sk-sk-proj-"}\n`;

test("a key is taken out of what is downloaded, wherever that breaks, and all else keeps its place", async () => {
  const masked = line.replaceAll(key, "[key*************]");
  for (let at = 0; at <= line.length; at += 1)
    for (const size of [1, 7, 1000]) {
      const cuts = [at, at + 3, at + 20].map((place) => ({ at: place, breaks: true }));
      expect(await download(Buffer.from(line), key, cuts, size)).toBe(masked);
    }
});

test("a few of its characters are left at the most where a download ends early with nothing wrong to be seen", async () => {
  const masked = line.replaceAll(key, "[key*************]");
  for (let at = 0; at <= line.length; at += 1) {
    const given = await download(Buffer.from(line), key, [{ at, breaks: false }], 1000);
    expect(given).toHaveLength(line.length);
    expect(given).not.toContain(key.slice(8));
    expect(given.slice(at + 9)).toBe(masked.slice(at + 9));
  }
});

test("also where it is escaped, however it is written", async () => {
  const characters = fc.constantFrom(...'abc019-_./"+=é ');
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: characters, minLength: 16, maxLength: 30 }),
      fc.constantFrom(
        (text: string) => JSON.stringify(text).slice(1, -1),
        (text: string) => JSON.stringify(text).slice(1, -1).replaceAll("é", "\\u00e9").replaceAll("/", "\\/"),
        (text: string) => JSON.stringify(text).slice(1, -1).replaceAll("+", "\\u002B"),
        (text: string) => encodeURIComponent(text),
      ),
      fc.array(fc.record({ at: fc.nat(80), breaks: fc.boolean() }), { maxLength: 4 }),
      fc.integer({ min: 1, max: 40 }),
      async (secret, write, cuts, size) => {
        fc.pre(secret.trim() === secret);
        const bytes = Buffer.from(`{"said":"(${write(secret)})"}\n`);
        const places = cuts.filter(({ at }) => at < bytes.length).sort((a, b) => a.at - b.at);
        const given = await download(bytes, secret, places, size);
        expect(given).not.toContain(write(secret));
        expect(Buffer.byteLength(given)).toBe(bytes.length);
        expect(JSON.parse(given).said).toMatch(/^\(.{0,8}\*+\]\)$/);
      },
    ),
    { numRuns: 500 },
  );
});
