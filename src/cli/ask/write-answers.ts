import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { OpenbatchError } from "../../errors/index.js";
import {
  findOpenElsewhere,
  type JoinedResults,
  joinResults,
  loadRowTemplate,
  openResults,
  type Result,
  type ResultsSummary,
  summarizeResults,
} from "../../index.js";
import type { CommandIo } from "../frame/command.js";
import { createProgress } from "../frame/progress.js";
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
  const progress = createProgress(io, { label: `Writing ${folder.answers}`, unit: "row" });
  try {
    const joined = await joinResults(folder.staged, results, table, {
      template: await loadRowTemplate(folder.template, { target: "openbatch" }),
      columns,
      overwrite: true,
      read: toReadOptions(flags),
      onProgress: (count) => progress.update({ count }),
    });
    progress.finish();
    await folder.placeAnswers();
    const examples = await readExamples(results);
    return { joined, summary, columns, examples, isMadeUp: !flags.rehearse && (await holdsMadeUp(output)) };
  } finally {
    progress.finish();
    await rm(folder.staged, { force: true });
  }
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
