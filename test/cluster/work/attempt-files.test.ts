import { appendFileSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { openStorage } from "../../../src/cluster/storage/open-storage.js";
import { AttemptFiles } from "../../../src/cluster/work/attempt-files.js";
import { temporaryFolder } from "../../temporary-folder.js";

test("an attempt goes on from the one that came furthest of those at the same requests", async () => {
  const storage = await openStorage(temporaryFolder());
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
