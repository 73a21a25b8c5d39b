import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { runBatchFile } from "../../../src/execute/index.js";
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
