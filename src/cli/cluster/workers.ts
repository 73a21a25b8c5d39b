import type { Command } from "commander";
import { type PacedWorker, readWorkersOf, type UnservedModel, type UpstreamReport } from "../../cluster.js";
import { countOf } from "../../errors/index.js";
import type { CommandIo } from "../frame/command.js";
import { ExitCode } from "../frame/exit-code.js";
import { toJsonText } from "../frame/quoting.js";
import { wrapText } from "../frame/wrap-text.js";

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
Requests a second are those between two reports of a worker: where batches are
not done, the command waits about three seconds for the second one.
It needs Node 22.12 or newer.

Exit codes: 2 it cannot be asked, 3 the database is away.

Example:
  openbatch workers --database postgres://localhost/openbatch`;

export async function run(command: Command, io: CommandIo): Promise<ExitCode> {
  const { database, json } = command.opts<WorkersFlags>();
  const { workers, unserved } = await readWorkersOf({ database });
  for (const worker of workers) io.writeOut(json ? `${toJson(worker)}\n` : toText(toWorkerLines(worker)));
  if (!json && workers.length === 0) io.writeOut("There is no worker.\n");
  if (!json) for (const each of unserved) io.writeOut(toUnservedText(each));
  return ExitCode.done;
}

function toUnservedText({ model, batches }: UnservedModel): string {
  const wait = batches === 1 ? "batch waits" : "batches wait";
  return toText(
    toLines(`${batches} ${wait} for the model ${JSON.stringify(model)}, which no worker has.`, 0),
  );
}

function toJson({ startedAt, seenAt: _, silentSeconds, pace, upstreams, ...same }: PacedWorker): string {
  const servers = upstreams.map((each) => ({
    ...{ target: each.target, key_name: each.keyName, models: each.models, ranges: each.ranges },
    ...{ requests_per_minute: each.requestsPerMinute, tokens_per_minute: each.tokensPerMinute },
    ...{ concurrency: each.concurrency, in_flight: each.inFlight },
    ...{ cause: each.cause, paused_seconds: Math.ceil(each.pausedMs / 1000) },
  }));
  return toJsonText({
    ...same,
    ...{
      started_at: startedAt,
      silent_seconds: silentSeconds,
      requests_per_second: pace,
      upstreams: servers,
    },
  });
}

/** The columns of a terminal, as far as nobody has made it wider. */
const columns = 80;

function toText(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}

function toWorkerLines({ name, startedAt, silentSeconds, ranges, pace, upstreams, ...done }: PacedWorker) {
  const since = new Date(startedAt * 1000).toISOString().slice(0, 19).replace("T", " ");
  const parts = [
    ...(pace === null ? [] : [`${pace.toFixed(1)} requests a second`]),
    countOf(ranges, "range"),
    ...(silentSeconds > 10 ? [`silent for ${silentSeconds} s`] : []),
  ];
  return [
    ...toLines(`${name}  ${parts.join(", ")}`, 0),
    ...toLines(`since ${since}: ${done.completed} completed, ${done.failed} failed`, 2),
    ...upstreams.flatMap(toUpstreamLines),
  ];
}

/** Whom it sends to, within which limits, and why nothing is sent there now. */
function toUpstreamLines(upstream: UpstreamReport): readonly string[] {
  const { target, keyName, models, inFlight, concurrency, cause, pausedMs } = upstream;
  const limits = [
    ...(upstream.requestsPerMinute === null ? [] : [`${upstream.requestsPerMinute} requests a minute`]),
    ...(upstream.tokensPerMinute === null ? [] : [`${upstream.tokensPerMinute} tokens a minute`]),
  ];
  const parts = [
    models === null ? "any model" : models.join(", "),
    `${inFlight} of ${concurrency} under way`,
    ...(limits.length === 0 ? [] : [`at most ${limits.join(", ")}`]),
  ];
  return [
    ...toLines(`${target}${keyName === null ? "" : ` with ${keyName}`}: ${parts.join(", ")}`, 2),
    ...(cause === null || pausedMs === 0
      ? []
      : toLines(`waits ${Math.ceil(pausedMs / 1000)} s: ${cause}`, 4)),
  ];
}

/** What does not fit into a line goes on in the next, further in. */
function toLines(text: string, indent: number): readonly string[] {
  const lines = wrapText(text, columns - indent - 2);
  return lines.map((line, index) => `${" ".repeat(index === 0 ? indent : indent + 2)}${line}`);
}
