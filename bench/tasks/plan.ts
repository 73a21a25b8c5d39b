import { planBatchFile } from "openbatch/plan";
import { readArguments, timeTask } from "../report.js";

const { file } = readArguments();

await timeTask(() => planBatchFile(file, { provider: "openai", countTokens: false }));
