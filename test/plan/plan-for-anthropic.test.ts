import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BatchCreateParams } from "@anthropic-ai/sdk/resources/messages/batches";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type PlanBatchFileOptions, planBatchFile } from "../../src/plan/index.js";
import { chatLine, requestLine, toLines } from "../lines.js";
import { temporaryFolder } from "../temporary-folder.js";

const names = { modelNames: { "gpt-4o-mini": "claude-haiku-4-5" } };
const folder = temporaryFolder();
let number = 0;

async function plan(lines: string[], options: PlanBatchFileOptions = {}) {
  number += 1;
  const path = join(folder, `file-${number}.jsonl`);
  writeFileSync(path, lines.join("\n"));
  const to = join(folder, `parts-${number}`);
  const planned = await planBatchFile(path, {
    provider: "anthropic",
    countTokens: false,
    ...names,
    ...options,
    to,
  });
  const texts = planned.parts.map(({ file }) => (file === undefined ? "" : readFileSync(file, "utf8")));
  const parts = texts.map((text) =>
    text
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as BatchCreateParams.Request),
  );
  return { planned, texts, parts };
}

test("writes the parts in Anthropic's own lines, one part for all models and kinds of requests", async () => {
  const own = { model: "claude-opus-5", max_tokens: 9, messages: [{ role: "user", content: "Hi" }] };
  const { planned, parts } = await plan([
    chatLine("a", { max_tokens: 5 }),
    JSON.stringify({ custom_id: "b", params: own }),
    "",
    requestLine("c", own, "/v1/messages"),
  ]);
  expect(planned).toMatchObject({
    unplacedCount: 0,
    warnings: [],
    parts: [{ requests: 3, urls: ["/v1/messages"] }],
  });
  expect(parts).toEqual([
    [
      {
        custom_id: "a",
        params: {
          model: "claude-haiku-4-5",
          max_tokens: 5,
          messages: [{ role: "user", content: "Say something about a." }],
        },
      },
      { custom_id: "b", params: own },
      { custom_id: "c", params: own },
    ],
  ]);
});

test("tells in the plan what cannot be said, with the place and the way out, and writes nothing", async () => {
  const { planned } = await plan([
    chatLine("a", { response_format: { type: "json_object" }, seed: 1 }),
    requestLine("b", { input: "Hi" }, "/v1/responses"),
    chatLine("c"),
  ]);
  expect(planned.unplaced).toMatchObject([
    {
      line: 1,
      custom_id: "a",
      code: "untranslatable_request",
      message: expect.stringContaining("body.seed: "),
    },
    {
      line: 2,
      custom_id: "b",
      message: expect.stringContaining("responses request"),
      hint: expect.any(String),
    },
  ]);
  expect(planned.unplaced[0]?.message).toContain("body.response_format.type: ");
  expect(planned.parts.map(({ file }) => file)).toEqual([undefined]);
  expect(`${planned}`).toContain("json_schema");
});

test("tells what is left out, once for all requests that have it", async () => {
  const { planned } = await plan(
    [1, 2, 3].map((each) => chatLine(`a${each}`, { max_tokens: 5, store: each > 1 })),
  );
  expect(planned.warnings).toEqual([
    { path: "body.store", message: expect.any(String), requests: 3, firstLine: 1 },
  ]);
  expect(`${planned}`).toContain("body.store: left out");
});

test("calls all requests by their lines where Anthropic refuses an id", async () => {
  const { parts } = await plan([chatLine("a", { max_tokens: 1 }), "", chatLine("ü/2", { max_tokens: 1 })]);
  expect(parts.flat().map(({ custom_id }) => custom_id)).toEqual(["r1", "r3"]);
});

test("keeps every request, in its order, and every part within the bytes that are really sent", async () => {
  const id = fc.string({ unit: "grapheme", minLength: 1, maxLength: 70 });
  const requests = fc.uniqueArray(fc.tuple(id, fc.string({ maxLength: 200 })), {
    minLength: 1,
    maxLength: 30,
    selector: ([each]) => each,
  });
  await fc.assert(
    fc.asyncProperty(requests, fc.integer({ min: 1_000, max: 3_000 }), async (asked, maxBytes) => {
      const lines = asked.map(([each, content]) =>
        chatLine(each, { max_tokens: 5, messages: [{ role: "user", content }] }),
      );
      const { texts, parts } = await plan(lines, { maxBytes });
      for (const text of texts) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxBytes);
      expect(parts.flat().map(({ params }) => params.messages[0]?.content)).toEqual(
        asked.map(([, content]) => content),
      );
      const isPlain = asked.every(([each]) => /^[\w-]{1,64}$/.test(each));
      const ids = asked.map(([each], index) => (isPlain ? each : `r${index + 1}`));
      expect(parts.flat().map(({ custom_id }) => custom_id)).toEqual(ids);
    }),
    { numRuns: 40 },
  );
});

test("counts the tokens of what is asked, and the limit of what is answered", async () => {
  const path = join(folder, "priced.jsonl");
  writeFileSync(path, toLines([chatLine("a", { max_tokens: 50 }), chatLine("b", { max_tokens: 50 })]));
  const { tokens, price, directPrice } = await planBatchFile(path, { provider: "anthropic", ...names });
  expect(tokens).toMatchObject({ outputAtMost: 100 });
  expect((directPrice?.atMost ?? 0) / (price?.atMost ?? 1)).toBeCloseTo(2);
});
