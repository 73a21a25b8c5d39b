import { existsSync, realpathSync } from "node:fs";
import { countOf, formatCount, OpenbatchError } from "../../errors/index.js";
import { type RecordedRequest, toRecordFile } from "../../execute.js";
import { type Exchange, type Results, readExchange } from "../../index.js";
import type { JobPart } from "../../job.js";
import type { CommandIo } from "../frame/command.js";
import { ExitCode } from "../frame/exit-code.js";
import { quoteName, toJsonText } from "../frame/quoting.js";
import { wrongUsage } from "../frame/wrong-usage.js";
import { type ShownEntry, toEntry } from "./answer-entries.js";
import { toExchangeText } from "./exchange-text.js";
import type { ResultsFlags } from "./results-flags.js";
import type { ResultsInputs } from "./results-inputs.js";
import { isUsable, toExchangeJson, usualColumns } from "./results-show.js";
import { toTimeSpan } from "./time-span.js";
import { toTreeLines } from "./value-tree.js";

/** What files beside the results tell of one request. */
interface Traces {
  readonly runs: readonly RecordedRequest[];
  readonly parts: readonly JobPart[];
}

/** Shows one request whole: what was asked, what came of it, and how it went. */
export async function showOne(
  results: Results,
  inputs: ResultsInputs,
  { flags: { id = "", json }, io }: { readonly flags: ResultsFlags; readonly io: CommandIo },
): Promise<ExitCode> {
  const exchange = await readExchange(results, id);
  if (exchange === undefined) throw await toNoRequestError(results, inputs, id);
  const traces = await readTraces(exchange, inputs);
  if (json) io.writeOut(`${toJsonText({ ...toExchangeJson(exchange), ...traces }, 2)}\n`);
  else {
    const { colors, outColumns = usualColumns } = io;
    const between = toRequestEntries(exchange);
    const behind = toBehind(exchange, inputs, traces);
    io.writeOut(toExchangeText(exchange, { colors, columns: outColumns, between, behind }));
  }
  return isUsable(exchange.result) ? ExitCode.done : ExitCode.findings;
}

/** Records are beside the results, or nowhere; one that cannot be read is no reason to fail. */
async function readTraces(
  { custom_id, result }: Exchange,
  { requests, results }: ResultsInputs,
): Promise<Traces> {
  const runs: RecordedRequest[] = [];
  const parts: JobPart[] = [];
  for (const output of results
    .filter((path) => path !== "-" && existsSync(path))
    .map((path) => realpathSync(path))) {
    const record = toRecordFile(output);
    if (existsSync(record)) {
      const { readRecordedRequest } = await import("../../execute.js");
      runs.push(...(await readRecordedRequest(record, custom_id).catch(orNone)));
    }
    if (requests === undefined || result.requestLine === undefined) continue;
    const { findRequestParts } = await import("../../job.js");
    const files = { file: realpathSync(requests), output };
    parts.push(...(await findRequestParts(files, result.requestLine).catch(orNone)));
  }
  return { runs, parts };
}

function orNone(error: unknown): readonly [] {
  if (error instanceof OpenbatchError) return [];
  throw error;
}

/** How it was asked: the endpoint, and the parameters beside the prompt. */
function toRequestEntries({ request, settings }: Exchange): readonly ShownEntry[] {
  if (request === undefined) return [];
  const { method, url } = request;
  return [
    toEntry("request", [method, url].filter((word) => typeof word === "string").join(" "), "asked"),
    { label: "", kind: "asked", lines: toTreeLines(settings) },
  ];
}

function toBehind(
  { result }: Exchange,
  inputs: ResultsInputs,
  { runs, parts }: Traces,
): readonly ShownEntry[] {
  const aside = (label: string, text: string): ShownEntry => toEntry(label, text, "aside");
  return [
    ...("error" in result ? toErrorEntries(result.error) : []),
    ...(result.status === "succeeded" ? toAnswerTraces(result) : []),
    ...(result.rounds > 1 ? [aside("rounds", `${countOf(result.rounds, "line")} in the results files`)] : []),
    ...("request_id" in result && result.request_id !== undefined
      ? [aside("exchange", result.request_id)]
      : []),
    ...runs.map((run) => aside("run", toRunText(run))),
    ...parts.map((part) => aside("batch", toPartText(part))),
    aside("lines", toPlaces(result, inputs)),
  ];
}

