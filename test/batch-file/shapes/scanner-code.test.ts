import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { compileScanner } from "../../../scripts/compile-scanner.js";

test("the scanner is what its source makes (npm run scanner)", async () => {
  expect(readFileSync("src/batch-file/shapes/scanner-code.ts", "utf8")).toBe(await compileScanner());
});
