import { once } from "node:events";
import type { Command } from "commander";
import { countOf, toPlainText } from "../../errors/index.js";
import { type BatchServer, type ServerEvent, serveBatchApi } from "../../serve.js";
import type { CommandIo } from "../frame/command.js";
import { ExitCode } from "../frame/exit-code.js";
import { toJsonText } from "../frame/quoting.js";
import { addServeOptions, type ServeFlags, toServerOptions } from "./serve-flags.js";

export const define: (command: Command) => void = addServeOptions;

export async function run(command: Command, io: CommandIo): Promise<ExitCode> {
  const flags = command.opts<ServeFlags>();
  io.signal.throwIfAborted();
  const server = await serveBatchApi({
    ...toServerOptions(flags),
    onEvent: (event) => {
      if (flags.json) writeJson({ ...event }, io);
      else if (flags.verbose || !isOrdinary(event)) io.writeError(`${toLogLine(event)}\n`);
    },
  });
  writeReady(server, flags, io);
  // Whoever wanted the port alone closes the log, as `| head -1` does.
  io.goOnWithoutReader();
  if (!io.signal.aborted) await once(io.signal, "abort");
  if (!flags.json) io.writeError("Stopping; Ctrl-C again ends at once.\n");
  await server.close();
  writeEnd(server, flags, io);
  return ExitCode.interrupted;
}

function writeReady(server: BatchServer, flags: ServeFlags, io: CommandIo): void {
  const { baseURL, pageLink, data, unfinishedBatches } = server;
  const isRehearsal = flags.rehearse === true;
  if (flags.json) {
    const fields = { base_url: baseURL, page: pageLink, data, rehearsal: isRehearsal };
    return writeJson({ kind: "ready", ...fields, unfinished_batches: unfinishedBatches }, io);
  }
  const key = flags.apiKeyEnv === undefined ? "any" : `"$${flags.apiKeyEnv}"`;
  io.writeOut(`Serving the Batch API at ${baseURL}${isRehearsal ? ", in rehearsal: answers are made up" : ""}
  Use it    OPENAI_BASE_URL=${baseURL} OPENAI_API_KEY=${key} your-program
  Page      ${pageLink}
  State     ${toPlainText(data)}${unfinishedBatches === 0 ? "" : `, with ${countBatches(unfinishedBatches)}`}
  Stop it   Ctrl-C; started again, it goes on with what is not done
`);
}

function writeEnd({ data, unfinishedBatches }: BatchServer, flags: ServeFlags, io: CommandIo): void {
  if (flags.json) return writeJson({ kind: "stopped", data, unfinished_batches: unfinishedBatches }, io);
  if (unfinishedBatches === 0) return io.writeError("Stopped.\n");
  const left = countBatches(unfinishedBatches);
  io.writeError(
    `Stopped, with ${left} in ${toPlainText(data)}: the same command goes on with what is there.\n`,
  );
}

function countBatches(count: number): string {
  return countOf(count, "unfinished batch", "unfinished batches");
}

function writeJson(fields: object, io: CommandIo): void {
  io.writeOut(`${toJsonText({ time: new Date().toISOString(), ...fields })}\n`);
}

/** A request that went well: clients ask for the state of a batch again and again. */
function isOrdinary(event: ServerEvent): boolean {
  return event.kind === "request" && event.status !== undefined && event.status < 400;
}

function toLogLine(event: ServerEvent): string {
  return `${new Date().toISOString().slice(11, 19)} ${toPlainText(toLogText(event))}`;
}

function toLogText(event: ServerEvent): string {
  switch (event.kind) {
    case "request":
      return `${event.method} ${event.path} ${event.status ?? "cut"} ${event.ms} ms`;
    case "ignored":
      return `${event.method} ${event.path}: ${event.message}`;
    case "batch":
      return `${event.id} is ${event.status}`;
    case "waiting":
      return `${event.id} waits for ${Math.ceil(event.waitMs / 1000)} s: ${event.message}`;
    case "trouble":
      return event.message;
    default:
      return event satisfies never;
  }
}
