import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { fixBatchFile, validateBatchFile } from "../../src/check/index.js";
import { temporaryFolder } from "../temporary-folder.js";
import { outline } from "./checker.js";

const data =
  process.env.OPENBATCH_REAL_DATA ?? fileURLToPath(new URL("../../../shared/data", import.meta.url));
const requests = join(data, "requests");
const folder = temporaryFolder();

/** What is wrong with each, looked at by hand. */
const known: Readonly<Record<string, readonly string[]>> = {
  "03-controllayer-gpt4.jsonl": ["note no_final_line_end 1"],
  "03-controllayer-mixed.jsonl": ["error mismatched_model 2", "note no_final_line_end 2"],
  "03-controllayer-restricted.jsonl": ["note no_final_line_end 1"],
  "03-controllayer-thinking.jsonl": ["note no_final_line_end 1"],
  "04-controllayer-responses-tools.jsonl": ["error unknown_parameter 6", "error unknown_parameter 6"],
  "05-obm-responses-5.jsonl": [],
  "08-vllm-example-crlf.jsonl": ["note crlf_line_ends 1 2"],
  "09-litellm-crlf-blank-last.jsonl": [
    "warning deprecated_parameter 1 2",
    "warning blank_line 3",
    "note crlf_line_ends 1 2 3",
  ],
  "11-litellm-bedrock-duplicate-ids.jsonl": [
    "error duplicate_custom_id 3 4 5 6 7 8 9 10 11 12",
    "warning deprecated_parameter 1 2 3 4 5 6 7 8 9 10",
  ],
  "groq-chat-3.jsonl": ["note no_final_line_end 3"],
};

describe.skipIf(!existsSync(requests))("real request files (OPENBATCH_REAL_DATA names their folder)", () => {
  test.each(existsSync(requests) ? readdirSync(requests) : [])(
    "%s has just what is known of it",
    async (name) => {
      const report = await validateBatchFile(join(requests, name));
      expect(outline(report)).toEqual(known[name]);
      const lines = readFileSync(join(requests, name), "utf8")
        .split("\n")
        .filter((line) => line.trim() !== "");
      expect(report.stats.totalRequests).toBe(lines.length);
    },
  );

  test.each(existsSync(requests) ? readdirSync(requests) : [])(
    "%s keeps its requests when it is fixed, each once",
    async (name) => {
      const output = join(folder, name);
      const fixed = (await fixBatchFile(join(requests, name), { output })).output ?? join(requests, name);
      const parse = (path: string): unknown[] =>
        readFileSync(path, "utf8")
          .split("\n")
          .filter((line) => line.trim() !== "")
          .filter((line, index, lines) => lines.indexOf(line) === index)
          .map((line) => JSON.parse(line));
      expect(parse(fixed)).toEqual(parse(join(requests, name)));
      expect((await validateBatchFile(fixed)).notes).toBe(0);
    },
  );

  test("what was uploaded to the real service and completed has no error", async () => {
    for (const name of ["openai-basic_batch_completion", "openai-batch_cancel"]) {
      const report = await validateBatchFile(join(data, "http", name, "upload-1.jsonl"));
      expect(report.findings.filter(({ severity }) => severity === "error")).toEqual([]);
    }
  });
});
