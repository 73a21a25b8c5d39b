import { countOf, formatCount, quoteArgument, toPlainText } from "../../errors/index.js";
import type { ResultsSummary } from "../../index.js";
import type { CommandIo } from "../frame/command.js";
import { cutToWidth, padToWidth } from "../frame/display-width.js";
import { toFormulaNotes } from "../frame/formula-note.js";
import { toJsonText } from "../frame/quoting.js";
import { sayOut } from "../frame/say.js";
import { toTableWords } from "../frame/table-flags.js";
import { withoutSecrets } from "../run/run-flags.js";
import { madeUpByServer } from "../run/run-warnings.js";
import type { AskFlags } from "./ask-flags.js";
import type { AskFolder } from "./ask-folder.js";
import type { AskServer } from "./ask-server.js";
import { writeAnew } from "./write-anew.js";
import type { Example, WrittenAnswers } from "./write-answers.js";

export interface ReportAskedOptions {
  readonly table: string;
  readonly folder: AskFolder;
  readonly flags: AskFlags;
  readonly server: AskServer;
  readonly io: CommandIo;
  readonly error?: { readonly code: string; readonly message: string; readonly hint: string } | undefined;
}

/** Says what stands beside the rows now, and which commands do the same. */
export async function printAnswers(
  written: WrittenAnswers | undefined,
  options: ReportAskedOptions,
): Promise<void> {
  const { folder, flags, io, error, table } = options;
  const commands = toCommands(written?.columns ?? [], options);
  if (flags.json) {
    const { answers, path } = folder;
    const { joined, summary } = written ?? {};
    const said = error === undefined ? {} : { error };
    const wrote = written === undefined ? {} : { answers };
    const object = { table, ...wrote, folder: path, ...summary, joined, commands, ...said };
    return io.writeOut(`${toJsonText(object, 2)}\n`);
  }
  if (written === undefined) return sayOut(io, "No row has an answer yet.\n");
  for (const line of toLines(written, options)) sayOut(io, `${line}\n`);
  sayOut(io, `Look at them in a browser: openbatch view ${quoteArgument(folder.path)}\n`);
  await writeAnew(folder.commands, commands.map((command) => `${command}\n`).join(""));
  sayOut(io, `The same by other commands: ${toPlainText(folder.commands)}\n`);
}

function toLines(
  { joined, summary, columns, examples, isMadeUp }: WrittenAnswers,
  { folder, table, flags, error }: ReportAskedOptions,
): readonly string[] {
  const { rows, changedCells } = joined;
  const isLimited = flags.limit !== undefined && summary.counts.missing > 0;
  return [
    ...toExampleLines(examples),
    ...(error !== undefined || isLimited ? [toAnsweredLine(summary, rows)] : []),
    ...toTroubleLines(summary, { isPart: error !== undefined || isLimited }),
    ...(error === undefined ? toAgainLines(summary, flags) : []),
    ...(error === undefined && isLimited ? ["The same command without --limit asks about the others."] : []),
    ...(flags.rehearse ? ["These answers are made up: no model was asked."] : []),
    ...(isMadeUp ? [madeUpByServer] : []),
    `Wrote ${toPlainText(folder.answers)}: the ${countOf(rows, "row")} of ${toPlainText(table)} with ${toNames(columns)} beside them.`,
    ...toFormulaNotes(changedCells),
  ];
}

/** How far it came before it was stopped. Equal rows share a request. */
function toAnsweredLine({ counts, usable }: ResultsSummary, rows: number): string {
  const what = counts.total === rows ? "row" : "request";
  return `${formatCount(usable)} of ${countOf(counts.total, what)} ${usable === 1 ? "has an answer" : "have answers"}.`;
}

/** Why there are requests without an answer to use; where only a part was to be sent, or was, the others are no trouble. */
function toTroubleLines(
  { counts, usable, causes }: ResultsSummary,
  { isPart }: { readonly isPart: boolean },
): readonly string[] {
  const told = isPart ? causes.filter(({ status }) => status !== "missing") : causes;
  const without = isPart ? counts.total - usable - counts.missing : counts.total - usable;
  if (without === 0) return [];
  const listed = told
    .slice(0, maxCauses)
    .map(({ code, count }) => `${toPlainText(code)} ${formatCount(count)}`);
  const why = listed.length > 0 ? `: ${listed.join(", ")}` : "";
  return [`${formatCount(without)} of ${countOf(counts.total, "request")} without an answer to use${why}`];
}

