import { readArguments, tellPeak } from "../report.js";
import { runBuild } from "../run-build.js";

const { file, input } = readArguments();
await runBuild(file, input);
tellPeak();
