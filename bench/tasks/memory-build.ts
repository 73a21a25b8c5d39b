// Runs the command `build` in this process, on the table and the template that the runner wrote.
import { fileURLToPath } from "node:url";
import { readArguments, tellPeak } from "../report.js";

const { file } = readArguments();
const main = new URL("dist/cli/main.js", import.meta.resolve("openbatch/package.json"));
const options = ["--template", `${file}.yaml`, "--input", `${file}.csv`, "--output", file, "--overwrite"];
process.argv = [process.execPath, fileURLToPath(main), "build", ...options];
await import(main.href);
tellPeak();
