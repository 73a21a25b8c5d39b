import type { MeasureGroup } from "../measure.js";
import { usualRows } from "./sizes.js";

export const writing: MeasureGroup = {
  title: "Writing requests",
  measures: [
    {
      kind: "rate",
      name: "create",
      title: "`create`, written through, beside `writeSync` of each line",
      task: "tasks/create",
      peer: "peers/write-each-line",
      rows: usualRows,
      sameBytes: true,
      atLeast: 0.8,
    },
    {
      kind: "rate",
      name: "create-buffered",
      title: "`create`, buffered, beside `JSON.stringify` of the same lines",
      task: "tasks/create-buffered",
      peer: "peers/write-gathered-lines",
      rows: usualRows,
      sameBytes: true,
      atLeast: 0.85,
    },
    {
      kind: "rate",
      name: "create-many",
      title: "`createMany` beside the same",
      task: "tasks/create-many",
      peer: "peers/write-gathered-lines",
      rows: usualRows,
      sameBytes: true,
      atLeast: 0.9,
    },
    {
      kind: "rate",
      name: "parse",
      title: "`parse` beside `JSON.stringify` of the same lines with the format rendered once",
      task: "tasks/parse",
      peer: "peers/write-formatted",
      rows: 3 * usualRows,
      sameBytes: true,
      atLeast: 1,
    },
    {
      kind: "rate",
      name: "templates",
      title: "`addTemplatedInstances` beside a constant text and `JSON.stringify` of what varies",
      task: "tasks/add-templated-instances",
      peer: "peers/write-prompts",
      rows: usualRows,
      sameBytes: true,
      atLeast: 1,
    },
  ],
};
