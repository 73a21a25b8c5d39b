import { readFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkBatchFile } from "../../src/check/check/check-batch-file.js";
import type { StartRangeWorkers } from "../../src/check/check/plain-file-check.js";
import { fixBatchFile, type ValidationReport, validateBatchFile } from "../../src/check/index.js";
import { startWorkers } from "../../src/files/index.js";
import { temporaryFolder } from "../temporary-folder.js";
import { anyFile } from "./any-file.js";
import { createChecker } from "./checker.js";

const folder = temporaryFolder();
const { write } = createChecker(folder);

/** The worker as it is built, for a thread cannot be started from TypeScript. */
const startBuilt: StartRangeWorkers = (data, count) =>
  startWorkers(new URL("../../dist/range-worker.js", import.meta.url), count, data);

const withoutName = (report: ValidationReport) => ({ ...report.toJSON(), file: "" });

describe("whatever is in the file", () => {
  test("the check gives a report, and counts every byte", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (found) => {
        // Not gzip, which would be decompressed.
        const bytes = Buffer.from(found.filter((byte) => byte !== 0x1f));
        const report = await validateBatchFile(write(bytes));
        expect(report.stats.bytes).toBe(bytes.length);
        expect(report.isValid).toBe(report.findings.every(({ severity }) => severity !== "error"));
      }),
      { numRuns: 150 },
    );
  });

  test("counts of the report are those of its findings", async () => {
    await fc.assert(
      fc.asyncProperty(anyFile(60), async (bytes) => {
        const { findings, errors, warnings, notes, omitted, stats } = await validateBatchFile(write(bytes));
        const countOf = (severity: string): number =>
          findings.reduce((sum, finding) => sum + (finding.severity === severity ? finding.count : 0), 0);
        expect([countOf("error"), countOf("warning"), countOf("note"), 0]).toEqual([
          errors,
          warnings,
          notes,
          omitted,
        ]);
        expect(stats.bytes).toBe(bytes.length);
      }),
      { numRuns: 60 },
    );
  });

  test("ranges of any size give the report of the whole", async () => {
    await fc.assert(
      fc.asyncProperty(
        anyFile(80),
        fc.integer({ min: 1, max: 3000 }),
        fc.integer({ min: 0, max: 30 }),
        async (bytes, rangeBytes, maxFindings) => {
          const path = write(bytes);
          const tuning = { threadsAboveBytes: Infinity, startWorkers: startBuilt };
          const whole = await checkBatchFile(path, { maxFindings }, { ...tuning, rangeBytes: Infinity });
          const inRanges = await checkBatchFile(path, { maxFindings }, { ...tuning, rangeBytes });
          expect(inRanges).toEqual(whole);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("a compressed file gives the report of what it holds", async () => {
    await fc.assert(
      fc.asyncProperty(anyFile(80), async (bytes) => {
        const [plain, compressed] = [write(bytes), write(gzipSync(bytes), ".jsonl.gz")];
        const options = { ignore: ["invalid_file_name"] } as const;
        const reports = await Promise.all(
          [plain, compressed].map((path) => validateBatchFile(path, options)),
        );
        const [one, other] = reports.map(withoutName);
        expect(other).toEqual(one);
      }),
      { numRuns: 30 },
    );
  });

  test("worker threads give the report that one thread gives", async () => {
    await fc.assert(
      fc.asyncProperty(anyFile(2000), async (bytes) => {
        const path = write(bytes);
        const tuning = { rangeBytes: 4096, startWorkers: startBuilt };
        const alone = await checkBatchFile(path, { workers: 0 }, { ...tuning, threadsAboveBytes: 0 });
        const together = await checkBatchFile(path, { workers: 2 }, { ...tuning, threadsAboveBytes: 0 });
        expect(together).toEqual(alone);
      }),
      { numRuns: 4 },
    );
  });

  test("a fix of a fix has nothing to do, and lines that it does not list are as they were", async () => {
    await fc.assert(
      fc.asyncProperty(anyFile(40), async (bytes) => {
        const path = write(bytes);
        const { output, changes } = await fixBatchFile(path);
        const fixed = output ?? path;
        expect((await fixBatchFile(fixed)).changes).toEqual([]);
        const touched = new Set(changes.flatMap(({ lines }) => lines));
        if (changes.some(({ lines, lineCount }) => lines.length < lineCount)) return;
        expect(untouched(splitLines(readFileSync(fixed)), changes)).toEqual(
          splitLines(bytes).filter((_line, index) => !touched.has(index + 1)),
        );
      }),
      { numRuns: 100 },
    );

    /** What is left of the fixed file without the lines that were changed and kept. */
    function untouched(
      lines: readonly string[],
      changes: Awaited<ReturnType<typeof fixBatchFile>>["changes"],
    ) {
      const linesOf = (isDrop: boolean): Set<number> =>
        new Set(
          changes
            .filter(({ code }) => /^(?:blank_line|torn_last_line|duplicate_custom_id)$/.test(code) === isDrop)
            .flatMap((change) => change.lines),
        );
      const [dropped, mended] = [linesOf(true), linesOf(false)];
      let before = 0;
      return lines.filter(() => {
        do before += 1;
        while (dropped.has(before));
        return !mended.has(before);
      });
    }
  });
});

/** Lines as text of one character a byte. */
function splitLines(bytes: Buffer): string[] {
  const lines = bytes.toString("latin1").split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

describe("a worker that crashes", () => {
  test.each([
    ["throws", "throw new Error('boom')"],
    ["leaves", "process.exit(3)"],
    ["cannot be started", undefined],
  ])("is an error, not a hang: one that %s", async (_name, code) => {
    const path = write(Buffer.from("{}\n".repeat(1000)));
    const crash: StartRangeWorkers = () => [
      code === undefined
        ? new Worker("/no/such/file.js")
        : new Worker(`require("node:worker_threads").parentPort.on("message", () => { ${code} })`, {
            eval: true,
          }),
    ];
    const tuning = { threadsAboveBytes: 0, rangeBytes: 100, startWorkers: crash };
    await expect(checkBatchFile(path, { workers: 1 }, tuning)).rejects.toMatchObject({
      code: "unexpected_failure",
      hint: expect.stringContaining("workers: 0 (--workers 0)"),
    });
  });
});
