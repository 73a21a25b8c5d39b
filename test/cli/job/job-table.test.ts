import { expect, test } from "vitest";
import { toJobLine, toJobTable } from "../../../src/cli/job/job-table.js";
import type { JobPart } from "../../../src/job.js";

const now = Date.parse("2026-11-29T10:10:00Z");

function toPart(number: number, fields: Partial<JobPart> = {}): JobPart {
  return {
    ...{ number, round: 1, state: "submitted", endpoint: "/v1/chat/completions", model: "gpt-4o-mini" },
    ...{ requests: 50_000, bytes: 1, batch: `batch_${number}`, word: "in_progress" },
    submitted_at: "2026-11-29T10:00:00.000Z",
    ...fields,
  };
}

function toUsage(total_tokens: number): Required<JobPart>["usage"] {
  return {
    ...{ input_tokens: total_tokens, output_tokens: 0, total_tokens },
    ...{ input_tokens_details: { cached_tokens: 0 }, output_tokens_details: { reasoning_tokens: 0 } },
  };
}

test("each part has a row with state, done, failed, rate, tokens, cost and time left, and all of them a sum", () => {
  const parts = [
    toPart(1, {
      state: "merged",
      word: "completed",
      counts: { total: 50_000, completed: 49_988, failed: 12 },
      usage: toUsage(61_000_000),
      cost: 12.5,
      ended_at: "2026-11-29T10:05:00.000Z",
    }),
    toPart(2, {
      counts: { total: 50_000, completed: 6_000, failed: 0 },
      usage: toUsage(9_500),
      cost: 0.0312,
    }),
    toPart(3, { word: "validating" }),
  ];
  expect(toJobTable(parts, now)).toEqual([
    "part state                  done failed     rate  tokens     cost        left",
    "   1 done          50,000/50,000     12    167/s  61.0 M   $12.50",
    "   2 in_progress    6,000/50,000            10/s   9,500  $0.0312  1 h 13 min",
    "   3 validating         0/50,000",
    " all              56,000/150,000     12     93/s  61.0 M   $12.53 16 min 48 s",
  ]);
});

test("of many parts, those that change have a row, and no line is wider than a terminal", () => {
  const parts = Array.from({ length: 200 }, (_, index) => {
    if (index < 120) return toPart(index + 1, { state: "merged", word: "completed" });
    return index < 150 ? toPart(index + 1) : toPart(index + 1, { state: "uploaded" });
  });
  parts[149] = toPart(150, { counts: { total: 50_000, completed: 40_000, failed: 9_999 } });
  const table = toJobTable(parts, now);
  expect(table).toHaveLength(13);
  expect(table.join("\n")).toMatch(/\n 121 in_progress [\s\S]*\n 150 in_progress {3}49,999\/50,000 {2}9,999/);
  expect(table).toContain("   … and 190 more: 120 done, 20 in_progress, 50 waiting");
  expect(Math.max(...table.map(({ length }) => length))).toBeLessThan(80);
});

test("tokens and cost have no column where nobody knows them", () => {
  expect(toJobTable([toPart(1, { counts: { total: 50_000, completed: 6_000, failed: 0 } })], now)).toEqual([
    "part state                  done failed     rate        left",
    "   1 in_progress    6,000/50,000            10/s  1 h 13 min",
  ]);
});

test("a word of the service's own is shown as it is, without what could steer a terminal", () => {
  const [, row = ""] = toJobTable([toPart(1, { word: "in_\u001B[31mqueue" })], now);
  expect(row).not.toContain("\u001B");
});

test("where nothing can be drawn, all parts are one line", () => {
  const counts = { total: 50_000, completed: 100, failed: 5 };
  expect(toJobLine([toPart(1, { counts }), toPart(2, { word: "validating" })], now)).toBe(
    "2 parts (1 in_progress, 1 validating): 105 of 100,000 done, 5 failed, 11/min, 158 h 33 min left",
  );
  expect(toJobLine([toPart(1, { state: "uploading" })], now)).toBe("1 part (1 uploading): 0 of 50,000 done");
});
