import { isUtf8 } from "node:buffer";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OpenbatchError } from "../../src/errors/openbatch-error.js";
import type { Result } from "../../src/results/answer/result.js";
import { openResults } from "../../src/results/reader/open-results.js";
import { readResults } from "../../src/results/reader/read-results.js";
import type { Stray } from "../../src/results/reader/results.js";
import {
  answerLine,
  chatBody,
  failureLine,
  messageItem,
  requestLine,
  responseBody,
  unansweredLine,
} from "../lines.js";
import { fileWriter } from "../temporary-folder.js";
import { collect } from "./read-all.js";

const write = fileWriter();

/** Ids that a careless reader takes for one another, or for something else. */
const anyId = fc.oneof(
  fc.constantFrom(
    "1",
    "01",
    "a",
    "A",
    "a ",
    "ä",
    "a\u0308",
    "😀",
    '"',
    "\\",
    "{",
    "custom_id",
    "\u2028",
    "\n",
  ),
  fc.string({ unit: "binary", minLength: 1, maxLength: 12 }),
);

const lineMakers: readonly ((id: string) => string)[] = [
  (id) => answerLine(id),
  (id) => answerLine(id, chatBody('{"custom_id":"1"}\u2028', { finish: "length" })),
  (id) => answerLine(id, responseBody([messageItem({ type: "output_text", text: id })])),
  (id) => answerLine(id, { object: "list", data: [{ index: 0, embedding: [1, 2] }] }),
  (id) => answerLine(id, responseBody([], { status: "failed" })),
  (id) => failureLine(id, 429),
  (id) => unansweredLine(id, "batch_expired"),
  (id) => unansweredLine(id, "batch_cancelled"),
  (id) =>
    JSON.stringify({ response: { body: chatBody("x"), status_code: 200 }, custom_id: id, id: "batch_1" }),
  (id) =>
    JSON.stringify(
      { custom_id: id, error: "no", response: { status_code: 500, body: null } },
      undefined,
      " ",
    ).replaceAll("\n", ""),
];

/** Requests with unique ids, some of which have a result. */
const anyBatch = fc
  .uniqueArray(fc.record({ id: anyId, maker: fc.integer({ min: -1, max: lineMakers.length - 1 }) }), {
    selector: ({ id }) => id,
    minLength: 1,
    maxLength: 12,
  })
  .map((entries) => ({
    ids: entries.map(({ id }) => id),
    lines: entries.flatMap(({ id, maker }) => lineMakers[maker]?.(id) ?? []),
  }));

async function read(requests: string, results: readonly string[]) {
  const strays: Stray[] = [];
  const read = await collect(readResults({ requests, results, onStray: (stray) => strays.push(stray) }));
  return { results: read, strays };
}

/** What a result says, but for where it was read. */
function contentOf(result: Result): object {
  const {
    file: _file,
    line: _line,
    problem,
    ...content
  } = { file: "", line: 0, problem: undefined, ...result };
  return { ...content, problem: problem?.code };
}

