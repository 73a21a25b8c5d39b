import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { compileScanner } from "../../../scripts/compile-scanner.js";

test("the scanner is what its source makes (npm run scanner)", async () => {
  for (const { file, source } of await compileScanner()) expect(readFileSync(file, "utf8")).toBe(source);
});
