import { appendFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readFilter } from "../../../src/view/routes/read-row-query.js";
import { findGrownBytes, toFileStamp } from "../../../src/view/source/file-stamp.js";
import { type FollowedFiles, FollowedSource } from "../../../src/view/source/followed-source.js";
import { ResultsSource } from "../../../src/view/source/results-source.js";
import type { ViewSource } from "../../../src/view/source/view-source.js";
import { chatAnswerLine, cityLine, failureLine, requestIds, toLines, unansweredLine } from "../../lines.js";
import { temporaryFolder, writeFolder } from "../../temporary-folder.js";

const folder = temporaryFolder();
const ids = requestIds(6);
const columns = [
  "status",
  "text",
  "parsed.city",
  "usage.total_tokens",
  "rounds",
  "error.code",
  "line",
  "requestLine",
];

const anyId = fc.constantFrom(...ids, "stranger");
const anyLine = fc.oneof(
  fc
    .tuple(anyId, fc.constantFrom("Rome", "Oslo"), fc.nat(3))
    .map(([id, city, population]) => chatAnswerLine(id, JSON.stringify({ city, population }))),
  anyId.map((id) => chatAnswerLine(id, "no JSON")),
  anyId.map((id) => failureLine(id, 500)),
  anyId.map((id) => unansweredLine(id, "batch_expired")),
  fc.constantFrom("{", ""),
);

/** What is done to a results file while it is looked at. */
const anyStep = fc.record({
  kind: fc.constantFrom("append", "append", "append", "tear", "replace", "rewrite"),
  lines: fc.array(anyLine, { maxLength: 5 }),
  isUnderWay: fc.boolean(),
});

function change(path: string, kind: string, lines: readonly string[]): void {
  const text = lines.length === 0 ? "" : toLines(lines);
  if (kind === "append") appendFileSync(path, text);
  else if (kind === "tear") appendFileSync(path, text.slice(0, -3));
  else if (kind === "rewrite") writeFileSync(path, text);
  else {
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  }
}

/** All that a source tells, whatever the order in which it was found. */
async function tellAll(source: ViewSource) {
  const {
    readings: _,
    progress: __,
    causes,
    fields,
    models,
    columns: choices,
    ...summary
  } = source.summary();
  const rowsOf = async (query: string) => {
    const filter = readFilter(new URLSearchParams(query));
    const read = () => source.readPage({ from: 0, count: 100, filter, columns });
    while (!(await read()).isComplete) await setImmediate();
    return read();
  };
  return {
    summary,
    causes: byText(causes.map(({ number: ___, ...cause }) => cause)),
    fields: byText(fields.map(({ values, ...field }) => ({ ...field, values: byText(values) }))),
    models: Object.entries(models).sort(),
    choices: [...choices].sort(),
    all: await rowsOf(""),
    usable: await rowsOf("outcome=usable"),
    lost: await rowsOf("outcome=missing&outcome=pending&outcome=failed"),
    rome: await rowsOf('value=parsed.city="Rome"'),
    found: await rowsOf("q=oslo"),
    details: await Promise.all(ids.map((id) => source.readDetail(id, readFilter(new URLSearchParams())))),
  };
}

function byText(values: readonly object[]): readonly object[] {
  return [...values].sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
}

test.each([true, false])(
  "a source that was read on equals one that is opened afresh (with a batch file: %s)",
  async (hasRequests) => {
    let readOn = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyLine, { maxLength: 4 }),
        fc.array(anyStep, { maxLength: 5 }),
        async (first, steps) => {
          const files = writeFolder(folder, { "r.jsonl": ids.map((id) => cityLine(id)), "o.jsonl": first });
          const [requests, output] = [join(files, "r.jsonl"), join(files, "o.jsonl")];
          let mayStillCome = true;
          const open = () =>
            ResultsSource.open({
              ...{ id: "1", mayStillCome, results: [output] },
              ...(hasRequests ? { requests } : {}),
            });
          const followed: FollowedFiles = {
            open,
            stamp: async () => `${toFileStamp(output)} ${mayStillCome}`,
            findGrowth: async (before, now) => {
              const bytes = findGrownBytes(before, now, 0);
              return bytes === undefined ? undefined : { bytes, mayStillCome, times: undefined };
            },
            readActivity: () => Promise.reject(new Error("Nobody asks for it.")),
          };
          const opened = new Set<ViewSource>();
          const source = await FollowedSource.open({
            ...followed,
            open: async () => {
              const each = await open();
              opened.add(each);
              return each;
            },
          });
          await source.whenRead;
          for (const { kind, lines, isUnderWay } of steps) {
            const [looks, before] = [source.summary().readings, opened.size];
            change(output, kind, lines);
            mayStillCome = isUnderWay;
            await source.lookAtFiles();
            if (source.summary().readings > looks && opened.size === before) readOn += 1;
            const fresh = await open();
            await fresh.whenRead;
            expect(await tellAll(source)).toEqual(await tellAll(fresh));
            await fresh.close();
          }
          await source.close();
        },
      ),
      { numRuns: 40 },
    );
    expect(readOn).toBeGreaterThan(10);
  },
);
