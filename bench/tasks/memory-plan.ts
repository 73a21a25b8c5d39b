import { planBatchFile } from "openbatch/plan";
import { readArguments, tellPeak } from "../report.js";

const { file } = readArguments();
await planBatchFile(file, { provider: "openai" });
tellPeak();
