import { writeRows } from "openbatch";
import { readArguments, timeTask } from "../report.js";
import { generateRows } from "../rows.js";

const { file, count } = readArguments();

await timeTask(() => writeRows(`${file}.xlsx`, generateRows(count), { overwrite: true }));