describe("results of the same batch", () => {
  test("are the same in any order, split over any number of files, joined", async () => {
    const layout = anyBatch.chain(({ ids, lines }) =>
      fc.record({
        ids: fc.constant(ids),
        lines: fc.constant(lines),
        shuffled: fc.shuffledSubarray(lines, { minLength: lines.length }),
        cuts: fc.array(fc.nat(lines.length), { maxLength: 3 }),
        ending: fc.constantFrom("\n", "\r\n", "\n\n"),
        isCompressed: fc.boolean(),
      }),
    );
    await fc.assert(
      fc.asyncProperty(layout, async ({ ids, lines, shuffled, cuts, ending, isCompressed }) => {
        const requests = write(ids.map((id) => requestLine(id)));
        const bounds = [0, ...cuts.sort((one, other) => one - other), shuffled.length];
        const files = bounds.slice(1).map((end, index) => shuffled.slice(bounds[index], end).join(ending));
        const paths = files.map((text) => write(isCompressed ? gzipSync(text) : Buffer.from(text)));
        const whole = await read(requests, [write(lines)]);
        const split = await read(requests, paths);
        expect(split.results.map(contentOf)).toEqual(whole.results.map(contentOf));
        expect(whole.results.map(({ custom_id }) => custom_id)).toEqual(ids);
        expect([...whole.strays, ...split.strays]).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test("are the same but for the line that a file was cut in", async () => {
    await fc.assert(
      fc.asyncProperty(anyBatch, fc.nat(), async ({ ids, lines }, at) => {
        const requests = write(ids.map((id) => requestLine(id)));
        const bytes = Buffer.from(lines.join("\n"));
        const cut = at % (bytes.length + 1);
        const whole = await read(requests, [write(bytes)]);
        const before = bytes.subarray(0, cut).toString("latin1");
        const cutLine = before.split("\n").length;
        const { results, strays } = await read(requests, [write(bytes.subarray(0, cut))]);
        expect(results).toHaveLength(ids.length);
        for (const [index, result] of results.entries()) {
          const expected = whole.results[index];
          const line = expected !== undefined && "line" in expected ? expected.line : 0;
          if (line > 0 && line < cutLine) expect(contentOf(result)).toEqual(expected && contentOf(expected));
          else if (line === cutLine) {
            if (result.status !== "unreadable" && result.status !== "missing")
              expect(contentOf(result)).toEqual(expected && contentOf(expected));
          } else expect(result.status).toBe("missing");
        }
        expect(strays.every(({ kind, line }) => kind === "broken_line" && line === cutLine)).toBe(true);
        expect(strays.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 100 },
    );
  });

  test("with every line twice, in any order, are the same, and the others are strays", async () => {
    const layout = anyBatch.chain(({ ids, lines }) =>
      fc.record({
        ids: fc.constant(ids),
        lines: fc.constant(lines),
        doubled: fc.shuffledSubarray([...lines, ...lines], { minLength: lines.length * 2 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(layout, async ({ ids, lines, doubled }) => {
        const requests = write(ids.map((id) => requestLine(id)));
        const once = await read(requests, [write(lines)]);
        const twice = await read(requests, [write(doubled)]);
        expect(twice.results.map(contentOf)).toEqual(once.results.map(contentOf));
        expect(twice.strays.map(({ kind, custom_id }) => `${kind} ${custom_id}`).sort()).toEqual(
          once.results
            .filter(({ status }) => status !== "missing")
            .map(({ custom_id }) => `duplicate ${custom_id}`)
            .sort(),
        );
      }),
      { numRuns: 40 },
    );
  });
});

test("lines that are not UTF-8 are unreadable wherever they stand among others like them, and none else is", async () => {
  const anyText = fc.constantFrom("x", "é", "\xed\xa0\x80", 'say "é"\n');
  const anyAnswer = fc.record({ text: anyText, encoding: fc.constantFrom("utf8" as const, "latin1") });
  await fc.assert(
    fc.asyncProperty(fc.array(anyAnswer, { minLength: 1, maxLength: 20 }), async (answers) => {
      const ids = answers.map((_, number) => `r${number}`);
      const lines = answers.map(({ text, encoding }, number) =>
        Buffer.from(answerLine(`r${number}`, chatBody(text)), encoding),
      );
      const results = await openResults({
        requests: write(ids.map((id) => requestLine(id))),
        results: [write(Buffer.concat(lines.flatMap((line) => [line, Buffer.from("\n")])))],
      });
      const unreadable = lines.filter((line) => !isUtf8(line)).length;
      const { counts } = results;
      const read = await collect(results);
      await results.close();
      expect(read.filter(({ status }) => status === "unreadable")).toHaveLength(unreadable);
      expect(counts).toMatchObject({ succeeded: lines.length - unreadable, unreadable });
    }),
    { numRuns: 100 },
  );
});

const anyLine = fc.oneof(
  fc
    .tuple(fc.constantFrom("a", "b", "ä"), fc.nat(lineMakers.length - 1))
    .map(([id, maker]) => Buffer.from(lineMakers[maker]?.(id) ?? "")),
  fc.constantFrom("a", "b", "c").map((id) => Buffer.from(requestLine(id))),
  fc.tuple(fc.nat(lineMakers.length - 1), fc.nat(), fc.nat(255)).map(([maker, at, byte]) => {
    const line = Buffer.from(lineMakers[maker]?.("a") ?? "");
    line[at % line.length] = byte;
    return line;
  }),
  fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
  fc.json({ maxDepth: 3 }).map((json) => Buffer.from(json)),
);

/** Any lines, but such as do not look like gzip. */
const anyFile = fc
  .array(anyLine, { maxLength: 8 })
  .map((lines) => Buffer.concat(lines.flatMap((line) => [line, Buffer.from("\n")])))
  .filter((bytes) => bytes[0] !== 0x1f);

test("whatever files hold, each readable id of the batch file has one result, every line is accounted for, and openResults says the same", async () => {
  await fc.assert(
    fc.asyncProperty(anyFile, fc.array(anyFile, { minLength: 1, maxLength: 3 }), async (rest, files) => {
      const batch = Buffer.concat([Buffer.from(`${requestLine("a")}\n`), rest]);
      const requests = write(batch);
      const paths = files.map((bytes) => write(bytes));
      try {
        const { results, strays } = await read(requests, paths);
        const ids = results.map(({ custom_id }) => custom_id);
        expect(new Set(ids).size).toBe(ids.length);
        const lineCount = [...files, batch]
          .flatMap((bytes) => bytes.toString("latin1").split("\n"))
          .filter((line) => line.replace(/^\xef\xbb\xbf/, "").replace(/[ \t\r]/g, "") !== "").length;
        const found = results.filter(({ status }) => status !== "missing").length;
        expect(strays.length + found + results.length).toBe(lineCount);
        await using opened = await openResults({ requests, results: paths });
        expect(await collect(opened)).toEqual(results);
        expect(opened.counts).toMatchObject({ total: results.length, strays: strays.length });
        for (const status of ["succeeded", "failed", "missing", "unreadable"] as const)
          expect(opened.counts[status]).toBe(results.filter((result) => result.status === status).length);
      } catch (error) {
        if (!(error instanceof OpenbatchError) || error.code !== "not_a_results_file") throw error;
      }
    }),
    { numRuns: 300 },
  );
});
