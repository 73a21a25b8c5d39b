import { readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { countOf, formatCount, quoteArgument, toPlainText } from "../../errors/index.js";
import { toRunFiles } from "../../execute.js";
import type { ResultCause } from "../../index.js";
import type { CommandIo } from "../frame/command.js";
import { toFlagWords } from "../frame/flag-words.js";
import { quoteName, toJsonText } from "../frame/quoting.js";
import { sayError, sayNotes, sayOut } from "../frame/say.js";
import type { ResultsOutcome } from "./results-actions.js";
import type { ResultsFlags } from "./results-flags.js";
import { findAskedFile, type ResultsInputs } from "./results-inputs.js";
import { toExchangeJson, toShownText } from "./results-show.js";
import { toSummaryText } from "./results-summary.js";
import { isMadeUp, toWarnings } from "./results-warnings.js";

export interface ReportOptions {
  readonly flags: ResultsFlags;
  readonly io: CommandIo;
}

/** Says what became of the requests, what was written, and what to do next. */
export function printResults(outcome: ResultsOutcome, { flags, io }: ReportOptions): void {
  const warnings = toWarnings(outcome);
  const next = toNextCommands(outcome, flags);
  for (const warning of warnings) sayError(io, `${io.colors.yellow("warning")}: ${toPlainText(warning)}\n`);
  if (flags.json) {
    io.writeOut(`${toJsonText(toJson(outcome, { warnings, next }), 2)}\n`);
    return;
  }
  sayNotes(io, outcome.notes);
  const isTableOut = flags.to === "-";
  const say = (text: string): void => (isTableOut ? sayError(io, text) : sayOut(io, text));
  (isTableOut ? io.writeError : io.writeOut)(toShownText(outcome.shown, io));
  if (flags.failed && flags.show === undefined)
    for (const cause of outcome.summary.causes) say(`${toCauseText(cause, io)}\n`);
  say(toSummaryText(outcome, io));
  for (const sentence of toSentences(outcome, flags)) say(`${toPlainText(sentence)}\n`);
  if (next.length > 0) say(`Next:\n${next.map((command) => `  ${command}\n`).join("")}`);
}

function toJson(
  outcome: ResultsOutcome,
  said: { readonly warnings: readonly string[]; readonly next: readonly string[] },
): object {
  const { inputs, summary, shown, time, table, report, images, retry, notes } = outcome;
  const { requests, results } = inputs;
  return {
    requests,
    results,
    isRehearsal: isMadeUp(outcome),
    ...summary,
    ...(shown.length === 0 ? {} : { shown: shown.map(toExchangeJson) }),
    time,
    table,
    report,
    images,
    retry,
    ...(notes.length === 0 ? {} : { notes }),
    ...said,
  };
}

function toCauseText(cause: ResultCause, { colors }: CommandIo): string {
  const { status, statusCode, code, count, message, hint, custom_ids, retryable } = cause;
  const name = colors.bold([...(statusCode === undefined ? [] : [statusCode]), quoteName(code)].join(" "));
  const kind = status === "succeeded" ? "answered with a problem" : status;
  const listed = custom_ids.map(quoteName).join(", ");
  const rest = count > custom_ids.length ? ", …" : "";
  return [
    `${name}  ${countOf(count, "request")} ${kind}${retryable ? ", worth sending again" : ""}`,
    ...(message === "" ? [] : [`    ${shorten(toPlainText(message))}`]),
    `    ${colors.dim("hint:")} ${toFlagWords(hint)}`,
    `    ${colors.dim("custom_ids:")} ${listed}${rest}\n`,
  ].join("\n");
}

const maxMessage = 400;

function shorten(text: string): string {
  return text.length <= maxMessage ? text : `${text.slice(0, maxMessage)}… (${text.length} characters)`;
}

function toSentences(
  { inputs, table, report, images, retry }: ResultsOutcome,
  flags: ResultsFlags,
): readonly string[] {
  const { to, join: rows, retryFile } = flags;
  const place = to === "-" ? "standard output" : to;
  return [
    ...(table === undefined
      ? []
      : [
          `Wrote ${countOf(table.rows, "row")}${rows === undefined ? "" : ` of ${rows} with their results`} to ${place}${toJoinedBy(table)}.`,
        ]),
    ...(report === undefined
      ? []
      : [
          `Wrote a page with ${report.rows === report.total ? "" : `${formatCount(report.rows)} of `}${countOf(report.total, "request")} to ${place}.`,
        ]),
    ...(images === undefined
      ? []
      : [
          `Saved ${countOf(images.saved, "image")} to ${flags.images}${images.wereThere === 0 ? "" : `, ${images.wereThere} of them there already`}.`,
        ]),
    ...(retry === undefined ? [] : [toRetrySentence(retry, retryFile, inputs.requests)]),
  ];
}

/** What the rows were joined by, where nobody had said it. */
function toJoinedBy(table: NonNullable<ResultsOutcome["table"]>): string {
  return "joinedBy" in table ? `, joined by ${table.joinedBy}` : "";
}

function toRetrySentence(
  { written, statuses, hopeless }: NonNullable<ResultsOutcome["retry"]>,
  path = "",
  requests = "",
): string {
  const left =
    hopeless === 0
      ? ""
      : ` ${countOf(hopeless, "failure")} would only fail again before something is mended: --failed tells what.`;
  if (written === 0) return `Nothing of ${requests} is worth sending again: ${path} was not written.${left}`;
  const kinds = Object.entries(statuses)
    .filter(([, count]) => count > 0)
    .map(([status, count]) => `${formatCount(count)} ${status === "succeeded" ? "with a problem" : status}`);
  return `Wrote ${countOf(written, "request")} to send again to ${path}: ${kinds.join(", ")}.${left}`;
}

function toNextCommands(outcome: ResultsOutcome, flags: ResultsFlags): readonly string[] {
  const { inputs, summary, time, retry } = outcome;
  const { requests } = inputs;
  if (inputs.file === "-") return [];
  if (retry !== undefined && retry.written > 0) return toRerunCommands(outcome, flags);
  const again = `openbatch results ${toFileArguments(inputs)}`;
  // What a run under way has not sent yet is not sent by another one too.
  const isOver = time?.underWay === undefined;
  // What is missing may stand in a line that has another service's shape.
  const isElsewhere = summary.strays.kinds.foreign_line !== undefined;
  const goOn = isOver && !isElsewhere ? toRunCommand(outcome) : undefined;
  // What a run has not sent yet has not failed.
  const causes = summary.causes.filter(({ status }) => goOn === undefined || status !== "missing");
  const isWorthwhile =
    isOver && !isElsewhere && requests !== undefined && causes.some(({ retryable }) => retryable);
  return [
    ...(goOn === undefined ? [] : [goOn]),
    ...(causes.length > 0 && !flags.failed ? [`${again} --failed`] : []),
    ...(isWorthwhile && retry === undefined
      ? [`${again} --retry-file ${quoteArgument(toRunFiles(requests).retry)}`]
      : []),
    ...toJoinCommands(outcome, flags, again),
  ];
}

/**
 * What goes on with the requests that a run beside its batch file has not sent yet. Where to is for the user to say: a record may come
 * from a stranger.
 */
function toRunCommand({ inputs, summary, time }: ResultsOutcome): string | undefined {
  const { requests, results } = inputs;
  const [output, ...others] = results.map((path) => resolve(path));
  if (requests === undefined || time === undefined || others.length > 0 || summary.counts.missing === 0)
    return undefined;
  const files = toRunFiles(requests);
  const isBeside = output === resolve(time.isRehearsal ? files.rehearsal : files.results);
  // Of what `openbatch ask` has made, its own command goes on.
  if (!isBeside || findAskedFile(dirname(resolve(requests))) !== undefined) return undefined;
  return `openbatch run ${quoteArgument(requests)}${time.isRehearsal ? " --rehearse" : ""}`;
}

/** To put the answers beside the rows of the table that lies beside the batch file. */
function toJoinCommands(
  { inputs, summary }: ResultsOutcome,
  { to }: ResultsFlags,
  again: string,
): readonly string[] {
  const { requests } = inputs;
  if (to !== undefined || requests === undefined || summary.usable === 0) return [];
  const folder = dirname(requests);
  const tables = readdirSync(folder).filter((name) => /^[^~.].*\.(?:csv|tsv|parquet|xlsx)$/i.test(name));
  if (tables.some((name) => /^answers\./i.test(name))) return [];
  const [table, ...others] = tables;
  const isWorkbook = others.length === 0 && table?.toLowerCase().endsWith(".xlsx") === true;
  const answers = join(folder, isWorkbook ? "answers.xlsx" : "answers.csv");
  const rows = table === undefined || others.length > 0 ? "TABLE" : quoteArgument(join(folder, table));
  return [`${again} --join ${rows} --to ${quoteArgument(answers)}`];
}

/** To send what was written to send again, and then to read both results as one. */
function toRerunCommands(
  { inputs, time }: ResultsOutcome,
  { retryFile = "" }: ResultsFlags,
): readonly string[] {
  const isRehearsal = inputs.isRehearsal || time?.isRehearsal === true;
  const rerun = toRunFiles(retryFile)[isRehearsal ? "rehearsal" : "results"];
  return [
    `openbatch run ${quoteArgument(retryFile)}${isRehearsal ? " --rehearse" : ""}`,
    `openbatch results ${toFileArguments({ ...inputs, named: [...inputs.results, rerun] })}`,
  ];
}

/** The files as they were named; what stands beside the batch file is found again. */
function toFileArguments({ requests, named, from }: ResultsInputs): string {
  const [first = "-", ...rest] = requests === undefined ? named : [requests, ...named];
  const words = [quoteArgument(first), ...rest.map((path) => `--results ${quoteArgument(path)}`)];
  return `${words.join(" ")}${toFromArgument(from)}`;
}

function toFromArgument(from: string | undefined): string {
  return from === undefined ? "" : ` --from ${quoteArgument(from)}`;
}