function toErrorEntries(
  error: Extract<Exchange["result"], { error: unknown }>["error"],
): readonly ShownEntry[] {
  const { code, type, param } = error;
  const words = Object.entries({ code, type, param }).flatMap(([name, word]) =>
    word === undefined ? [] : [`${name} ${word}`],
  );
  return words.length === 0 ? [] : [toEntry("", words.join(", "), "aside")];
}

function toAnswerTraces(result: Extract<Exchange["result"], { status: "succeeded" }>): readonly ShownEntry[] {
  const { usage, finish, body } = result;
  const { model, created, created_at } = Object(body) as Readonly<Record<string, unknown>>;
  const at = toTime(created ?? created_at);
  const words = [
    ...(typeof model === "string" ? [model] : []),
    ...(at === undefined ? [] : [at]),
    ...(finish === undefined ? [] : [`ends with ${finish}`]),
  ];
  return [
    ...(words.length === 0 ? [] : [toEntry("model", words.join(", "), "aside")]),
    ...(usage === undefined ? [] : [toEntry("tokens", toUsageText(usage), "aside")]),
  ];
}

/** When an answer was made, in seconds since 1970; a made-up one may say 0. */
function toTime(seconds: unknown): string | undefined {
  if (typeof seconds !== "number" || !(seconds > 0 && seconds < 1e11)) return undefined;
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}

function toUsageText(
  usage: NonNullable<Extract<Exchange["result"], { status: "succeeded" }>["usage"]>,
): string {
  const { cached_tokens } = usage.input_tokens_details;
  const { reasoning_tokens } = usage.output_tokens_details;
  const cached = cached_tokens === 0 ? "" : ` (${formatCount(cached_tokens)} cached)`;
  const reasoning = reasoning_tokens === 0 ? "" : ` (${formatCount(reasoning_tokens)} reasoning)`;
  return `${formatCount(usage.input_tokens)} input${cached}, ${formatCount(usage.output_tokens)} output${reasoning}, ${formatCount(usage.total_tokens)} in all`;
}

function toRunText({ startedAt, target, model, attempts, ms, isRehearsal }: RecordedRequest): string {
  const where = isRehearsal ? "in rehearsal" : `at ${target}${model === undefined ? "" : ` (${model})`}`;
  return `${countOf(attempts, "attempt")}, ${toTimeSpan(ms / 1000)}, ${where}, in the run of ${startedAt}`;
}

function toPartText({ number, round, state, batch, word, submitted_at, ended_at }: JobPart): string {
  return [
    `${batch ?? "no batch"} ${word ?? state}`,
    `part ${number}${round === 1 ? "" : `, round ${round}`}`,
    ...(submitted_at === undefined ? [] : [`from ${submitted_at}`]),
    ...(ended_at === undefined ? [] : [`to ${ended_at}`]),
  ].join(", ");
}

function toPlaces(result: Exchange["result"], { requests }: ResultsInputs): string {
  const asked =
    result.requestLine === undefined || requests === undefined ? [] : [`${requests}:${result.requestLine}`];
  const answered = "file" in result ? [`${result.file}:${result.line}`] : [];
  return [...asked, ...answered].join(", ");
}

const maxLookedAt = 10_000;
const maxNamed = 3;

/** Names ids that hold what was asked for, or else the first ones. */
async function toNoRequestError(
  results: Results,
  { file }: ResultsInputs,
  id: string,
): Promise<OpenbatchError> {
  const first: string[] = [];
  const similar: string[] = [];
  let seen = 0;
  for await (const { custom_id } of results) {
    seen += 1;
    if (first.length < maxNamed) first.push(custom_id);
    if (custom_id.toLowerCase().includes(id.toLowerCase())) similar.push(custom_id);
    if (seen === maxLookedAt || similar.length === maxNamed) break;
  }
  const isSimilar = similar.length > 0;
  const names = (isSimilar ? similar : first).map(quoteName).join(", ");
  const hint = isSimilar ? `Did you mean ${names}?` : `The first custom_ids are ${names}.`;
  return wrongUsage(
    `${file} has no request ${quoteName(id)}.`,
    names === "" ? "There is no request at all." : hint,
  );
}
