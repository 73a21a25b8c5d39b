import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readLineId, toLineBytes } from "../../../src/batch-file/index.js";
import type { AnswerFormat } from "../../../src/results/answer/answer-formats.js";
import { createResult, type ReadLine, readLine } from "../../../src/results/answer/line-result.js";
import { ResultLineReader } from "../../../src/results/answer/result-line-reader.js";
import { answerLine, chatBody, messageItem, responseBody } from "../../lines.js";

const anyJson: AnswerFormat = { name: undefined, parse: { kind: "json" } };
const origin = {
  custom_id: "",
  url: undefined,
  requestLine: 1,
  file: "f",
  line: 1,
  untaken: { lines: 0, usage: undefined },
};

/** All that a result says, as JSON that tells `undefined` from nothing. */
function resultOf(line: ReadLine): string {
  const result = createResult(line, origin, { format: anyJson, items: undefined });
  return JSON.stringify(result, (_key, value: unknown) => {
    if (value instanceof Float32Array) return [...value];
    return value === undefined ? "undefined" : value;
  });
}

/** Asks for a line, as bytes in the middle of a buffer, and expects the result that it has when it is parsed. Says whether it was not. */
function expectAsParsed(reader: ResultLineReader, line: Buffer): boolean {
  const around = Buffer.concat([Buffer.from('"]'), line, Buffer.from('\n","}]')]);
  const read = reader.read({ ...toLineBytes(around), start: 2, end: 2 + line.length });
  const [found, wanted] = [resultOf(read), resultOf(readLine(line, 0, line.length))];
  // The comparison of vitest is slow, and there are many.
  if (found !== wanted) expect(JSON.parse(found), line.toString()).toEqual(JSON.parse(wanted));
  if (read.kind !== "outcome" || read.custom_id === undefined) return false;
  expect(read.custom_id).toBe(readLineId(line));
  return true;
}

const toolCalls = (call: string, text: string) => [
  { id: call, type: "function", function: { name: "f", arguments: JSON.stringify({ text }) } },
];

/** Answers as endpoints write them, each of one shape, whatever is said in it. */
const makers: readonly ((id: string, said: string, count: number) => string)[] = [
  (id, said) => answerLine(id, chatBody(said)),
  (id, said) => answerLine(id, chatBody(JSON.stringify({ said, content: said, custom_id: said }))),
  (id, said) => answerLine(id, { ...chatBody(said), model: "modèle" }),
  (id, said, count) =>
    answerLine(id, {
      ...chatBody(said, { message: { reasoning_content: said, annotations: [] } }),
      usage: { prompt_tokens: count, completion_tokens: 7, total_tokens: count + 7, queue_time: count / 7 },
    }),
  (id, said) =>
    answerLine(id, chatBody(null, { finish: "tool_calls", message: { tool_calls: toolCalls(id, said) } })),
  (id, said) => answerLine(id, chatBody([{ type: "text", text: said }])),
  (id, said, count) =>
    answerLine(
      id,
      responseBody(
        [
          { type: "reasoning", id: `rs_${id}`, summary: [{ type: "summary_text", text: said }] },
          messageItem({ type: "output_text", text: said }),
          messageItem({ type: "output_text", text: said }),
        ],
        { usage: { input_tokens: count, output_tokens: 1, total_tokens: count + 1 } },
      ),
    ),
  (id, said) =>
    answerLine(id, { object: "text_completion", choices: [{ text: said, finish_reason: "stop" }] }),
  (id, said) =>
    answerLine(id, { type: "message", content: [{ type: "text", text: said }], stop_reason: "end_turn" }),
  (id, said) =>
    `{ "custom_id" : ${JSON.stringify(id)} , "response" : {"status_code":200,"body":${JSON.stringify(chatBody(said))}} }`,
  (id, said) => JSON.stringify({ response: { body: chatBody(said) }, custom_id: id }),
  // Of two items with one id the last counts.
  (id, said, count) =>
    answerLine(
      id,
      responseBody([
        { type: "message", id: "m1", content: [{ type: "output_text", text: said }] },
        { type: "message", id: `m${count % 3}`, content: [{ type: "output_text", text: "More." }] },
      ]),
    ),
  (id, said) => answerLine(id, { ...chatBody(said), error: { code: "failed", message: said } }),
  (id, _said, count) =>
    answerLine(id, {
      object: "list",
      data: [
        { object: "embedding", index: 0, embedding: [count, -0.5, count / 3] },
        { index: 1, embedding: [1e-7 * count, count / 7, -0, ...(count > 1e20 ? [1e300] : [])] },
      ],
      usage: { prompt_tokens: count, total_tokens: count },
    }),
  (id, said) => {
    const embedding = Buffer.from(said.padEnd(8)).subarray(0, 8).toString("base64");
    return answerLine(id, { object: "list", data: [{ index: 0, embedding }] });
  },
];

