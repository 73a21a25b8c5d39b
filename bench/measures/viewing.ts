import type { MeasureGroup } from "../measure.js";
import { kilobyte, memoryRows } from "./sizes.js";

export const viewing: MeasureGroup = {
  title: "Looking at results in a browser",
  measures: [
    {
      kind: "time",
      name: "view-first-row",
      title: "`serveView` of 1,000,000 results until the first rows are there",
      task: "tasks/view-first-row",
      rows: memoryRows,
      input: "results",
      times: 1,
      underMilliseconds: 1000,
    },
    {
      kind: "time",
      name: "view-pages",
      title: "a page of 100 of 1,000,000 rows",
      task: "tasks/view-pages",
      rows: memoryRows,
      input: "results",
      times: 100,
      underMilliseconds: 20,
    },
    {
      kind: "time",
      name: "view-search",
      title: "a text that stands in one of 1,000,000 rows",
      task: "tasks/view-search",
      rows: memoryRows,
      input: "results",
      times: 1,
      underMilliseconds: 1000,
    },
    {
      kind: "size",
      name: "view-size",
      title: "script and style of the page, compressed",
      files: ["dist/page/page.js", "dist/page/page.css"],
      underBytes: 60 * kilobyte,
    },
  ],
};
