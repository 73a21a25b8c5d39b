import { executeBatchFile } from "openbatch/execute";
import { readArguments, tellPeak } from "../report.js";

const { file, count, baseURL, concurrency } = readArguments();
const { succeeded } = await executeBatchFile(file, { baseURL, concurrency });
if (succeeded !== count) throw new Error(`Of ${count} requests ${succeeded} succeeded.`);
tellPeak();
