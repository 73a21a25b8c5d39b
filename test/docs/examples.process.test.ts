import { readdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { validateBatchFile } from "../../src/check/check/validate-batch-file.js";
import { runCommands } from "./run-commands.js";
import { createUserFolder, root } from "./user-folder.js";

const folder = createUserFolder();
/** The README shows this one with what it prints. */
const shown = "batch-api.ts";
const examples = readdirSync(path.join(root, "examples")).filter(
  (file) => file.endsWith(".ts") && file !== shown,
);

test.each(examples)("%s says where its requests are, and they are fit to be sent", async (example) => {
  const [printed] = await runCommands(folder, [`tsx "${path.join(root, "examples", example)}"`]);
  const file = path.basename(example, ".ts");
  expect(printed).toHaveLength(1);
  expect(printed?.[0]).toMatch(new RegExp(`^\\d+ requests are in .*${file}\\.jsonl\\.$`));
  const report = await validateBatchFile(path.join(folder, `${file}.jsonl`));
  expect(report.findings).toEqual([]);
});
