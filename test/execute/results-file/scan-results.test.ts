import { appendFileSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { BatchFile } from "../../../src/batch-file/index.js";
import { type ResultsScan, scanResults } from "../../../src/execute/index.js";
import { chatLines, toLines } from "../../lines.js";
import { fileWriter } from "../../temporary-folder.js";

const write = fileWriter();

function line(custom_id: string, status_code: number, model = "gpt-4o-mini"): string {
  const body = status_code === 200 ? { model, choices: [] } : { error: { message: "no", code: "no" } };
  return JSON.stringify({ id: "batch_req_1", custom_id, response: { status_code, body }, error: null });
}

function toFacts({ done, failed, passing, unexecuted, services, output, ...counts }: ResultsScan) {
  const lines = Array.from({ length: 12 }, (_, index) => index + 1);
  return {
    ...counts,
    ...{ done: lines.filter((at) => done.has(at)), failed: lines.map((at) => failed.get(at)) },
    passing: lines.filter((at) => passing.has(at)),
    unexecuted: lines.filter((at) => unexecuted.has(at)),
    ...{ wholeBytes: output.wholeBytes, tail: output.tail },
  };
}

test("a scan that goes on with an earlier one finds what a scan of the whole finds, whatever became of the file", async () => {
  const batchFile = await BatchFile.open(write(chatLines(10)));
  const ids = readFileSync(batchFile.path, "utf8")
    .trimEnd()
    .split("\n")
    .map((text): string => JSON.parse(text).custom_id);
  const output = write("", ".results.jsonl");
  const steps = [
    () => writeFileSync(output, toLines([line(ids[0] ?? "", 200), line(ids[1] ?? "", 429)])),
    () => undefined,
    () => appendFileSync(output, toLines([line(ids[1] ?? "", 200), line(ids[2] ?? "", 400), "broken"])),
    // The beginning of a line, and then its end.
    () => appendFileSync(output, line(ids[3] ?? "", 200).slice(0, 40)),
    () => appendFileSync(output, `${line(ids[3] ?? "", 200).slice(40)}\n`),
    () => appendFileSync(output, line("stranger", 200)),
    () => appendFileSync(output, "\n"),
    // Another file in its place, which is longer.
    () => {
      const all = ids.map((id) => line(id, id === ids[9] ? 500 : 200, "rehearsal-gpt-4o-mini"));
      const other = write(all);
      renameSync(other, output);
    },
    // The same file, cut.
    () => writeFileSync(output, toLines([line(ids[5] ?? "", 200)])),
  ];
  let since: ResultsScan | undefined;
  for (const step of steps) {
    step();
    since = await scanResults({ output }, batchFile, { since });
    expect(toFacts(since)).toEqual(toFacts(await scanResults({ output }, batchFile)));
  }
  batchFile.close();
});
