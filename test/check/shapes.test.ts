import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkBatchFile } from "../../src/check/check/check-batch-file.js";
import { defaultTuning } from "../../src/check/check/plain-file-check.js";
import type { ValidateBatchFileOptions } from "../../src/check/index.js";
import { chatLine, embeddingLine, requestLine } from "../lines.js";
import { temporaryFolder } from "../temporary-folder.js";
import { anyFile } from "./any-file.js";
import { createChecker } from "./checker.js";

const { write } = createChecker(temporaryFolder());
const shared = join(import.meta.dirname, "../../../shared");
const realData = process.env.OPENBATCH_REAL_DATA ?? join(shared, "data");

/** The whole report of a file, as JSON; by shapes, or with each line parsed. */
async function report(
  path: string,
  usesShapes: boolean,
  options: ValidateBatchFileOptions,
  rangeBytes = defaultTuning.rangeBytes,
): Promise<string> {
  const tuning = { ...defaultTuning, usesShapes, rangeBytes };
  return JSON.stringify(await checkBatchFile(path, { workers: 0, ...options }, tuning));
}

async function expectTheSame(
  path: string,
  options: ValidateBatchFileOptions = {},
  rangeBytes?: number,
): Promise<void> {
  const [shaped, parsed] = [
    await report(path, true, options, rangeBytes),
    await report(path, false, options, rangeBytes),
  ];
  if (shaped !== parsed) expect(JSON.parse(shaped)).toEqual(JSON.parse(parsed));
  expect(shaped === parsed).toBe(true);
}

const optionsOf: fc.Arbitrary<ValidateBatchFileOptions> = fc.constantFrom<ValidateBatchFileOptions>(
  {},
  { target: "openbatch" },
  { target: "groq" },
  // These have limits for ids, and for lines.
  { target: "doubleword" },
  { target: "zhipu" },
  { allowUnknownParameters: true },
  { ignore: ["half_character", "non_portable_custom_id", "crlf_line_ends"] },
  { maxFindings: 3 },
);

const texts = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.string({ unit: "binary", maxLength: 8 }),
  fc.constantFrom(
    "",
    " ",
    "json",
    "\ud800",
    "\udc00x",
    '"',
    "\\",
    "😀",
    "é",
    "data:image/png;base64,x",
    "a\nb",
  ),
);
const ids = fc.oneof(
  fc.stringMatching(/^[a-z0-9]{1,3}$/),
  fc.constantFrom("", "with space", "ü", "x".repeat(65), "tab\t"),
);
const jsonObject = { response_format: { type: "json_object" } };
const bodies = fc.oneof(
  texts.map((content) => (id: string) => chatLine(id, { messages: [{ role: "user", content }] })),
  texts.map(
    (content) => (id: string) => chatLine(id, { messages: [{ role: "user", content }], ...jsonObject }),
  ),
  fc.tuple(texts, texts).map(
    ([name, content]) =>
      (id: string) =>
        chatLine(id, { messages: [{ role: "user", name, content }] }),
  ),
  fc.tuple(texts, fc.constantFrom(0, 3)).map(
    ([text, temperature]) =>
      (id: string) =>
        chatLine(id, { messages: [{ role: "user", content: [{ type: "text", text }] }], temperature }),
  ),
  fc.array(texts, { maxLength: 3 }).map((input) => (id: string) => embeddingLine(id, input)),
  texts.map((input) => (id: string) => requestLine(id, { input }, "/v1/responses")),
  texts.map(
    (url) => (id: string) =>
      chatLine(id, { messages: [{ role: "user", content: [{ type: "image_url", image_url: { url } }] }] }),
  ),
);
/** Nearly all are of a few shapes; some are spoiled by one byte anywhere, or escaped as Python does it. */
const shapedLine = fc
  .record({
    id: ids,
    toLine: bodies,
    isEscaped: fc.boolean(),
    end: fc.constantFrom("", "", "", "", "\r", " "),
    spoiled: fc.option(fc.tuple(fc.nat(), fc.nat(255)), { freq: 4 }),
  })
  .map(({ id, toLine, isEscaped, end, spoiled }) => {
    const line = `${toLine(id)}${end}`;
    const bytes = Buffer.from(isEscaped ? escapeAll(line) : line);
    if (spoiled !== null) bytes[spoiled[0] % bytes.length] = spoiled[1];
    return bytes;
  });

function escapeAll(json: string): string {
  return json.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function joinLines(lines: readonly Buffer[]): Buffer {
  return Buffer.concat(lines.flatMap((line) => [line, Buffer.from("\n")]));
}

describe("by shapes the check gives the report that it gives when it parses each line", () => {
  test("of files with a few shapes, texts of all sorts, and a byte off here and there", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(shapedLine, { maxLength: 60, size: "max" }),
        optionsOf,
        async (lines, options) => {
          await expectTheSame(write(joinLines(lines)), options);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("of files with all kinds of problems, in ranges of any size", async () => {
    await fc.assert(
      fc.asyncProperty(
        anyFile(80),
        fc.integer({ min: 1, max: 3000 }),
        optionsOf,
        async (bytes, rangeBytes, options) => {
          await expectTheSame(write(bytes), options, rangeBytes);
        },
      ),
      { numRuns: 100 },
    );
  });

  const plain = [
    chatLine("id", {
      temperature: 0,
      messages: [{ role: "user", content: [{ type: "text", text: 'a\\"é' }] }],
    }),
    requestLine("id", { input: "é\n", metadata: { a: "b" } }, "/v1/responses"),
    embeddingLine("id", ["x", "y"]),
  ];

  test.each(plain)("of a line with any byte replaced, put in or left out: %s", async (line) => {
    const bytes = Buffer.from(line);
    const lines: Buffer[] = [];
    // A sound line before each, so that to look at shapes goes on paying.
    const sound = (): Buffer => Buffer.from(line.replace('"id"', `"s${lines.length}"`));
    const add = (...parts: readonly Uint8Array[]): void => void lines.push(sound(), Buffer.concat(parts));
    for (let at = 0; at <= bytes.length; at += 1) {
      const [before, behind] = [bytes.subarray(0, at), bytes.subarray(at + 1)];
      add(before, behind);
      for (const byte of Buffer.from('"\\{}[],:. \t\ru19aé\u0000\u001f')) {
        add(before, Buffer.of(byte), behind);
        add(before, Buffer.of(byte), bytes.subarray(at));
      }
    }
    await expectTheSame(write(joinLines(lines)), { maxFindings: 100_000, ignore: ["duplicate_custom_id"] });
  });

  test("of a text that may be in another's place, but has to say json", async () => {
    const say = (id: string, content: string): string =>
      chatLine(id, { messages: [{ role: "user", content }], ...jsonObject });
    const path = write([say("a", "As JSON."), say("b", "As JSON."), say("c", "As text.")]);
    await expectTheSame(path);
    const { findings } = await checkBatchFile(path, {});
    expect(findings.map(({ code, lines }) => [code, ...lines])).toEqual([["invalid_value", 3]]);
  });

  test.each(listRealFiles())("of a real file, and of it three times over: %s", async (path) => {
    const bytes = readFileSync(path);
    await expectTheSame(path);
    const lineFeed = Buffer.from("\n");
    await expectTheSame(write(Buffer.concat([bytes, lineFeed, bytes, lineFeed, bytes])));
  });
});

/** Files that people have made, where they are. */
function listRealFiles(): string[] {
  return [realData, join(shared, "cases")]
    .filter((root) => existsSync(root))
    .flatMap((root) =>
      readdirSync(root, { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".jsonl"))
        .map((name) => join(root, name)),
    );
}
