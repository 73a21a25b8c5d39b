import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { TransportFailure } from "../../../src/http/index.js";
import { downloadResults } from "../../../src/job/life/collect-part.js";
import type { JobContext } from "../../../src/job/life/job-context.js";
import type { PartRecord } from "../../../src/job/record/job-record.js";
import { temporaryFolder } from "../../temporary-folder.js";

// All that is random in how long to wait before another try: with this, nothing is waited for.
beforeEach(() => void vi.spyOn(Math, "random").mockReturnValue(-1));
afterEach(() => void vi.restoreAllMocks());

const lines = ["a", "b", "c"]
  .map((id) => `${JSON.stringify({ id, custom_id: id, response: null })}\n`)
  .join("");
const page = "<html>\n<head><title>Sign in</title></head>\n</html>\n";
const refusal = '{"error":{"message":"Internal","code":500}}';

interface Answer {
  readonly offset: number | undefined;
  readonly text: string;
  /** Whether the connection breaks behind it. */
  readonly breaks?: boolean;
}

/** Downloads from a service that answers in this way, each time with what was asked for. */
async function download(size: number | undefined, answer: (tries: number, offset: number) => Answer) {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "downloads"));
  const path = join(folder, "downloads", "1-0.jsonl");
  const told: string[] = [];
  const offsets: number[] = [];
  const service = {
    target: "http://service",
    sizeOf: () => Promise.resolve(size),
    download: (_file: string, offset: number) => {
      const { offset: begin, text, breaks = false } = answer(offsets.length, offset);
      offsets.push(offset);
      const read = async function* () {
        yield Buffer.from(text);
        if (breaks) throw new TransportFailure("connection", "the connection broke");
      };
      return Promise.resolve({ offset: begin, content: Readable.from(read(), { objectMode: false }) });
    },
  };
  const state = {
    folder: { download: () => path, removeDownload: (each: string) => rm(each, { force: true }) },
  };
  const options = { service, state, signal: undefined, onTrouble: (message: string) => told.push(message) };
  const part = { number: 1, outputs: ["file-1"] } as unknown as PartRecord;
  const done = downloadResults(part, options as unknown as JobContext);
  return { done, path, told, offsets };
}

test.for([
  ["a page", page],
  ["an error as JSON", refusal],
] as const)("%s in the place of results is thrown away, and they are asked for again", async ([, other]) => {
  for (const size of [lines.length, undefined]) {
    const { done, path, told, offsets } = await download(size, (tries, offset) =>
      tries === 0 ? { offset: 0, text: other } : { offset, text: lines.slice(offset) },
    );
    expect(await done).toMatchObject({ lines: 3, gone: [] });
    expect(readFileSync(path, "utf8")).toBe(lines);
    expect(offsets).toEqual([0, 0]);
    expect(told).toEqual([expect.stringContaining("something that holds no results in the place of file-1")]);
  }
});

test("a page in the place of the rest does not stand beside what came before", async () => {
  const { done, path, offsets } = await download(lines.length, (tries, offset) => {
    if (tries === 0) return { offset, text: lines.slice(0, 60) };
    return tries === 1 ? { offset: 0, text: page } : { offset, text: lines.slice(offset) };
  });
  expect(await done).toMatchObject({ lines: 3 });
  expect(readFileSync(path, "utf8")).toBe(lines);
  expect(offsets).toEqual([0, 60, 0]);
});

test("the rest is only taken where the service says that it is", async () => {
  for (const offset of [undefined, 20])
    for (const size of [lines.length, undefined]) {
      const { done, path, offsets } = await download(size, (tries) => {
        if (tries === 0) return { offset: 0, text: lines.slice(0, 60), breaks: true };
        return tries === 1 ? { offset, text: lines.slice(20) } : { offset: 0, text: lines };
      });
      expect(await done).toMatchObject({ lines: 3 });
      expect(readFileSync(path, "utf8")).toBe(lines);
      expect(offsets).toEqual([0, 60, 0]);
    }
});

test("a service that gives nothing but pages stops the job some time, with nothing kept", async () => {
  const { done, path, told } = await download(lines.length, () => ({ offset: 0, text: page }));
  await expect(done).rejects.toMatchObject({
    code: "service_refused",
    message: expect.stringMatching(/holds no results in the place of file-1, again and again/),
  });
  expect(existsSync(path)).toBe(false);
  expect(told.length).toBeGreaterThan(3);
});

test("files of results may be empty, and hold lines that are broken", async () => {
  for (const text of ["", "\n", `{"id": "x", Internal error\n${lines}`]) {
    const { done, told } = await download(text.length, (_, offset) => ({ offset, text: text.slice(offset) }));
    expect(await done).toMatchObject({ gone: [] });
    expect(told).toEqual([]);
  }
});
