import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type HashLines, KeptLines } from "../../../src/job/parts/kept-lines.js";
import { JobFolder } from "../../../src/job/record/job-folder.js";

let home: string;
let folder: JobFolder;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "openbatch-kept-lines-"));
  folder = new JobFolder(join(home, "requests.job"));
  folder.make();
});
afterEach(() => rmSync(home, { recursive: true }));

describe("the lines of a part", () => {
  it("stand in its file with what stood in each, however large the numbers are", async () => {
    const lines = Uint32Array.of(1, 9, 10, 1_000, 1_234_567_890, 4_294_967_295);
    const hashes = Uint32Array.of(0, 0x0a, 0x9a0364b9, 0xffffffff, 0x80000000, 0x01234567);
    await toKept(() => hashes).write(1, lines);
    expect(readFileSync(folder.partLines(1), "utf8")).toBe(
      "1 00000000\n9 0000000a\n10 9a0364b9\n1000 ffffffff\n1234567890 80000000\n4294967295 01234567\n",
    );
  });

  it("are read again after a kill", async () => {
    const kept = toKept();
    await kept.write(1, Uint32Array.of(1, 2, 3));
    await kept.write(2, Uint32Array.of(4, 7));
    const again = toKept();
    for (const each of [kept, again]) {
      expect([...each.of(1)]).toEqual([1, 2, 3]);
      expect([...each.of(2)]).toEqual([4, 7]);
      expect([...each.of(2)]).toEqual([4, 7]);
    }
  });

  it("are claimed as they are now where a number was given again", async () => {
    const kept = toKept();
    await kept.write(1, Uint32Array.of(1, 2, 3, 7));
    expect(kept.claimOf(1)).toBe("1-3,7");
    await kept.write(1, Uint32Array.of(1, 2));
    expect(kept.claimOf(1)).toBe("1-2");
    expect([...kept.of(1)]).toEqual([1, 2]);
  });
});

function toKept(hash: HashLines = (lines) => lines): KeptLines {
  return new KeptLines(folder, hash);
}
