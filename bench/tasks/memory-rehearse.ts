import { executeBatchFile } from "openbatch/execute";
import { readArguments, tellPeak } from "../report.js";

const { file } = readArguments();

await executeBatchFile(file, { rehearse: true });
tellPeak();
