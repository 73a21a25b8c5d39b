import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { extname } from "node:path";
import { OpenbatchError, quoteArgument } from "../../errors/index.js";
import {
  findOpenElsewhere,
  type JoinableResults,
  type JoinedResults,
  joinResults,
  loadRowTemplate,
  openResults,
  type Result,
  type ResultsSummary,
  summarizeResults,
  toWritableFormat,
} from "../../index.js";
import type { CommandIo } from "../frame/command.js";
import { createProgress, type ProgressOptions } from "../frame/progress.js";
import { toReadOptions } from "../frame/table-flags.js";
import { holdsMadeUp } from "../run/run-warnings.js";
import type { AnswerKind } from "./answer-kind.js";
import type { AskFlags } from "./ask-flags.js";
import type { AskFolder } from "./ask-folder.js";
import { toLastMessage } from "./last-message.js";

/** The answers as they stand beside the rows. */
export interface WrittenAnswers {
  readonly joined: JoinedResults;
  readonly summary: ResultsSummary;
  /** The columns that were asked of the results. */
  readonly columns: readonly string[];
  /** The first answers, each with what was asked. */
  readonly examples: readonly Example[];
  /** Whether the server itself has made the answers up. */
  readonly isMadeUp: boolean;
}

export interface Example {
  readonly prompt: string;
  readonly answer: string;
}

export interface WriteAnswersOptions {
  readonly table: string;
  /** The results file. */
  readonly output: string;
  readonly kind: AnswerKind;
  readonly flags: AskFlags;
  readonly io: CommandIo;
}

/** Writes the table with the answers beside its rows. `undefined` where there is no result at all. */
export async function writeAnswers(
  folder: AskFolder,
  { table, output, kind, flags, io }: WriteAnswersOptions,
): Promise<WrittenAnswers | undefined> {
  // A job that was stopped early has none.
  if (!existsSync(output)) return undefined;
  // After an interruption, what was answered by then is still written.
  await using results = await openResults({ requests: folder.requests, results: output });
  const summary = await summarizeResults(results);
  const { missing, total } = summary.counts;
  if (missing === total) return undefined;
  const columns = [...kind.columns, ...troubleColumns.filter((name) => summary.columns.includes(name))];
  assertClosed(folder.answers);
  try {
    const shown = { label: "Writing", paths: [folder.answers] };
    const joined = await join(folder, results, { table, flags, io, columns, shown });
    await folder.placeAnswers();
    const examples = await readExamples(results);
    return { joined, summary, columns, examples, isMadeUp: !flags.rehearse && (await holdsMadeUp(output)) };
  } finally {
    await rm(folder.staged, { force: true });
  }
}

/**
 * Sees that the rows themselves fit into a workbook, before anything is sent for answers beside them.
 *
 * @throws OpenbatchError of a table that cannot be written.
 */
export async function assertAnswersFit(
  folder: AskFolder,
  { table, kind, flags, io }: Omit<WriteAnswersOptions, "output">,
): Promise<void> {
  if (!isWorkbook(folder.answers)) return;
  try {
    await join(folder, noResults, {
      ...{ table, flags, io, columns: kind.columns },
      shown: { label: "Checking", paths: [table] },
    });
  } catch (error) {
    if (!(error instanceof OpenbatchError) || error.code !== "invalid_table") throw error;
    throw new OpenbatchError(error.code, `${error.message} Nothing was sent.`, {
      cause: error,
      hint: `Have the answers in a table of another kind: ${toOtherOutput(folder.answers)}.`,
    });
  } finally {
    await rm(folder.staged, { force: true });
  }
}

const noResults: JoinableResults = {
  counts: {
    total: 0,
    succeeded: 0,
    failed: 0,
    expired: 0,
    cancelled: 0,
    missing: 0,
    unreadable: 0,
    strays: 0,
  },
  has: () => false,
  get: async () => undefined,
  async *[Symbol.asyncIterator]() {},
};

interface JoinOptions extends Pick<WriteAnswersOptions, "table" | "flags" | "io"> {
  readonly columns: readonly string[];
  readonly shown: Pick<ProgressOptions, "label" | "paths">;
}

/** The rows with what was answered beside them, in the folder. */
async function join(
  folder: AskFolder,
  results: JoinableResults,
  { table, flags, io, columns, shown }: JoinOptions,
): Promise<JoinedResults> {
  const progress = createProgress(io, { ...shown, unit: "row" });
  try {
    return await joinResults(folder.staged, results, table, {
      template: await loadRowTemplate(folder.template, { target: "openbatch" }),
      columns,
      overwrite: true,
      keepFormulas: flags.keepFormulas === true,
      read: toReadOptions(flags),
      onProgress: (count) => progress.update({ count }),
    });
  } finally {
    progress.finish();
  }
}

/** Where a table cannot be written, no answer is lost: which is said. */
export function toUnwritten(error: OpenbatchError, { answers, path }: AskFolder): OpenbatchError {
  const { code, message, hint } = error;
  const isTooLarge = code === "invalid_table" && isWorkbook(answers);
  return new OpenbatchError(code, `${message} What was answered is kept in ${path}.`, {
    cause: error,
    hint: isTooLarge
      ? `Have the answers in a table of another kind, for which nothing is sent again: the same command with ${toOtherOutput(answers)}.`
      : hint,
  });
}

function isWorkbook(path: string): boolean {
  return toWritableFormat(path) === "xlsx";
}

function toOtherOutput(answers: string): string {
  return `--output ${quoteArgument(`${answers.slice(0, -extname(answers).length)}.csv`)}`;
}

/** Why a row has no answer, or none to be used. */
const troubleColumns: readonly string[] = ["problem.code", "error.code", "error.message"];

function assertClosed(path: string): void {
  const found = findOpenElsewhere(path);
  if (found === undefined) return;
  throw new OpenbatchError("file_failed", `${path} is open in ${found.program}, and is not replaced.`, {
    hint: "Close it there, and run the same command again: what was answered is kept.",
  });
}

const maxExamples = 3;

async function readExamples(
  results: AsyncIterable<Result> & { readRequest(result: Result): Promise<string | undefined> },
): Promise<readonly Example[]> {
  const examples: Example[] = [];
  for await (const result of results) {
    if (result.status !== "succeeded" || result.problem !== undefined) continue;
    const answer = result.parsed === undefined ? (result.text ?? "") : toAnswerText(result.parsed);
    examples.push({ prompt: toLastMessage((await results.readRequest(result)) ?? "{}"), answer });
    if (examples.length === maxExamples) break;
  }
  return examples;
}

function toAnswerText(parsed: unknown): string {
  const values = typeof parsed === "object" && parsed !== null ? Object.values(parsed) : [parsed];
  const [only] = values;
  return values.length === 1 && typeof only !== "object" ? String(only) : JSON.stringify(parsed);
}
