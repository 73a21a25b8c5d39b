import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { BatchFile, LineSet } from "../../../src/batch-file/index.js";
import { mergeResults } from "../../../src/execute/results-file/merge-results.js";
import { temporaryFolder } from "../../temporary-folder.js";

const folder = temporaryFolder();
const file = join(folder, "requests.jsonl");
const output = join(folder, "requests.results.jsonl");
const source = join(folder, "downloaded");
const requests = 40;

writeFileSync(
  file,
  Array.from({ length: requests }, (_, number) => {
    const body = { model: "m", messages: [{ role: "user", content: `Question ${number}` }] };
    return `${JSON.stringify({ custom_id: `id-${number}`, method: "POST", url: "/v1/chat/completions", body })}\n`;
  }).join(""),
);

/** Most are answers of the same shape, which stand one behind the other; the others stand between them. */
const line = fc.oneof(
  { weight: 12, arbitrary: fc.nat(requests - 1).map((number) => toAnswer(`id-${number}`, "yes")) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.nat(requests - 1), fc.constantFrom("é", "\u2028", "\u0085", "x".repeat(20_000)))
      .map(([number, content]) => toAnswer(`id-${number}`, content)),
  },
  { weight: 1, arbitrary: fc.nat(requests - 1).map((number) => toFailure(`id-${number}`)) },
  { weight: 1, arbitrary: fc.constantFrom(toAnswer("stranger", "yes"), "", "  ", "no JSON", "\ufeff{}") },
  { weight: 1, arbitrary: fc.nat(requests - 1).map((number) => ` ${toAnswer(`id-${number}`, "no")}\r`) },
);

function toAnswer(custom_id: string, content: string): string {
  const body = { id: "c", model: "m", choices: [{ message: { content }, finish_reason: "stop" }] };
  return JSON.stringify({ id: "r", custom_id, response: { status_code: 200, body }, error: null });
}

function toFailure(custom_id: string): string {
  const body = { error: { message: "no", type: "invalid_request_error" } };
  return JSON.stringify({ id: "r", custom_id, response: { status_code: 400, body }, error: null });
}

async function merge(toOurLines?: () => (bytes: Buffer) => Buffer) {
  writeFileSync(output, "");
  const batchFile = await BatchFile.open(file);
  const part = new LineSet(requests);
  for (let line = 1; line < requests; line += 1) part.add(line);
  const strays: string[] = [];
  try {
    const { lines, scan } = await mergeResults({
      ...{ output, batchFile, part, sources: [source], onStray: (text: string) => strays.push(text) },
      ...(toOurLines === undefined ? {} : { toOurLines }),
    });
    const states = Array.from({ length: requests }, (_, index) => [
      scan.done.has(index + 1),
      scan.failed.has(index + 1),
    ]);
    return { lines, strays, states, real: scan.real, written: readFileSync(output, "utf8") };
  } finally {
    batchFile.close();
  }
}

it("takes in the same lines of the same shape one behind the other as each by itself", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 120 }), fc.boolean(), async (lines, isTerminated) => {
      writeFileSync(source, lines.join("\n") + (isTerminated ? "\n" : ""));
      const together = await merge();
      expect(together).toEqual(await merge(() => (bytes) => bytes));
      const answered = lines.filter((each) => each.includes('"custom_id":"id-'));
      expect(together.lines).toBe(
        new Set(answered.map((each) => /id-\d+/.exec(each)?.[0]).filter((id) => id !== `id-${requests - 1}`))
          .size,
      );
    }),
    { numRuns: 100 },
  );
});
