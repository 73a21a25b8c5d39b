import type { Command } from "commander";
import { OpenbatchError, quoteArgument, toPlainText } from "../../errors/index.js";
import { executeBatchFile, RunStoppedError, type RunSummary } from "../../execute.js";
import { assertNoTable } from "../frame/assert-no-table.js";
import type { CommandIo } from "../frame/command.js";
import { ExitCode } from "../frame/exit-code.js";
import { toFlagWords } from "../frame/flag-words.js";
import { toJsonText } from "../frame/quoting.js";
import { reportError, toErrorFields } from "../frame/report-error.js";
import { sayError, sayOut } from "../frame/say.js";
import { addRunOptions, headerValue, type RunFlags, toCommandText, toExecuteOptions } from "./run-flags.js";
import { RunProgress } from "./run-progress.js";
import { isMendedByCommand, toRunExit } from "./run-stop.js";
import { findRunWarnings, toNameWarnings } from "./run-warnings.js";

export const define: (command: Command) => void = addRunOptions;

export async function run(command: Command, io: CommandIo): Promise<ExitCode> {
  const flags = command.opts<RunFlags>();
  // Commander sees to it that the argument is there.
  const [file = ""] = command.args;
  const options = toExecuteOptions(flags);
  assertNoTable(file);
  writeWarnings(toNameWarnings(file, flags), io);
  const progress = new RunProgress(io, file);
  try {
    const { onProgress, onEvent } = progress;
    const summary = await executeBatchFile(file, { ...options, signal: io.signal, onProgress, onEvent });
    progress.finish();
    await printSummary(summary, { command, flags, io });
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

async function printSummary(summary: RunSummary, { command, flags, io }: PrintOptions): Promise<void> {
  const next = listNext(summary, command);
  const late = await findRunWarnings(summary, flags);
  writeWarnings(late, io);
  const warnings = [...summary.warnings, ...late];
  if (flags.json) return io.writeOut(`${toJsonText({ ...summary, warnings, next }, 2)}\n`);
  sayOut(io, `${toFlagWords(`${summary}`)}\n`);
  for (const line of next) sayOut(io, `Next: ${line}\n`);
  if (next.length > 1 && flags.header !== undefined) io.writeOut(`      ${toHeaderNote(flags)}\n`);
}

function writeWarnings(warnings: readonly string[], io: CommandIo): void {
  for (const warning of warnings) sayError(io, `warning: ${toPlainText(warning)}\n`);
}

/** What to do with the results. */
function listNext({ batchFile, output, failed, isRehearsal }: RunSummary, command: Command): string[] {
  const isDefault = command.getOptionValueSource("output") !== "cli" && !isRehearsal;
  const results = isDefault ? "" : ` --results ${quoteArgument(output)}`;
  const read = `openbatch results ${quoteArgument(batchFile)}${results}`;
  if (failed === 0) return [read];
  return [`${read} --failed`, `${toCommandText(command, { withFaults: false })} --retry-failed`];
}

function printStop(error: RunStoppedError, { command, flags, io }: PrintOptions): ExitCode {
  const { code, message, hint, summary } = error;
  const next = isMendedByCommand(error)
    ? []
    : [toCommandText(command, { withFaults: code === "interrupted" })];
  const notes = next.length > 0 && flags.header !== undefined ? [toHeaderNote(flags)] : [];
  const stop = new OpenbatchError(code, message, {
    hint: [hint, ...next, ...notes].join("\n      "),
    cause: error,
  });
  if (flags.json) {
    const fields = { ...summary, next, error: toErrorFields(error) };
    io.writeOut(`${toJsonText(fields, 2)}\n`);
  } else sayOut(io, `${toFlagWords(`${summary}`)}\n`);
  reportError(stop, io, { json: false });
  return toRunExit(error);
}

/** Values of headers are not shown: whoever runs the command again puts them in. */
function toHeaderNote({ header = [] }: RunFlags): string {
  const whose = header.length === 1 ? "the header's own value" : "each header's own value";
  return `(with ${whose} in the place of ${headerValue})`;
}
