import { submitBatchFile } from "openbatch/job";
import { readArguments, tellPeak } from "../report.js";

const { file, count, baseURL } = readArguments();
const { succeeded } = await submitBatchFile(file, { baseURL });
if (succeeded !== count) throw new Error(`Of ${count} requests ${succeeded} succeeded.`);
tellPeak();
