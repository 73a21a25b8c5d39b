import { createColors } from "picocolors";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createServerLog } from "../../../src/cli/serve/server-log.js";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

test("a line has its time, why something failed, and the date where a day begins", () => {
  let written = "";
  const tell = createServerLog(
    {},
    {
      signal: new AbortController().signal,
      isTerminal: false,
      colors: createColors(false),
      writeOut: () => undefined,
      goOnWithoutReader: () => undefined,
      writeError: (text) => {
        written += text;
      },
    },
  );
  vi.setSystemTime("2026-11-30T23:59:58.900Z");
  tell({ kind: "batch", id: "batch_1", status: "in_progress" });
  tell({
    kind: "batch",
    id: "batch_2",
    status: "failed",
    error: { code: "empty_file", line: null, count: 1 },
  });
  vi.setSystemTime("2026-12-01T00:00:01.000Z");
  const error = { code: "duplicate_custom_id", line: 1234, count: 2000 };
  tell({ kind: "batch", id: "batch_3", status: "failed", error });
  tell({ kind: "request", method: "POST", path: "/v1/batches", status: 400, ms: 1, code: "invalid_value" });
  tell({ kind: "request", method: "GET", path: "/v1/batches", status: undefined, ms: 7 });
  expect(written).toBe(`2026-11-30 23:59:58 batch_1 is in_progress
23:59:58 batch_2 is failed: empty_file
2026-12-01 00:00:01 batch_3 is failed: duplicate_custom_id in line 1,234, the first of 2,000 errors
00:00:01 POST /v1/batches 400 1 ms: invalid_value
00:00:01 GET /v1/batches cut 7 ms
`);
});
