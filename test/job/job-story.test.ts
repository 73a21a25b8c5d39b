import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readStory } from "../../src/job/job-story.js";
import { temporaryFolder } from "../temporary-folder.js";

const at = "2026-11-29T10:00:00.000Z";

async function tell(...events: readonly object[]): Promise<string[]> {
  const path = join(temporaryFolder(), "story.jsonl");
  writeFileSync(path, events.map((event) => `${JSON.stringify({ at, ...event })}\n`).join(""));
  const texts: string[] = [];
  for await (const { text } of readStory(path)) texts.push(text);
  return texts;
}

test("each step of a part is a sentence, and what only counts on is left out", async () => {
  const counts = { total: 2, completed: 1, failed: 1 };
  const texts = await tell(
    { part: 1, state: "uploading", requests: 2, endpoint: "/v1/responses", model: null, round: 2 },
    { part: 1, state: "uploaded", file: "file-1" },
    { part: 1, state: "submitted", batch: "batch_1", word: "validating" },
    { part: 1, word: "in_progress" },
    { part: 1, word: "in_progress", counts },
    { part: 1, state: "uploaded", word: "failed" },
    { part: 1, state: "uploading", word: "failed" },
    { part: 1, state: "rejected", problems: 3, word: "failed" },
    { part: 1, state: "dropped" },
    { part: 1, state: "gone" },
    { part: 1, state: "gone", outputs: [] },
    { cancelled: ["batch_1", "batch_2"] },
    { cancelled: [] },
  );
  expect(texts).toEqual([
    "2 requests for its model (/v1/responses), round 2: to be uploaded",
    "uploaded as file-1",
    "is the batch batch_1: validating",
    "the service says in_progress",
    "waits for room in the queue of the service",
    "to be uploaded again: the service does not find the file",
    "the service found 3 errors in it, and executed nothing",
    "its requests are cut anew",
    "its results are no longer at the service",
    "has ended, and the service names no file of what it answered",
    "cancelled: batch_1, batch_2",
    "cancelled: nothing was at the service",
  ]);
});

test("a line that is none, or that was written only in part, is left out; nothing steers a terminal", async () => {
  const path = join(temporaryFolder(), "story.jsonl");
  writeFileSync(path, `7\n\n{"at":"${at}","part":1,"state":"x\\u001b[31m"}\n{"at":"${at}","pa`);
  const events = [];
  for await (const event of readStory(path)) events.push(event);
  expect(events).toEqual([{ at, part: 1, text: expect.stringMatching(/^is x[^\u001B]*$/) }]);
});

test("a job of which nothing was submitted has no story, and that is no error", async () => {
  const story = readStory(join(temporaryFolder(), "story.jsonl"));
  expect(await story.next()).toEqual({ done: true, value: undefined });
});
