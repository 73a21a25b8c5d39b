import type { Command } from "commander";
import type { CommandIo } from "../frame/command.js";
import { ExitCode } from "../frame/exit-code.js";
import { openToLook, readAndWrite } from "./results-actions.js";
import { compareInputs } from "./results-compare.js";
import { addResultsOptions, assertResultsFlags, type ResultsFlags } from "./results-flags.js";
import { findInputs } from "./results-inputs.js";
import { showOne } from "./results-one.js";
import { printResults } from "./results-report.js";

export const define: (command: Command) => void = addResultsOptions;

export async function run(command: Command, io: CommandIo): Promise<ExitCode> {
  const flags = command.opts<ResultsFlags>();
  assertResultsFlags(flags);
  // Commander sees to it that the argument is there.
  const [file = "-", ...others] = command.args;
  const inputs = await findInputs(file, { ...flags, others });
  if (flags.id !== undefined) {
    await using results = await openToLook(inputs, io);
    return await showOne(results, inputs, { flags, io });
  }
  if (flags.compare !== undefined) return await compareInputs(inputs, { flags, io });
  const outcome = await readAndWrite(inputs, flags, io);
  printResults(outcome, { flags, io });
  const { usable, counts } = outcome.summary;
  return usable === counts.total && usable > 0 ? ExitCode.done : ExitCode.findings;
}
