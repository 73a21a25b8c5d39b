import type { Command } from "commander";
import { OpenbatchError } from "../errors/index.js";
import { executeBatchFile, RunStoppedError, type RunSummary } from "../execute.js";
import type { CommandIo } from "./command.js";
import { ExitCode } from "./exit-code.js";
import { quoteArgument } from "./quote-argument.js";
import { reportError } from "./report-error.js";
import { addRunOptions, type RunFlags, toCommandText, toExecuteOptions } from "./run-flags.js";
import { RunProgress } from "./run-progress.js";

export const define: (command: Command) => void = addRunOptions;

export async function run(command: Command, io: CommandIo): Promise<ExitCode> {
  const flags = command.opts<RunFlags>();
  // Commander sees to it that the argument is there.
  const [file = ""] = command.args;
  const options = toExecuteOptions(flags);
  const progress = new RunProgress(io, file);
  try {
    const { onProgress, onEvent } = progress;
    const summary = await executeBatchFile(file, { ...options, signal: io.signal, onProgress, onEvent });
    progress.finish();
    printSummary(summary, { command, flags, io });
    return summary.failed > 0 ? ExitCode.findings : ExitCode.done;
  } catch (error) {
    progress.finish(error instanceof RunStoppedError ? error.cause : undefined);
    if (!(error instanceof RunStoppedError)) throw error;
    return printStop(error, { command, flags, io });
  }
}

interface PrintOptions {
  readonly command: Command;
  readonly flags: RunFlags;
  readonly io: CommandIo;
}

function printSummary(summary: RunSummary, { command, flags, io }: PrintOptions): void {
  const next = listNext(summary, command);
  if (flags.json) return io.writeOut(`${JSON.stringify({ ...summary, next }, null, 2)}\n`);
  io.writeOut(`${summary}\n`);
  for (const line of next) io.writeOut(`Next: ${line}\n`);
}

/** What to do with the results. */
function listNext({ batchFile, output, failed, isRehearsal }: RunSummary, command: Command): string[] {
  const isDefault = command.getOptionValueSource("output") !== "cli" && !isRehearsal;
  const results = isDefault ? "" : ` --results ${quoteArgument(output)}`;
  const read = `openbatch results ${quoteArgument(batchFile)}${results}`;
  return failed > 0 ? [`${read} --failed`, `${toCommandText(command)} --retry-failed`] : [read];
}

function printStop(error: RunStoppedError, { command, flags, io }: PrintOptions): ExitCode {
  const { code, message, hint, summary } = error;
  const next = toCommandText(command);
  const stop = new OpenbatchError(code, message, { hint: `${hint}\n      ${next}`, cause: error });
  if (flags.json) {
    const fields = { ...summary, next: [next], error: { code, message, hint } };
    io.writeOut(`${JSON.stringify(fields, null, 2)}\n`);
  } else io.writeOut(`${summary}\n`);
  reportError(stop, io, { json: false });
  return code === "interrupted" ? ExitCode.interrupted : ExitCode.stopped;
}
