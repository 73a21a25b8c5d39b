import type { Command } from "commander";
import { readWorkersOf, type SeenWorker, type UnservedModel, type UpstreamReport } from "../../cluster.js";
import { countOf, toPlainText } from "../../errors/index.js";
import type { CommandIo } from "../frame/command.js";
import { ExitCode } from "../frame/exit-code.js";
import { toJsonText } from "../frame/quoting.js";

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

Example:
  openbatch workers --database postgres://localhost/openbatch`;

export async function run(command: Command, io: CommandIo): Promise<ExitCode> {
  const { database, json } = command.opts<WorkersFlags>();
  const { workers, unserved } = await readWorkersOf({ database });
  for (const worker of workers) io.writeOut(json ? `${toJson(worker)}\n` : toText(worker));
  if (!json && workers.length === 0) io.writeOut("There is no worker.\n");
  if (!json) for (const each of unserved) io.writeOut(toUnservedLine(each));
  return ExitCode.done;
}

function toUnservedLine({ model, batches }: UnservedModel): string {
  const wait = batches === 1 ? "batch waits" : "batches wait";
  return `${batches} ${wait} for the model ${JSON.stringify(toPlainText(model))}, which no worker has.\n`;
}

function toJson({ startedAt, silentSeconds, upstreams, ...same }: SeenWorker): string {
  const servers = upstreams.map((each) => ({
    ...{ target: each.target, key_name: each.keyName, models: each.models, ranges: each.ranges },
    ...{ requests_per_minute: each.requestsPerMinute, tokens_per_minute: each.tokensPerMinute },
    ...{ concurrency: each.concurrency, in_flight: each.inFlight },
    ...{ cause: each.cause, paused_seconds: Math.ceil(each.pausedMs / 1000) },
  }));
  return toJsonText({
    ...same,
    ...{ started_at: startedAt, silent_seconds: silentSeconds, upstreams: servers },
  });
}

function toText(worker: SeenWorker): string {
  const upstreams = worker.upstreams.filter((each) => worker.upstreams.length > 1 || isLimited(each));
  return [toLine(worker), ...upstreams.map(toUpstreamLine)].map((line) => `${line}\n`).join("");
}

/** Whether there is more to be told of it than of any other. */
function isLimited({ keyName, requestsPerMinute, tokensPerMinute, models, cause }: UpstreamReport): boolean {
  return [keyName, requestsPerMinute, tokensPerMinute, models, cause].some((each) => each !== null);
}

function toLine({ name, target, startedAt, silentSeconds, ranges, completed, failed }: SeenWorker): string {
  const since = new Date(startedAt * 1000).toISOString().slice(0, 19).replace("T", " ");
  const seconds = Math.max(1, Date.now() / 1000 - startedAt);
  const rate = ((completed + failed) / seconds).toFixed(1);
  const silence = silentSeconds > 10 ? `, silent for ${silentSeconds} s` : "";
  return `${toPlainText(name)}  ${toPlainText(target)}  since ${since}  ${countOf(ranges, "range")}  ${completed} completed, ${failed} failed, ${rate}/s${silence}`;
}

/** Whom it sends to, within which limits, and why nothing is sent there now. */
function toUpstreamLine(upstream: UpstreamReport): string {
  const { target, keyName, models, inFlight, concurrency, cause, pausedMs } = upstream;
  const limits = [
    ...(upstream.requestsPerMinute === null ? [] : [`${upstream.requestsPerMinute} requests a minute`]),
    ...(upstream.tokensPerMinute === null ? [] : [`${upstream.tokensPerMinute} tokens a minute`]),
  ];
  const parts = [
    `${toPlainText(target)}${keyName === null ? "" : ` with ${toPlainText(keyName)}`}`,
    models === null ? "any model" : toPlainText(models.join(", ")),
    `${inFlight} of ${concurrency} under way`,
    ...(limits.length === 0 ? [] : [`at most ${limits.join(", ")}`]),
    ...(cause === null || pausedMs === 0
      ? []
      : [`waits ${Math.ceil(pausedMs / 1000)} s: ${toPlainText(cause)}`]),
  ];
  return `  ${parts.join("  ")}`;
}
