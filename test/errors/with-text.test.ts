import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { executeBatchFile, readRunRecord } from "../../src/execute.js";
import {
  BatchCollector,
  exportResults,
  fixBatchFile,
  joinResults,
  openResults,
  type Results,
  saveImages,
  summarizeResults,
  validateBatchFile,
  writeRetryFile,
} from "../../src/index.js";
import { chatAnswerLine, chatLine, failureLine } from "../lines.js";
import { temporaryFolder, writeFolder } from "../temporary-folder.js";

const below = temporaryFolder();

function writeBatch() {
  const folder = writeFolder(below, {
    "requests.jsonl": ["a", "b"].map((id) => chatLine(id)),
    "results.jsonl": [
      chatAnswerLine("a", "=1"),
      failureLine("b", 429, { code: "rate_limit", message: "Slow down." }),
    ],
  });
  writeFileSync(join(folder, "rows.csv"), "id\na\nc\n");
  return (name: string) => join(folder, name);
}

const columns = ["custom_id", "text", "nothing"];

/** Each report that the package gives, and how its text begins. */
const reports: readonly (readonly [name: string, text: RegExp, make: () => Promise<object>])[] = [
  [
    "validateBatchFile",
    /requests\.jsonl: ready to upload/,
    async () => validateBatchFile(writeBatch()("requests.jsonl")),
  ],
  ["fixBatchFile", /nothing that a fix can mend/, async () => fixBatchFile(writeBatch()("requests.jsonl"))],
  [
    "summarizeResults",
    /^1 of 2 requests with a usable answer\n/,
    () => withResults((results) => summarizeResults(results)),
  ],
  [
    "exportResults",
    /^2 rows of 3 columns written; 1 cell changed, like a formula; no result has "nothing"$/,
    () => withResults((results, at) => exportResults(at("out.csv"), results, { columns })),
  ],
  [
    "joinResults",
    /^2 rows of 3 columns written; .*; joined by id; 1 row without a result; 1 result without a row$/,
    () =>
      withResults((results, at) =>
        joinResults(at("out.csv"), results, at("rows.csv"), { columns: ["status", "text"] }),
      ),
  ],
  ["saveImages", /^0 images saved$/, () => withResults((results, at) => saveImages(at("images"), results))],
  [
    "writeRetryFile",
    /^1 request to send again: 1 failed$/,
    () => withResults((results, at) => writeRetryFile(at("again.jsonl"), results)),
  ],
  [
    "createMany",
    /^2 rows: 1 written, 1 failed$/,
    async () => {
      using collector = new BatchCollector(writeBatch()("new.jsonl"));
      const toRequest = (number: number) => ({ custom_id: "same", model: "gpt-4o", input: String(number) });
      return collector.responses.createMany([1, 2], toRequest, { onError: "skip" });
    },
  ],
  [
    "executeBatchFile",
    /2 requests, in rehearsal/,
    async () => executeBatchFile(writeBatch()("requests.jsonl"), { rehearse: true }),
  ],
  [
    "readRunRecord",
    /^1 run: 2 requests settled in 2 attempts and \d+\.\d s$/,
    async () => {
      const { record } = await executeBatchFile(writeBatch()("requests.jsonl"), { rehearse: true });
      return (await readRunRecord(record)) ?? {};
    },
  ],
];

test.each(reports)(
  "the report of %s is its text in a template literal, and no member of it",
  async (_, text, make) => {
    const report = await make();
    expect(`${report}`).toMatch(text);
    expect(Object.keys(report)).not.toContain("toString");
  },
);

async function withResults<Report>(
  make: (results: Results, at: (name: string) => string) => Promise<Report>,
): Promise<Report> {
  const at = writeBatch();
  await using results = await openResults({ requests: at("requests.jsonl"), results: at("results.jsonl") });
  return await make(results, at);
}