/** Lines that say something twice, or in other words: what counts is what a parse finds. */
const oddMakers: readonly ((id: string, said: string) => string)[] = [
  (id, said) => answerLine(id).replace('"content":', () => `"content":${JSON.stringify(said)},"content":`),
  (id, said) =>
    answerLine(id).replace('"refusal":', () => `"con\\u0074ent":${JSON.stringify(said)},"refusal":`),
  (id, said) =>
    answerLine(id).replace(
      '"choices":',
      () => `"choices":[{"message":{"content":${JSON.stringify(said)}}}],"choices":`,
    ),
  (id, said) => answerLine(id).replace(/\}$/, () => `,"custom_id":${JSON.stringify(said)}}`),
  (id, said) => answerLine(id).replace(/\}$/, () => `,"custom\\u005fid":${JSON.stringify(said)}}`),
  (id, said) =>
    answerLine(id, { ...chatBody(said), __proto__: null, choices: { message: { content: said } } }),
];

const anySaid = fc.oneof(
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.constantFrom(
    "",
    '{"verdict":"good","content":"x","refusal":null}',
    '","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":10',
    '"content":"',
    "\\",
    '\\"',
    "\ud800",
    "\ufffd",
    "ä😀\u2028\0",
    "x".repeat(300),
  ),
);
const anyId = fc.oneof(
  fc.constantFrom("1", "request-17", "ä", '"', "\\", "a".repeat(40)),
  fc.string({ maxLength: 20 }),
);
const anyCount = fc.oneof(fc.nat(3), fc.constantFrom(0, 1e15, 1e21, 123456789012345, 1.5e-7, -1), fc.nat());

const anyLine = fc
  .record({ maker: fc.nat(makers.length + oddMakers.length - 1), id: anyId, said: anySaid, count: anyCount })
  .map(({ maker, id, said, count }) => [...makers, ...oddMakers][maker]?.(id, said, count) ?? "");

const tellingBytes = [...Buffer.from('"\\],0e'), 0x00, 0x80];

describe("a result whose line was not parsed", () => {
  const [shaped, parsed] = ["one", "two"].map((id, number) => {
    const reader = new ResultLineReader();
    const bytes = Buffer.from(answerLine("id", chatBody(`Said of ${id}.`)));
    if (number === 0) reader.read(toLineBytes(bytes));
    const line = Buffer.from(answerLine("id", chatBody("Said.")));
    const read = number === 0 ? reader.read(toLineBytes(line)) : readLine(line, 0, line.length);
    return createResult(read, origin, { format: anyJson, items: undefined });
  });

  test("is copied, written and shown as one whose line was", () => {
    expect(Object.keys(shaped ?? {})).toEqual(Object.keys(parsed ?? {}));
    expect(Object.keys(shaped ?? {}).slice(-2)).toEqual(["body", "raw"]);
    expect({ ...shaped }).toEqual({ ...parsed });
    expect(JSON.stringify(shaped)).toBe(JSON.stringify(parsed));
    expect(structuredClone(shaped)).toEqual(structuredClone(parsed));
    expect(inspect(shaped, { depth: 9 })).toBe(inspect(parsed, { depth: 9 }));
    expect(inspect(shaped, { depth: 9 })).toContain("chatcmpl-1");
  });

  test("gives the same body each time that it is asked for", () => {
    if (!(shaped !== undefined && "body" in shaped)) throw new TypeError("There is a body.");
    expect(shaped.body).toBe(shaped.body);
    expect(shaped.raw.response).toHaveProperty("body", shaped.body);
  });
});

