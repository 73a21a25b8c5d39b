import { expect, test } from "vitest";
import { Queue } from "../../../src/job/life/queue.js";
import type { PartRecord } from "../../../src/job/record/job-record.js";
import { findProfile } from "../../../src/providers/index.js";

const next = { bytes: 100, model: "gpt-4o-mini" };

function toParts(count: number, fields: Partial<PartRecord>): PartRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    ...{ number: index + 1, round: 1, state: "merged", endpoint: "/v1/chat/completions", requests: 1 },
    ...{ intent: `${index}`, since: new Date().toISOString(), ...next, ...fields },
  }));
}

function minutesAgo(minutes: number): string {
  return new Date(Date.now() - minutes * 60_000).toISOString();
}

test("no more batches are made in an hour than the service takes, by what the record says of them", () => {
  const queue = new Queue({ enqueuedTokens: undefined, limits: findProfile("openai").limits, leastMs: 1 });
  const made = [
    ...toParts(1_200, { submitted_at: minutesAgo(50) }),
    ...toParts(799, { submitted_at: minutesAgo(1) }),
  ];
  expect(queue.takes(next, made)).toBe(true);
  const full = [...made, ...toParts(1, { submitted_at: minutesAgo(2), state: "submitted" })];
  expect(queue.takes(next, full)).toBe(false);
  expect(queue.findBar(full)).toMatch(
    /^The service takes 2,000 batches an hour: the next goes at \d\d:\d\d:\d\d/,
  );
  const anHourLater = full.map((part) => ({ ...part, submitted_at: minutesAgo(61) }));
  expect(queue.takes(next, anHourLater)).toBe(true);
});

test("no more batches are there at once than the service takes", () => {
  const queue = new Queue({ enqueuedTokens: undefined, limits: findProfile("ovhcloud").limits, leastMs: 1 });
  expect(queue.takes(next, toParts(4, { state: "submitted" }))).toBe(true);
  expect(queue.takes(next, toParts(5, { state: "submitted" }))).toBe(false);
  expect(queue.takes(next, toParts(5, { state: "ended" }))).toBe(true);
});

const full = {
  code: "token_limit_exceeded",
  message: "Enqueued token limit reached for gpt-4o-mini. Limit: 1,000 enqueued tokens.",
  line: undefined,
  param: undefined,
};

test("a part that is refused again and again with nothing of ours in the queue is taken to be too large", () => {
  const queue = new Queue({ enqueuedTokens: undefined, limits: findProfile("openai").limits, leastMs: 1 });
  const refused = [1, 2, 3, 4].map(() => queue.refuse(next, [full], []));
  expect(refused).toEqual([false, false, false, true]);
  expect(queue.maxBytesOf("gpt-4o-mini")).toBe(next.bytes / 2);
});

test("while a part of ours is in the queue, another that is refused only waits", () => {
  const queue = new Queue({ enqueuedTokens: undefined, limits: findProfile("openai").limits, leastMs: 1 });
  const there = toParts(1, { state: "submitted" });
  for (let refusals = 0; refusals < 9; refusals += 1) expect(queue.refuse(next, [full], there)).toBe(false);
});

test("what the queue of one model takes says nothing of another's", () => {
  const queue = new Queue({ enqueuedTokens: undefined, limits: findProfile("openai").limits, leastMs: 1 });
  expect(queue.refuse({ ...next, bytes: 5_000 }, [full], [])).toBe(true);
  expect(queue.maxBytesOf("gpt-4o-mini")).toBe(4_000);
  expect(queue.takes({ bytes: 5_000, model: "gpt-4o" }, [])).toBe(true);
  expect(queue.maxBytesOf("gpt-4o")).toBe(Infinity);
});
