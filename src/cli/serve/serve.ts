import { once } from "node:events";
import type { Command } from "commander";
import { countOf, toPlainText } from "../../errors/index.js";
import { type BatchServer, serveBatchApi } from "../../serve.js";
import type { CommandIo } from "../frame/command.js";
import { ExitCode } from "../frame/exit-code.js";
import { sayOut } from "../frame/say.js";
import { wrongUsage } from "../frame/wrong-usage.js";
import { addServeOptions, type ServeFlags, toServerOptions } from "./serve-flags.js";
import { createServerLog, logStep, stopping, writeJsonLine } from "./server-log.js";

export const define: (command: Command) => void = addServeOptions;

/** What only a server on a database takes. */
const ofMany = [
  ["work", "--work"],
  ["upstreams", "--upstreams"],
  ["maxBatchRequests", "--max-batch-requests"],
  ["maxBatchBytes", "--max-batch-bytes"],
] as const;

export async function run(command: Command, io: CommandIo): Promise<ExitCode> {
  const flags = command.opts<ServeFlags>();
  io.signal.throwIfAborted();
  if (flags.database !== undefined || flags.storage !== undefined) {
    const { serveFromDatabase } = await import("./serve-from-database.js");
    return serveFromDatabase(flags, io);
  }
  const shared = ofMany.find(([name]) => flags[name] !== undefined);
  if (shared !== undefined) {
    throw wrongUsage(`${shared[1]} needs --database and --storage.`, "Add them, or leave it out.");
  }
  const server = await serveBatchApi({ ...toServerOptions(flags), onEvent: createServerLog(flags, io) });
  writeReady(server, flags, io);
  // Whoever wanted the port alone closes the log, as `| head -1` does.
  io.goOnWithoutReader();
  if (!io.signal.aborted) await once(io.signal, "abort");
  logStep({ kind: "draining" }, { flags, io, text: stopping });
  await server.close();
  writeEnd(server, flags, io);
  return ExitCode.interrupted;
}

function writeReady(server: BatchServer, flags: ServeFlags, io: CommandIo): void {
  const { baseURL, pageLink, metricsURL, data, unfinishedBatches } = server;
  const isRehearsal = flags.rehearse === true;
  logStep({ kind: "ready", role: "server", base_url: baseURL, metrics: metricsURL }, { flags, io });
  if (flags.json) {
    const fields = {
      ...{ base_url: baseURL, page: pageLink, metrics: metricsURL },
      ...{ data, rehearsal: isRehearsal },
    };
    return writeJsonLine({ kind: "ready", ...fields, unfinished_batches: unfinishedBatches }, io);
  }
  const key = flags.apiKeyEnv === undefined ? "any" : `"$${flags.apiKeyEnv}"`;
  sayOut(
    io,
    `Serving the Batch API at ${baseURL}${isRehearsal ? ", in rehearsal: answers are made up" : ""}
  Use it    OPENAI_BASE_URL=${baseURL} OPENAI_API_KEY=${key} your-program
  Page      ${pageLink}${flags.metrics === undefined ? "" : `\n  Metrics   ${metricsURL}`}
  State     ${toPlainText(data)}${unfinishedBatches === 0 ? "" : `, with ${countBatches(unfinishedBatches)}`}
  Stop it   Ctrl-C; started again, it goes on with what is not done
`,
  );
}

function writeEnd({ data, unfinishedBatches }: BatchServer, flags: ServeFlags, io: CommandIo): void {
  if (flags.json) writeJsonLine({ kind: "stopped", data, unfinished_batches: unfinishedBatches }, io);
  const left = `, with ${countBatches(unfinishedBatches)} in ${toPlainText(data)}: the same command goes on with what is there`;
  logStep({ kind: "stopped" }, { flags, io, text: `Stopped${unfinishedBatches === 0 ? "" : left}.\n` });
}

function countBatches(count: number): string {
  return countOf(count, "unfinished batch", "unfinished batches");
}
