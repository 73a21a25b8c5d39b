import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { AttemptFiles } from "../../../src/cluster/work/attempt-files.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { openMarked } from "../storage/open-marked.js";

test("an attempt goes on from the one that came furthest of those at the same requests", async () => {
  const storage = await openMarked(temporaryFolder());
  const begin = (units: readonly [number, number]) =>
    new AttemptFiles({ batch: "b", n: 3, units }, { storage, folder: temporaryFolder() });
  const write = async (units: readonly [number, number], lines: string) => {
    const attempt = begin(units);
    await attempt.takeOver();
    appendFileSync(attempt.output, lines);
    await attempt.close({ isUseless: false, graceMs: 0 });
  };
  // Of a database that was restored, and cut the range another way before that.
  await write([10, 30], "another way, and long\n");
  expect(await begin([10, 20]).takeOver()).toBe(false);
  await write([10, 20], "one\n");
  await write([10, 20], "two\n");
  const last = begin([10, 20]);
  expect(await last.takeOver()).toBe(true);
  expect(readFileSync(last.output, "utf8")).toBe("one\ntwo\n");
});

test("an attempt that sends nothing cuts off the line that an earlier one was killed in", async () => {
  const storage = await openMarked(temporaryFolder());
  for (const [lines, whole] of [
    ["one\ntw", "one\n"],
    ["one\n", "one\n"],
    ["on", ""],
  ]) {
    const attempt = new AttemptFiles(
      { batch: "b", n: 3, units: [0, 10] },
      { storage, folder: temporaryFolder() },
    );
    await attempt.takeOver();
    writeFileSync(attempt.output, lines ?? "");
    await attempt.cutTornLines();
    expect(readFileSync(attempt.output, "utf8")).toBe(whole);
    await attempt.close({ isUseless: true, graceMs: 0 });
  }
});
