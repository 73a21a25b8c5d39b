import { type Command, Option } from "commander";
import { formatCount, toPlainText } from "../../errors/index.js";
import type { BatchEvent, LogLevel, ServerEvent, ServerLogLine, ServerStep } from "../../serve.js";
import type { CommandIo } from "../frame/command.js";
import { toJsonText } from "../frame/quoting.js";

/** What a server or a worker tells while it runs, to people or to programs. */
export interface LogFlags {
  readonly json?: true;
  readonly verbose?: true;
  readonly log?: "text" | "json";
}

/** Writes one object a line, with the time. */
export function writeJsonLine(fields: object, io: CommandIo): void {
  io.writeOut(`${toJsonText({ time: new Date().toISOString(), ...fields })}\n`);
}

/** Makes what writes the events of a server. */
export function createServerLog(flags: LogFlags, io: CommandIo): (event: ServerEvent) => void {
  const { json, verbose, log } = flags;
  const toLine = createLines();
  return (event) => {
    if (json) writeJsonLine({ ...event }, io);
    if (log === "json") writeLogLine(event, io);
    else if (!json && (verbose || !isOrdinary(event))) io.writeError(`${toLine(event)}\n`);
  };
}

/** What people are told first when a process is to stop. */
export const stopping = "Stopping; Ctrl-C again ends at once.\n";

/** Says where the process stands. */
export function logStep(step: ServerStep, { flags, io, text = "" }: LoggedStep): void {
  if (flags.log === "json") writeLogLine(step, io);
  else if (!flags.json) io.writeError(text);
}

export interface LoggedStep {
  readonly flags: LogFlags;
  readonly io: CommandIo;
  /** Nothing, where people are told elsewhere. */
  readonly text?: string;
}

export function addLogOption(command: Command): void {
  command.addOption(
    new Option(
      "--log <format>",
      "what goes to standard error: text, or json, one object a line for each request, state and step",
    )
      .choices(["text", "json"])
      .default(undefined, "text"),
  );
}

function writeLogLine(told: ServerEvent | ServerStep, io: CommandIo): void {
  const line: ServerLogLine = { time: new Date().toISOString(), level: toLevel(told), ...told };
  io.writeError(`${toJsonText(line)}\n`);
}

function toLevel(told: ServerEvent | ServerStep): LogLevel {
  switch (told.kind) {
    case "request":
      return told.status !== undefined && told.status >= 500 ? "error" : isOrdinary(told) ? "info" : "warn";
    case "batch":
      return told.status === "failed" || told.status === "expired" ? "warn" : "info";
    case "range":
      return isOrdinary(told) ? "info" : "warn";
    case "ignored":
    case "waiting":
    case "pause":
      return "warn";
    case "trouble":
      return "error";
    case "ready":
    case "draining":
    case "stopped":
      return "info";
    default:
      return told satisfies never;
  }
}

/** A request that went well, for clients ask for the state of a batch again and again; and what becomes of its ranges. */
function isOrdinary(event: ServerEvent): boolean {
  if (event.kind === "range") return event.state !== "lost";
  return event.kind === "request" && event.status !== undefined && event.status < 400;
}

/** A line with its time, and the date where that is another than in the line before. */
function createLines(): (event: ServerEvent) => string {
  let last = "";
  return (event) => {
    const [day = "", time = ""] = new Date().toISOString().split("T");
    const date = day === last ? "" : `${day} `;
    last = day;
    return `${date}${time.slice(0, 8)} ${toPlainText(toLogText(event))}`;
  };
}

function toErrorText({ code, line, count }: NonNullable<BatchEvent["error"]>): string {
  const place = line === null ? "" : ` in line ${formatCount(line)}`;
  return `${code}${place}${count > 1 ? `, the first of ${formatCount(count)} errors` : ""}`;
}

function toLogText(event: ServerEvent): string {
  switch (event.kind) {
    case "request":
      return `${event.method} ${event.path} ${event.status ?? "cut"} ${event.ms} ms${event.code === undefined ? "" : `: ${event.code}`}`;
    case "ignored":
      return `${event.method} ${event.path}: ${event.message}`;
    case "batch":
      return `${event.id} is ${event.status}${event.error === undefined ? "" : `: ${toErrorText(event.error)}`}`;
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
