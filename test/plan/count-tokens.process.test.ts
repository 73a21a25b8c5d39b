import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { defaultCountTuning } from "../../src/plan/count-tokens.js";
import { planInDetail } from "../../src/plan/plan-batch-file.js";
import { chatLine, embeddingLine, toLines } from "../lines.js";
import { fileWriter } from "../temporary-folder.js";

const write = fileWriter();
/** The worker as it is built, for a thread cannot be started from TypeScript. */
const built = {
  ...defaultCountTuning,
  workerEntry: new URL("../../dist/token-worker.js", import.meta.url),
};

/** Long enough for threads, with blank lines, two endpoints, and requests that are only estimated. */
function longFile(): string {
  const lines = Array.from({ length: 12_000 }, (_, index) => {
    const content = `Request ${index}: ${"word and number ".repeat(index % 40)}${index * index}`;
    if (index % 5 === 0) return embeddingLine(`id-${index}`, [content]);
    const tools = index % 7 === 0 ? { tools: [{ type: "function", function: { name: "look" } }] } : {};
    const line = chatLine(`id-${index}`, { messages: [{ role: "user", content }], ...tools });
    return index % 11 === 0 ? `${line}\n` : line;
  });
  return toLines(lines);
}

test("tokens are the same however many threads count them", async () => {
  const content = longFile();
  expect(content.length).toBeGreaterThan(33 * 65_536);
  const path = write(content);
  const alone = await planInDetail(path, { workers: 0 }, built);
  const together = await planInDetail(path, { workers: 2 }, built);
  const { file: _path, ...packed } = await planInDetail(
    write(gzipSync(readFileSync(path)), ".jsonl.gz"),
    { workers: 1 },
    built,
  );
  expect(alone.tokens?.input).toBeGreaterThan(500_000);
  expect(together).toEqual(alone);
  expect({ ...packed, file: path }).toEqual({ ...alone });
});

test("a thread that fails is an error that names the way out, and one that is not there is done without", async () => {
  const workerEntry = new URL("./no-worker.js", import.meta.url);
  // Nothing is there: then all is counted in this thread, as from the sources.
  const alone = await planInDetail(write(longFile()), { workers: 1 }, { ...built, workerEntry });
  expect(alone.tokens?.input).toBeGreaterThan(500_000);
  // What is there is no worker.
  const wrong = { ...built, workerEntry: new URL(import.meta.url) };
  await expect(planInDetail(write(longFile()), { workers: 1 }, wrong)).rejects.toMatchObject({
    code: "unexpected_failure",
    hint: expect.stringContaining("--workers 0"),
  });
});
