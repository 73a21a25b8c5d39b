import { fileURLToPath } from "node:url";
import { tableOf, templateOf } from "./inputs/tables.js";

/** Runs the command `build` in this process, from its start, on the table and the template that the runner wrote. */
export async function runBuild(file: string, input: string): Promise<void> {
  const main = new URL("dist/cli/main.js", import.meta.resolve("openbatch/package.json"));
  const options = ["--template", templateOf(file), "--output", file, "--overwrite"];
  process.argv = [process.execPath, fileURLToPath(main), "build", tableOf(file, input), ...options];
  await import(main.href);
  if (process.exitCode !== undefined && process.exitCode !== 0) throw new Error("openbatch build failed.");
}
