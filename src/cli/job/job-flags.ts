import type { Command } from "commander";
import type { ProfileName } from "../../index.js";
import type { JobServerOptions } from "../../job.js";
import { addModelOptions, type ModelFlags, toModelOptions } from "../frame/model-flags.js";
import { addServerOptions, type ServerFlags, toNamedServer } from "../frame/server-flags.js";

/** Which job: where its service is, and which results it fills. */
export interface JobFlags extends ServerFlags, ModelFlags {
  /** What is no name of a service is refused with the nearest. */
  readonly provider?: ProfileName;
  readonly output?: string;
  readonly json?: true;
}

export function addJobOptions(command: Command, argument = "<file>"): Command {
  const server = addServerOptions(command.argument(argument, "the batch file"));
  return addModelOptions(server.option("--provider <name>", "the service (default: the base URL tells)"))
    .option("-o, --output <file>", "the results file (default: requests.jsonl → requests.results.jsonl)")
    .option("--json", "print one JSON object instead of text");
}

export function toJobServerOptions(flags: JobFlags): JobServerOptions {
  const { provider, output } = flags;
  return {
    ...{ ...toNamedServer(flags), ...toModelOptions(flags) },
    ...(provider === undefined ? {} : { provider }),
    ...(output === undefined ? {} : { output }),
  };
}
