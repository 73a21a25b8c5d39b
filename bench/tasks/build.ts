// Runs the command `build` in this process, on the table and the template that the runner wrote.
import { readArguments, timeTask } from "../report.js";
import { runBuild } from "../run-build.js";

const { file, input } = readArguments();

await timeTask(() => runBuild(file, input));
