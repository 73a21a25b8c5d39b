import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readRecordedRequest } from "../../../src/execute.js";
import { temporaryFolder } from "../../temporary-folder.js";

const below = temporaryFolder();

function start(started_at: string, rehearsal = false): string {
  const batch_file = { bytes: 1, sha256: "0", requests: 2 };
  return JSON.stringify({
    ...{ run: "started", started_at, batch_file, target: "http://a/v1", model: rehearsal ? null : "qwen3" },
    ...{ rehearsal, settings: {} },
  });
}

test("each run that settled a request is told, by the exact id, and what is no whole line is not", async () => {
  const path = join(below, "requests.results.run.jsonl");
  writeFileSync(
    path,
    [
      start("2026-11-01T10:00:00.000Z"),
      '{"in_flight":4}',
      '{"custom_id":"a","attempts":3,"ms":1200}',
      '{"custom_id":"a\\"b","attempts":1,"ms":5}',
      '{"custom_id":"ab","attempts":7,"ms":7}',
      start("2026-11-02T10:00:00.000Z", true),
      '{"custom_id":"a","attempts":1,"ms":40}',
      '{"custom_id":"a","attempts":9,"ms":9',
    ].join("\n"),
  );
  expect(await readRecordedRequest(path, "a")).toEqual([
    {
      startedAt: "2026-11-01T10:00:00.000Z",
      target: "http://a/v1",
      model: "qwen3",
      isRehearsal: false,
      attempts: 3,
      ms: 1200,
    },
    {
      startedAt: "2026-11-02T10:00:00.000Z",
      target: "http://a/v1",
      model: undefined,
      isRehearsal: true,
      attempts: 1,
      ms: 40,
    },
  ]);
  expect(await readRecordedRequest(path, 'a"b')).toMatchObject([{ attempts: 1, ms: 5 }]);
  expect(await readRecordedRequest(path, "nobody")).toEqual([]);
  appendFileSync(path, "}\n");
  expect(await readRecordedRequest(path, "a")).toHaveLength(3);
  await expect(readRecordedRequest(`${path}.absent`, "a")).rejects.toMatchObject({ code: "file_not_found" });
});
