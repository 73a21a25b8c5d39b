import { toPlainText } from "../../errors/index.js";
import type { ServerEvent } from "../../serve.js";
import type { CommandIo } from "../frame/command.js";
import { toJsonText } from "../frame/quoting.js";

/** What a server tells while it runs, to people or to programs. */
export interface LogFlags {
  readonly json?: true;
  readonly verbose?: true;
}

/** Writes one object a line, with the time. */
export function writeJsonLine(fields: object, io: CommandIo): void {
  io.writeOut(`${toJsonText({ time: new Date().toISOString(), ...fields })}\n`);
}

/** Makes what writes the events of a server. */
export function createServerLog({ json, verbose }: LogFlags, io: CommandIo): (event: ServerEvent) => void {
  return (event) => {
    if (json) writeJsonLine({ ...event }, io);
    else if (verbose || !isOrdinary(event)) io.writeError(`${toLogLine(event)}\n`);
  };
}

/** A request that went well, for clients ask for the state of a batch again and again; and what becomes of its ranges. */
function isOrdinary(event: ServerEvent): boolean {
  if (event.kind === "range") return event.state !== "lost";
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
    case "range":
      return `${event.id}: range ${event.range} is ${event.state}`;
    case "pause":
      return `Nothing is sent for ${Math.ceil(event.waitMs / 1000)} s: ${event.message}`;
    case "waiting":
      return `${event.id} waits for ${Math.ceil(event.waitMs / 1000)} s: ${event.message}`;
    case "trouble":
      return event.message;
    default:
      return event satisfies never;
  }
}
