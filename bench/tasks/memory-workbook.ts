import { readRows, writeRows } from "openbatch";
import { readArguments, tellPeak } from "../report.js";
import { generateRows } from "../rows.js";

const { file, count } = readArguments();
const table = `${file}.xlsx`;
await writeRows(table, generateRows(count), { overwrite: true });
let rows = 0;
for await (const { number } of readRows(table)) rows = number;
if (rows !== count) throw new Error(`Of ${count} rows ${rows} were read.`);
tellPeak();
