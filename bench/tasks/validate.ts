import { validateBatchFile } from "openbatch";
import { readArguments, timeTask } from "../report.js";

const { file } = readArguments();

await timeTask(() => validateBatchFile(file, { target: "openbatch", workers: 0 }));
