import type { MeasureGroup } from "../measure.js";
import { usualRows } from "./sizes.js";

/** 200 MB in all. */
const imageRows = 100;

export const checking: MeasureGroup = {
  title: "Checking and planning",
  measures: [
    {
      kind: "rate",
      name: "validate",
      title: "`validateBatchFile`, one core, beside `JSON.parse` of each line",
      task: "tasks/validate",
      peer: "peers/parse-each-line",
      rows: usualRows,
      input: "requests",
      atLeast: 1,
    },
    {
      kind: "rate",
      name: "validate-workers",
      title: "`validateBatchFile` with worker threads, 348 MB, beside the same",
      task: "tasks/validate-with-workers",
      peer: "peers/parse-each-line",
      rows: 4 * usualRows,
      input: "requests",
      atLeast: 0.9,
      clock: "wall",
    },
    {
      kind: "rate",
      name: "validate-images",
      title: "`validateBatchFile` of 100 requests with an image of 2 MB beside `JSON.parse` of each line",
      task: "tasks/validate",
      peer: "peers/parse-each-line",
      rows: imageRows,
      input: "images",
    },
    {
      kind: "rate",
      name: "validate-gzip",
      title: "`validateBatchFile` of a compressed file beside `createGunzip` and `JSON.parse` of each line",
      task: "tasks/validate",
      peer: "peers/parse-gzipped-lines",
      rows: usualRows,
      input: "gzipped-requests",
    },
    {
      kind: "rate",
      name: "plan",
      title: "`planBatchFile` without tokens, beside `JSON.parse` of each line",
      task: "tasks/plan",
      peer: "peers/parse-each-line",
      rows: usualRows,
      input: "requests",
      atLeast: 0.7,
    },
    {
      kind: "rate",
      name: "plan-tokens",
      title: "the same with all tokens, beside gpt-tokenizer in one thread",
      task: "tasks/plan-tokens",
      peer: "peers/count-tokens",
      rows: 50_000,
      input: "varied-requests",
      clock: "wall",
      atLeast: 1.2,
    },
  ],
};