describe("a line with an answer of a shape that was read before", () => {
  test.each(makers.slice(0, 11).map((make) => [make("id", "said", 1), make] as const))(
    "is not parsed, and has the result that it has when it is: %s",
    (_line, make) => {
      const reader = new ResultLineReader();
      const lines = ["one", 'two "quoted" \\ ä', "3"].map((said, number) =>
        make(`id-${number}`, said, number),
      );
      // Numbers are holes once they differ.
      for (const line of [...lines, ...lines]) expectAsParsed(reader, Buffer.from(line));
      expect(expectAsParsed(reader, Buffer.from(make("last", "something else", 17)))).toBe(true);
    },
  );

  test.each(
    [0, 2, 3, 5, 8]
      .flatMap((number) => makers[number] ?? [])
      .map((make) => [make("id", 'sa"id', 12), make] as const),
  )(
    "has the result that it has when it is parsed, whatever one byte is replaced, put in or left out: %s",
    (line, make) => {
      const reader = new ResultLineReader();
      for (const count of [1, 2]) expectAsParsed(reader, Buffer.from(make("other", "x", count)));
      const bytes = Buffer.from(line);
      for (let at = 0; at <= bytes.length; at += 1) {
        const [before, from] = [bytes.subarray(0, at), bytes.subarray(at)];
        expectAsParsed(reader, Buffer.concat([before, from.subarray(1)]));
        for (const byte of tellingBytes) {
          if (byte < 0x30) expectAsParsed(reader, Buffer.concat([before, Buffer.from([byte]), from]));
          expectAsParsed(reader, Buffer.concat([before, Buffer.from([byte]), from.subarray(1)]));
        }
      }
    },
    60_000,
  );

  test("has the result that it has when it is parsed, whatever lines came before", () => {
    fc.assert(
      fc.property(fc.array(anyLine, { minLength: 1, maxLength: 40 }), (lines) => {
        const reader = new ResultLineReader();
        for (const line of [...lines, ...lines]) expectAsParsed(reader, Buffer.from(line));
      }),
      { numRuns: 300 },
    );
  });

  test("has it too where it differs from those before in what stands anywhere else", () => {
    const anyEdit = fc.record({ at: fc.nat(), byte: fc.constantFrom(...tellingBytes), cut: fc.nat(2) });
    fc.assert(
      fc.property(
        fc.array(anyLine, { minLength: 2, maxLength: 6 }),
        fc.array(anyEdit, { maxLength: 60 }),
        (lines, edits) => {
          const reader = new ResultLineReader();
          for (const line of [...lines, ...lines]) expectAsParsed(reader, Buffer.from(line));
          for (const [number, { at, byte, cut }] of edits.entries()) {
            const bytes = Buffer.from(lines[number % lines.length] ?? "");
            const place = at % bytes.length;
            const rest = bytes.subarray(place + cut);
            expectAsParsed(reader, Buffer.concat([bytes.subarray(0, place), Buffer.from([byte]), rest]));
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  test("is found also where what stands deep in it has no end, and takes no long time", () => {
    const deep = `${'["x",'.repeat(5000)}1${"]".repeat(5000)}`;
    const reader = new ResultLineReader();
    const lines = ["a", "b"].map((id) => answerLine(id).replace('"logprobs":null', `"logprobs":${deep}`));
    for (const line of lines) {
      const bytes = Buffer.from(line);
      expect(reader.read(toLineBytes(bytes))).toMatchObject({ outcome: { status: "succeeded" } });
    }
  });
});

const data =
  process.env.OPENBATCH_REAL_DATA ?? fileURLToPath(new URL("../../../../shared/data", import.meta.url));

describe.skipIf(!existsSync(data))("real lines (OPENBATCH_REAL_DATA names their folder)", () => {
  test("have the results that they have when they are parsed, twice over", () => {
    const files = readdirSync(data, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.jsonl?$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name));
    let shaped = 0;
    for (const file of files) {
      const lines = readFileSync(file, "utf8")
        .split("\n")
        .filter((line) => line !== "" && line.length < 100_000)
        .slice(0, 200)
        .flatMap((line) => [line, ...answersIn(line)]);
      const reader = new ResultLineReader();
      for (const line of [...lines, ...lines]) if (expectAsParsed(reader, Buffer.from(line))) shaped += 1;
    }
    expect(shaped).toBeGreaterThan(10);
  });
});

/** A body that was recorded, as the line that a batch makes of it; and the lines that an exchange brought. */
function answersIn(line: string): readonly string[] {
  try {
    const value = JSON.parse(line) as Readonly<Record<string, unknown>>;
    const { response_body, response_content } = value;
    const text = response_body ?? response_content;
    return typeof text === "string" ? text.split("\n") : [answerLine("recorded", value)];
  } catch {
    return [];
  }
}
