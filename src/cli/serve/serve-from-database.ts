import { existsSync } from "node:fs";
import { type ClusterServer, type ClusterServerOptions, serveCluster } from "../../cluster.js";
import type { CommandIo } from "../frame/command.js";
import type { ExitCode } from "../frame/exit-code.js";
import { wrongUsage } from "../frame/wrong-usage.js";
import { readCallerKeys } from "./read-caller-keys.js";
import { type ServeFlags, toServerOptions } from "./serve-flags.js";
import { createServerLog, logStep, writeJsonLine } from "./server-log.js";
import { untilStopped } from "./until-stopped.js";
import { oneServerFlags, toUpstreams } from "./work-flags.js";

/** What is said of answering, which only workers do. */
const workFlags = [
  ...oneServerFlags,
  ["upstreams", "--upstreams"],
  ["fault", "--fault"],
  ["maxBatchRequests", "--max-batch-requests"],
  ["maxBatchBytes", "--max-batch-bytes"],
] as const;

/** Serves what is in a database, as one of any number of servers. */
export async function serveFromDatabase(flags: ServeFlags, io: CommandIo): Promise<ExitCode> {
  const options = { ...(await toOptions(flags)), onEvent: createServerLog(flags, io) };
  const server = await serveCluster(options);
  writeReady(server, flags, io);
  return untilStopped(server, flags, io);
}

async function toOptions(flags: ServeFlags): Promise<ClusterServerOptions> {
  const { database, storage, host, port, metrics, work, apiKeyEnv, maxUploadBytes } = flags;
  if (database === undefined || storage === undefined) {
    throw wrongUsage(
      "--database and --storage are given together, or neither.",
      "Add the one that is missing.",
    );
  }
  if (flags.data !== undefined) {
    throw wrongUsage(
      "--data is not for a server with --database.",
      "Leave it out: all is in the database and the storage.",
    );
  }
  const [, own] = workFlags.find(([name]) => flags[name] !== undefined) ?? [];
  const given = own ?? (flags.checkRequests ? undefined : "--no-check-requests");
  if (given !== undefined && !work) {
    const hint = "Give it to openbatch worker, or add --work: then the server is a worker too.";
    throw wrongUsage(`${given} is not for a server with --database.`, hint);
  }
  return {
    ...(await toWorkOptions(flags)),
    ...{ database, storage },
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
    ...(metrics === undefined ? {} : { metrics }),
    ...(work === undefined ? {} : { work }),
    ...(maxUploadBytes === undefined ? {} : { maxUploadBytes }),
    ...(apiKeyEnv === undefined ? {} : { keys: readCallerKeys(apiKeyEnv) }),
  };
}

const notImported =
  "The folder openbatch-data is of a server without a database: nothing of it is imported.\n";

function writeReady(
  { baseURL, pageLink, metricsURL }: ClusterServer,
  flags: ServeFlags,
  io: CommandIo,
): void {
  const step = { kind: "ready", role: "server", base_url: baseURL, metrics: metricsURL } as const;
  logStep(step, { flags, io });
  // Standard error holds JSON alone where that was asked for.
  if (flags.log !== "json" && existsSync("openbatch-data")) io.writeError(notImported);
  if (flags.json) {
    const fields = { base_url: baseURL, page: pageLink, metrics: metricsURL };
    return writeJsonLine({ kind: "ready", ...fields }, io);
  }
  const key = flags.apiKeyEnv === undefined ? "any" : "KEY";
  io.writeOut(`Serving the Batch API at ${baseURL}, from a database
  Use it    OPENAI_BASE_URL=${baseURL} OPENAI_API_KEY=${key} your-program
  Page      ${pageLink}
  Work      is done by ${flags.work ? "this server too, and by others" : "workers"}: openbatch worker --database URL --storage PLACE --upstream URL${flags.metrics === undefined ? "" : `\n  Metrics   ${metricsURL}`}
  Stop it   Ctrl-C; any other server goes on
`);
}

/** Who answers, as a server on one machine is told, or a worker. */
async function toWorkOptions(flags: ServeFlags) {
  if (!flags.work) return {};
  const { apiKeyEnv: _, maxBatchRequests, maxBatchBytes, ...same } = flags;
  const upstreams = await toUpstreams(flags);
  const { apiKey: __, data: ___, signal: ____, ...options } = toServerOptions(same);
  return {
    ...{ ...options, ...upstreams },
    ...(maxBatchRequests === undefined ? {} : { maxBatchRequests }),
    ...(maxBatchBytes === undefined ? {} : { maxBatchBytes }),
  };
}
