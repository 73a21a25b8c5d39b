import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { maxBytesPerBatch } from "../../src/api/index.js";
import { BatchFileValidator } from "../../src/check/index.js";
import { chatLine } from "../lines.js";
import { temporaryFolder } from "../temporary-folder.js";
import { createChecker, outline } from "./checker.js";

const { check, write } = createChecker(temporaryFolder());
const good = chatLine("a");

test("a file over 200 MiB, and a line over it that is not read whole", async () => {
  const line = `${chatLine("long", { user: "x".repeat(1000) })}\n`;
  const bytes = Buffer.concat([
    Buffer.from(`${good}\n`),
    Buffer.alloc(maxBytesPerBatch + 1, 0x78),
    Buffer.from(`\n${line}`),
  ]);
  const report = await check(bytes, { workers: 0 });
  expect(outline(report)).toEqual([
    "error file_too_large",
    "error line_too_long 2",
    "warning deprecated_parameter 3",
  ]);
  expect(report.stats).toMatchObject({
    totalRequests: 3,
    longestLine: { line: 2, bytes: maxBytesPerBatch + 1 },
  });
});

test("checks the size by default, and not with checkFileSize: false", async () => {
  const content = gzipSync(
    Buffer.concat([Buffer.from(`${chatLine("a")}\n`), Buffer.alloc(maxBytesPerBatch, 0x20)]),
  );
  const path = write(content, ".jsonl.gz");
  const found = ["error invalid_file_name", "error file_too_large", "warning blank_line 2"];
  expect(outline(await new BatchFileValidator().validateFile(path))).toEqual(found);
  const off = new BatchFileValidator({ checkFileSize: false });
  expect(outline(await off.validateFile(path))).toEqual([found[0], found[2]]);
});
