import type { Command } from "commander";
import type { ProfileName } from "../../index.js";
import { checkSetup } from "../../job.js";
import type { CommandIo } from "../frame/command.js";
import { ExitCode } from "../frame/exit-code.js";
import { toFlagWords } from "../frame/flag-words.js";
import { toJsonText } from "../frame/quoting.js";
import { sayOut } from "../frame/say.js";
import { addServerOptions, type ServerFlags, toNamedServer } from "../frame/server-flags.js";

interface DoctorFlags extends ServerFlags {
  /** What is no name of a service is refused with the nearest. */
  readonly provider?: ProfileName;
  readonly json?: true;
}

export function define(command: Command): void {
  addServerOptions(command)
    .option("--provider <name>", "the service (default: the base URL tells)")
    .option("--json", "print one JSON object instead of text")
    .addHelpText("after", help);
}

const help = `
Asks the service once for the latest of its batches, which changes nothing and costs nothing. No key is shown. A rehearsal
(openbatch run FILE --rehearse) needs none of this.

Exit codes: 0 a job could begin, 2 something is missing here, 3 the service does not answer, or refuses.

Examples:
  openbatch doctor --provider openai
  openbatch doctor --base-url https://llm.example.org/v1 --api-key-env MY_KEY`;

export async function run(command: Command, io: CommandIo): Promise<ExitCode> {
  const { provider, json, ...server } = command.opts<DoctorFlags>();
  const report = await checkSetup({
    ...toNamedServer(server),
    ...(provider === undefined ? {} : { provider }),
    signal: io.signal,
  });
  if (json) io.writeOut(`${toJsonText(report, 2)}\n`);
  else sayOut(io, `${toFlagWords(`${report}`)}\n`);
  const states = report.items.map(({ state }) => state);
  if (states.includes("missing")) return ExitCode.usage;
  return report.isReady ? ExitCode.done : ExitCode.stopped;
}
