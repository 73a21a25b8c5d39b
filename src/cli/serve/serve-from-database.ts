import { once } from "node:events";
import { existsSync } from "node:fs";
import { type ClusterServerOptions, serveCluster } from "../../cluster.js";
import type { CommandIo } from "../frame/command.js";
import { ExitCode } from "../frame/exit-code.js";
import { wrongUsage } from "../frame/wrong-usage.js";
import { readCallerKeys } from "./read-caller-keys.js";
import type { ServeFlags } from "./serve-flags.js";
import { createServerLog, writeJsonLine } from "./server-log.js";

/** What belongs to a server that keeps its state itself, or answers itself. */
const ownFlags = [
  ["data", "--data"],
  ["upstream", "--upstream"],
  ["upstreamKeyEnv", "--upstream-key-env"],
  ["rehearse", "--rehearse"],
  ["model", "--model"],
  ["models", "--models"],
  ["concurrency", "--concurrency"],
  ["requestsPerMinute", "--requests-per-minute"],
  ["tokensPerMinute", "--tokens-per-minute"],
] as const;

/** Serves what is in a database, as one of any number of servers. */
export async function serveFromDatabase(flags: ServeFlags, io: CommandIo): Promise<ExitCode> {
  const server = await serveCluster({ ...toOptions(flags), onEvent: createServerLog(flags, io) });
  writeReady(server.baseURL, flags, io);
  io.goOnWithoutReader();
  if (!io.signal.aborted) await once(io.signal, "abort");
  if (!flags.json) io.writeError("Stopping; Ctrl-C again ends at once.\n");
  await server.close();
  if (flags.json) writeJsonLine({ kind: "stopped" }, io);
  else io.writeError("Stopped.\n");
  return ExitCode.interrupted;
}

function toOptions(flags: ServeFlags): ClusterServerOptions {
  const { database, storage, host, port, apiKeyEnv } = flags;
  if (database === undefined || storage === undefined) {
    throw wrongUsage(
      "--database and --storage are given together, or neither.",
      "Add the one that is missing.",
    );
  }
  const own = ownFlags.find(([name]) => flags[name] !== undefined);
  if (own !== undefined) {
    throw wrongUsage(
      `${own[1]} is not for a server with --database.`,
      "Give it to openbatch worker, or leave it out.",
    );
  }
  return {
    ...{ database, storage },
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
    ...(apiKeyEnv === undefined ? {} : { keys: readCallerKeys(apiKeyEnv) }),
  };
}

function writeReady(baseURL: string, flags: ServeFlags, io: CommandIo): void {
  if (flags.json) return writeJsonLine({ kind: "ready", base_url: baseURL }, io);
  const key = flags.apiKeyEnv === undefined ? "any" : "KEY";
  io.writeOut(`Serving the Batch API at ${baseURL}, from a database
  Use it    OPENAI_BASE_URL=${baseURL} OPENAI_API_KEY=${key} your-program
  Work      is done by workers: openbatch worker --database URL --storage DIR --upstream URL
  Stop it   Ctrl-C; any other server goes on
`);
  if (existsSync("openbatch-data")) {
    io.writeError(
      "The folder openbatch-data is of a server without a database: nothing of it is imported.\n",
    );
  }
}
