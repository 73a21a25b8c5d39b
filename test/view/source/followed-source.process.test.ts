import { appendFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { readFilter } from "../../../src/view/routes/read-row-query.js";
import { openViewedFiles } from "../../../src/view/source/viewed-files.js";
import type { SourceEvent } from "../../../src/view/wire/source-activity.js";
import { chatAnswerLine, chatLines, failureLine, toLines } from "../../lines.js";
import { temporaryFolder, writeFolder } from "../../temporary-folder.js";

const folder = temporaryFolder();
const nothing = readFilter(new URLSearchParams());
const patience = { timeout: 10_000 };

/** Follows a batch file of four requests with the results beside it. */
async function follow(...results: readonly string[]) {
  const files = writeFolder(folder, { "r.jsonl": chatLines(4), "r.results.jsonl": results });
  const requests = join(files, "r.jsonl");
  const output = join(files, "r.results.jsonl");
  const source = await openViewedFiles("1", { requests, results: [output] });
  onTestFinished(() => source.close());
  await source.whenRead;
  const events: SourceEvent[] = [];
  const end = source.follow((event) => events.push(event));
  const whenCounts = (counts: object) => expect.poll(() => source.summary().counts, patience).toEqual(counts);
  return { source, output, events, end, whenCounts };
}

const [first = "", second = "", third = ""] = [0, 1, 2].map((id) =>
  chatAnswerLine(`request-${id}`, `Answer ${id}`),
);

describe("a source that is followed", () => {
  test("shows what is appended to its files, and says that they were read again", async () => {
    const { source, output, events, whenCounts } = await follow(first);
    await whenCounts({ usable: 1, missing: 3 });
    appendFileSync(output, toLines([second, failureLine("request-2", 400)]));
    await whenCounts({ usable: 2, failed: 1, missing: 1 });
    await expect.poll(() => events.at(-1), patience).toMatchObject({ source: "1", readings: 2 });
    const page = await source.readPage({ from: 1, count: 1, filter: nothing, columns: ["text"] });
    expect(page.rows[0]).toMatchObject({ outcome: "usable", cells: ["Answer 1"] });
    expect((await source.readDetail("request-1", nothing))?.answer?.text).toBe("Answer 1");
  });

  test("reads files anew that were cut or replaced, and shows what it had while there are none", async () => {
    const { source, output, whenCounts } = await follow(first, second);
    truncateSync(output, first.length + 1);
    await whenCounts({ usable: 1, missing: 3 });
    writeFileSync(`${output}.new`, toLines([first, second, third]));
    renameSync(`${output}.new`, output);
    await whenCounts({ usable: 3, missing: 1 });
    rmSync(output);
    const { readings } = source.summary();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(source.summary()).toMatchObject({ readings, counts: { usable: 3, missing: 1 } });
    writeFileSync(output, toLines([third]));
    await whenCounts({ usable: 1, missing: 3 });
  });

  test("keeps the numbers of its causes, which filters name, whichever come first", async () => {
    const { source, output, whenCounts } = await follow(failureLine("request-3", 400));
    const numberOf = (statusCode: number) =>
      source.summary().causes.find((cause) => cause.statusCode === statusCode)?.number;
    const before = numberOf(400);
    appendFileSync(output, toLines([failureLine("request-0", 500)]));
    await whenCounts({ failed: 2, missing: 2 });
    expect(numberOf(400)).toBe(before);
    expect(new Set(source.summary().causes.map(({ number }) => number)).size).toBe(3);
  });

  test("is looked at no more when nobody follows it", async () => {
    const { source, output, end, whenCounts } = await follow(first);
    end();
    appendFileSync(output, toLines([second]));
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(source.summary().counts).toEqual({ usable: 1, missing: 3 });
    onTestFinished(source.follow(() => undefined));
    await whenCounts({ usable: 2, missing: 2 });
  });
});
