// From the moment at which the server has all answers to the last line of the results.
import { submitBatchFile } from "openbatch/job";
import { readArguments, timeFrom } from "../report.js";
import { watchBatch } from "../watch-batch.js";

const { file, count, baseURL } = readArguments();
const ended = watchBatch(baseURL).then(() => timeFrom());
const { succeeded } = await submitBatchFile(file, { baseURL });
if (succeeded !== count) throw new Error(`Of ${count} requests ${succeeded} succeeded.`);
(await ended)();
