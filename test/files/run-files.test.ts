import { describe, expect, test } from "vitest";
import { isRehearsalFile, toLockFile, toRecordFile, toRunFiles } from "../../src/files/index.js";

describe("the files beside a batch file", () => {
  test.each(["a.jsonl", "a.ndjson", "a.json", "a.jsonl.gz", "a.ndjson.GZ", "a"])(
    "of %s are named after it",
    (name) => {
      expect(toRunFiles(`folder.jsonl/${name}`)).toEqual({
        results: "folder.jsonl/a.results.jsonl",
        rehearsal: "folder.jsonl/a.rehearsal.jsonl",
        retry: "folder.jsonl/a.retry.jsonl",
      });
    },
  );

  test.each(["again.ndjson", "again.json", "again.jsonl.gz", "again.jsonl"])(
    "are known again: what a rehearsal of %s writes is called a rehearsal, and nothing else is",
    (name) => {
      const { results, rehearsal, retry } = toRunFiles(name);
      expect([results, rehearsal, `${rehearsal}.gz`, retry].map(isRehearsalFile)).toEqual([
        false,
        true,
        true,
        false,
      ]);
    },
  );

  test("have a record and a lock of their own, whatever the results are called", () => {
    const results = ["a.results.jsonl", "a.rehearsal.jsonl", "a.retry.results.jsonl", "out"];
    const records = results.map(toRecordFile);
    expect(records).toEqual([
      "a.results.run.jsonl",
      "a.rehearsal.run.jsonl",
      "a.retry.results.run.jsonl",
      "out.run",
    ]);
    expect(records.map(toLockFile)).toEqual([
      "a.results.lock",
      "a.rehearsal.lock",
      "a.retry.results.lock",
      "out.run.lock",
    ]);
    expect(new Set([...results, ...records, ...records.map(toLockFile)]).size).toBe(12);
  });
});
