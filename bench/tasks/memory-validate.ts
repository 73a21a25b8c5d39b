import { validateBatchFile } from "openbatch";
import { readArguments, tellPeak } from "../report.js";

await validateBatchFile(readArguments().file, { target: "openbatch" });
tellPeak();
