import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { type Outcome, readArguments, skip, tell } from "./report.js";
import { generateRows } from "./rows.js";

/** Writes the rows with the Python package, and tells what it took; OPENBATCH_PYTHON names a Python that has it. */
export function writeWithPython(method: "create" | "parse"): void {
  const python = process.env.OPENBATCH_PYTHON;
  if (python === undefined) skip("OPENBATCH_PYTHON names no Python with openbatch 0.0.4");
  const { file, count } = readArguments();
  const rows = `${file}.rows`;
  writeFileSync(rows, [...generateRows(count)].map((row) => `${JSON.stringify(row)}\n`).join(""));
  // Tasks are run in the folder of the package.
  const script = path.join("bench", "peers", "write_with_package.py");
  const { status, stdout, stderr } = spawnSync(python, [script, method, rows, file], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${python} failed:\n${stderr}`);
  tell(JSON.parse(stdout) as Outcome);
}