/** What asks again, where that may help. */
function toAgainLines({ causes }: ResultsSummary, { batch }: AskFlags): readonly string[] {
  const isFailure = causes.some(({ status, retryable }) => status === "failed" && retryable);
  const isProblem = causes.some(({ status }) => status === "succeeded");
  const words = [...(isFailure ? ["--retry-failed"] : []), ...(isProblem ? ["--retry-problems"] : [])];
  if (words.length === 0) return [];
  const how = batch && isProblem ? ", and without --batch" : "";
  return [`To ask for these again: the same command with ${words.join(" ")}${how}.`];
}

function toNames(columns: readonly string[]): string {
  const names = columns.slice(0, maxNamed).map(toPlainText);
  const more = columns.length > names.length ? [`${formatCount(columns.length - names.length)} more`] : [];
  return [...names, ...more].join(", ");
}

const maxNamed = 5;
const maxCauses = 5;
const promptWidth = 44;
const answerWidth = 26;

/** What differs from row to row stands first. */
function toExampleLines(examples: readonly Example[]): readonly string[] {
  const prompts = examples.map(({ prompt }) => prompt.replace(/\s+/g, " ").trim());
  const same = prompts.length < 2 ? 0 : countSame(prompts);
  return examples.map(({ answer }, index) => {
    const prompt = prompts[index] ?? "";
    const own = same === 0 ? prompt : `…${prompt.slice(same)}`;
    return `  ${padToWidth(cut(own, promptWidth), promptWidth)} → ${cut(answer, answerWidth)}`;
  });
}

/** How many characters all begin with, up to a whole word. */
function countSame([first = "", ...others]: readonly string[]): number {
  let length = 0;
  while (length < first.length && others.every((other) => other[length] === first[length])) length += 1;
  return first.lastIndexOf(" ", length - 1) + 1;
}

function cut(text: string, width: number): string {
  // Of a long text, only what may be shown is looked at.
  const shown = text
    .slice(0, width * 100)
    .replace(/\s+/g, " ")
    .trim();
  return cutToWidth(toPlainText(shown), width);
}

/** What does the same step by step, for whoever wants more of it than this command has. */
function toCommands(
  columns: readonly string[],
  { table, folder, flags, server }: ReportAskedOptions,
): readonly string[] {
  const [rows, words] = [quoteArgument(table), toTableWords(flags)];
  const [template, requests, answers] = [folder.template, folder.requests, folder.answers].map(quoteArgument);
  const mode = folder.hasJob ? "--append" : "--overwrite";
  const target = flags.batch ? "" : " --for openbatch";
  const shown = columns.length === 0 ? "" : ` --columns ${quoteArgument(columns.join(","))}`;
  const kept = flags.keepFormulas ? " --keep-formulas" : "";
  return [
    `openbatch build ${rows}${words} --template ${template} --output ${requests} --skip-blank-rows ${mode}${target}`,
    `openbatch ${flags.batch ? "submit" : "run"} ${requests}${toServerWords(flags, server)}${toRunWords(flags)}`,
    `openbatch results ${requests} --join ${rows}${words} --template ${template} --to ${answers}${shown}${kept} --overwrite`,
  ];
}

function toRunWords({ batch, limit }: AskFlags): string {
  if (batch) return "";
  return ` --force${limit === undefined ? "" : ` --limit ${limit}`}`;
}

function toServerWords(flags: AskFlags, { baseURL }: AskServer): string {
  if (baseURL === undefined) return " --rehearse";
  const { apiKeyEnv, maxCost, batch } = flags;
  return [
    ` --base-url ${quoteArgument(withoutSecrets(baseURL))}`,
    ...(apiKeyEnv === undefined ? [] : [` --api-key-env ${quoteArgument(apiKeyEnv)}`]),
    ...(batch && maxCost !== undefined ? [` --max-cost ${maxCost}`] : []),
  ].join("");
}
