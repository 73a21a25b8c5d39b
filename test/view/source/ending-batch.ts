import { renameSync } from "node:fs";
import { join } from "node:path";
import type { LiveFiles } from "../../../src/view/index.js";
import { chatAnswerLine, chatLines } from "../../lines.js";
import { writeFolder } from "../../temporary-folder.js";

/** A batch that has its results, and ends: from then on its requests are another file. */
export function startEndingBatch(folder: string) {
  const files = writeFolder(folder, {
    "running.jsonl": chatLines(2),
    "results.jsonl": [chatAnswerLine("request-0", "Yes"), chatAnswerLine("request-1", "No")],
  });
  const [running, ended] = [join(files, "running.jsonl"), join(files, "ended.jsonl")];
  let requests = running;
  const show = (): LiveFiles => ({
    name: "batch.jsonl",
    isRehearsal: false,
    requests: { path: requests, name: "batch.jsonl" },
    results: [{ path: join(files, "results.jsonl"), name: "output" }],
    mayStillCome: requests === running,
  });
  const end = (): void => {
    renameSync(running, ended);
    requests = ended;
  };
  return { running, show, end };
}
