import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { RehearsalTransport, runBatchFile, Upstream } from "../../../src/execute/index.js";
import { createRehearsal } from "../../../src/rehearse/index.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { answered, createLane } from "../simple-lane.js";

const folder = temporaryFolder();
const [requests, output] = [join(folder, "requests.jsonl"), join(folder, "results.jsonl")];

/** What is sent of a file, in its order, or why nothing is. */
async function send(model: string | undefined, usesShapes: boolean): Promise<unknown> {
  rmSync(output, { force: true });
  const sent: unknown[] = [];
  const lane = createLane(async ({ body, ...request }) => {
    sent.push({ ...request, body: body.toString() });
    return answered({ object: "chat.completion" });
  });
  try {
    const { end, counts } = await runBatchFile({ requests, output, model, usesShapes, lane });
    return { sent, end, counts };
  } catch (error) {
    return `${error}`;
  }
}

const texts = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.constantFrom(
    "",
    '"',
    "\\",
    "😀",
    '"data:image/png;base64,AAAA"',
    "data:image/png;base64,AAAA",
    "base64,",
  ),
);
const bodies = fc.oneof(
  fc.record({
    model: fc.constantFrom("a", "b"),
    messages: fc.array(fc.record({ role: fc.constant("user"), content: texts }), { maxLength: 2 }),
    max_tokens: fc.constantFrom(1, 20),
  }),
  fc.record({ input: texts, model: fc.constantFrom("a", 'b"'), max_output_tokens: fc.constant(7) }),
  fc.record({ n: fc.constantFrom(1, 3), max_completion_tokens: fc.constant(5), prompt: texts }),
  fc.record({ image_url: texts, input: fc.array(texts, { maxLength: 2 }) }),
);
const line = fc
  .record({
    body: bodies,
    isIdLast: fc.boolean(),
    spaces: fc.constantFrom("", "", "", "\t"),
    spoiled: fc.option(fc.tuple(fc.nat(), fc.nat(255)), { freq: 20 }),
  })
  .map(({ body, isIdLast, spaces, spoiled }) => (id: string) => {
    const rest = { method: "POST", url: "/v1/chat/completions", body };
    const bytes = Buffer.from(
      `${spaces}${JSON.stringify(isIdLast ? { ...rest, custom_id: id } : { custom_id: id, ...rest }).replaceAll(":{", `:${spaces}{`)}`,
    );
    if (spoiled !== null) bytes[spoiled[0] % bytes.length] = spoiled[1];
    return bytes;
  });

test("what is sent is the same whether or not lines of known shapes are parsed again for it", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { minLength: 1, maxLength: 40 }),
      fc.constantFrom(undefined, 'llama "3"'),
      async (toLines, model) => {
        const lines = toLines.map((toLine, index) => toLine(`r-${index}`));
        writeFileSync(requests, Buffer.concat(lines.flatMap((each) => [each, Buffer.from("\n")])));
        expect(await send(model, true)).toEqual(await send(model, false));
      },
    ),
    { numRuns: 300 },
  );
});

/** The results of a rehearsal, and all that is counted and told of it. */
async function rehearse(usesShapes: boolean): Promise<unknown> {
  rmSync(output, { force: true });
  const faults = ["500:0.1:x1", "refusal:0.1", "truncation:0.1", "400:0.1", "not_json:0.05:x1"];
  const upstream = new Upstream({
    transport: new RehearsalTransport({ rehearsal: createRehearsal({ faults }) }),
    concurrency: 4,
    usesShapes,
    random: () => 0.001,
  });
  const settled: unknown[] = [];
  const { end, counts, failures, problems } = await runBatchFile({
    ...{ requests, output, usesShapes, lane: upstream.openLane() },
    onSettled: ({ ms: _, ...each }) => settled.push(each),
  });
  await upstream.close();
  const lines = readFileSync(output, "utf8").trimEnd().split("\n");
  const results = lines.map((each) => each.replace(/"batch_req_\w+"/, '""')).sort();
  return {
    end,
    counts,
    failures,
    problems,
    results,
    settled: settled.map((each) => JSON.stringify(each)).sort(),
  };
}

test("results and what is told of them are the same whether or not lines and answers of known shapes are parsed", async () => {
  const lines = Array.from({ length: 600 }, (_, index) => {
    const body =
      index % 3 === 0
        ? {
            model: "gpt-4o-mini",
            messages: [{ role: "user", content: `Hi ${index}` }],
            max_tokens: 5 + (index % 2) * 40,
          }
        : { model: "gpt-5", input: `Hé ${index}` };
    const url = index % 3 === 0 ? "/v1/chat/completions" : "/v1/responses";
    return JSON.stringify({ custom_id: `r-${index}`, method: "POST", url, body });
  });
  writeFileSync(requests, lines.join("\n"));
  expect(await rehearse(true)).toEqual(await rehearse(false));
});
