import type { Command } from "commander";
import { listWorkersOf, type SeenWorker } from "../../cluster.js";
import { countOf, toPlainText } from "../../errors/index.js";
import type { CommandIo } from "../frame/command.js";
import { ExitCode } from "../frame/exit-code.js";
import { toJsonText } from "../frame/quoting.js";

interface WorkersFlags {
  readonly database: string;
  readonly json?: true;
}

export function define(command: Command): void {
  command
    .requiredOption("--database <url>", "the PostgreSQL of the workers: postgres://user@host:5432/name")
    .option("--json", "print one JSON object a line instead of text")
    .addHelpText("after", help);
}

const help = `
One that has said nothing for a minute is not listed.

Example:
  openbatch workers --database postgres://localhost/openbatch`;

export async function run(command: Command, io: CommandIo): Promise<ExitCode> {
  const { database, json } = command.opts<WorkersFlags>();
  const workers = await listWorkersOf({ database });
  for (const worker of workers) io.writeOut(`${json ? toJson(worker) : toLine(worker)}\n`);
  if (!json && workers.length === 0) io.writeOut("There is no worker.\n");
  return ExitCode.done;
}

function toJson({ startedAt, silentSeconds, ...same }: SeenWorker): string {
  return toJsonText({ ...same, started_at: startedAt, silent_seconds: silentSeconds });
}

function toLine({ name, target, startedAt, silentSeconds, ranges, completed, failed }: SeenWorker): string {
  const since = new Date(startedAt * 1000).toISOString().slice(0, 19).replace("T", " ");
  const seconds = Math.max(1, Date.now() / 1000 - startedAt);
  const rate = ((completed + failed) / seconds).toFixed(1);
  const silence = silentSeconds > 10 ? `, silent for ${silentSeconds} s` : "";
  return `${toPlainText(name)}  ${toPlainText(target)}  since ${since}  ${countOf(ranges, "range")}  ${completed} completed, ${failed} failed, ${rate}/s${silence}`;
}
