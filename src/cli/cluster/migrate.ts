import type { Command } from "commander";
import { migrate } from "../../cluster.js";
import type { CommandIo } from "../frame/command.js";
import { ExitCode } from "../frame/exit-code.js";

export function define(command: Command): void {
  command
    .requiredOption("--database <url>", "the PostgreSQL: postgres://user@host:5432/name")
    .addHelpText("after", help);
}

const help = `
Makes the tables that openbatch serve --database and openbatch worker need, in the schemas openbatch and openbatch_queue, or
brings those of an older version to this one. Called again it changes nothing. It needs Node 22.12 or newer.

Exit codes: 2 it cannot be done, 3 the database is away.

Example:
  openbatch migrate --database postgres://localhost/openbatch`;

const older = "Stop servers and workers of an older openbatch, which do not know these tables.\n";

export async function run(command: Command, io: CommandIo): Promise<ExitCode> {
  const { from, to } = await migrate(command.opts<{ database: string }>());
  io.writeOut(
    from === to ? `The tables are of schema ${to} already.\n` : `The tables are of schema ${to} now.\n`,
  );
  if (from > 0 && from < to) io.writeOut(older);
  return ExitCode.done;
}
