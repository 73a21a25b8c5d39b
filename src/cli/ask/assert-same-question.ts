import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { OpenbatchError } from "../../errors/index.js";
import { readRunRecord, toRecordFile } from "../../execute.js";
import type { AskFolder } from "./ask-folder.js";
import type { AskServer } from "./ask-server.js";
import { findDifferences } from "./find-differences.js";

export interface AskedNow {
  /** The template of this question. */
  readonly template: string;
  readonly server: AskServer;
  readonly rehearse: boolean;
  /** Whether the server may be at another address than before. */
  readonly force: boolean;
}

const nameHint = "Give this one a name of its own: --name NAME. Or ask as before.";
const movedHint =
  "To go on with the server that is named now: --force. To ask anew: --name NAME. Or ask as before.";

/**
 * Answers to one question of one model are not mixed with others. What holds no answers binds nothing, and made-up ones make room for
 * those to another question.
 *
 * @returns whether there are made-up answers that have to make room, once it is known that the question can be asked.
 * @throws OpenbatchError `run_differs` with the differences, `rehearsal_mixed` or `run_in_progress`.
 */
export async function assertSameQuestion(folder: AskFolder, asked: AskedNow): Promise<boolean> {
  const { held } = folder;
  if (held === "none") return false;
  if (held === "real" && asked.rehearse) {
    throw new OpenbatchError(
      "rehearsal_mixed",
      `${folder.path} holds real answers, and this is a rehearsal. Nothing was written.`,
      { hint: "Give the rehearsal a name of its own: --name NAME." },
    );
  }
  const others = [...findTableDifference(folder), ...(await findTemplateDifferences(folder, asked.template))];
  if (held === "rehearsed") return others.length > 0 || !asked.rehearse;
  const { moved, model } = await findRunDifferences(folder, asked.server);
  const differences = [...others, ...model, ...(asked.force ? [] : moved)];
  if (differences.length === 0) return false;
  const isMovedAlone = differences.length === moved.length && !asked.force;
  throw new OpenbatchError(
    "run_differs",
    `The answers in ${folder.path} are to something else: ${differences.join("; ")}. Nothing was sent.`,
    { hint: isMovedAlone ? movedHint : nameHint },
  );
}

/** `s.csv` and `s.tsv` have one folder. */
function findTableDifference({ otherTable, table }: AskFolder): readonly string[] {
  return otherTable === undefined ? [] : [`the table was ${otherTable} and is now ${table}`];
}

async function findTemplateDifferences(folder: AskFolder, now: string): Promise<readonly string[]> {
  if (!existsSync(folder.template)) return [`${folder.template} is gone`];
  const before = await readFile(folder.template, "utf8");
  return findDifferences(before, now) ?? [`${folder.template} cannot be read`];
}

/** What a run by itself would refuse, seen before the rows are gone through. */
async function findRunDifferences(folder: AskFolder, { baseURL }: AskServer): Promise<RunDifferences> {
  const none = { moved: [], model: [] };
  if (!existsSync(toRecordFile(folder.results))) return none;
  const { runs, underWay } = await readRunRecord(toRecordFile(folder.results));
  if (underWay !== undefined) {
    throw new OpenbatchError(
      "run_in_progress",
      `${folder.path} is being filled by another run (process ${underWay.pid}). Nothing was sent.`,
      { hint: "Wait for it to end, or stop it; the same command goes on." },
    );
  }
  const last = runs.at(-1);
  if (last === undefined || baseURL === undefined) return none;
  const target = toTarget(baseURL);
  const model = JSON.stringify(last.model);
  return {
    moved: last.target === target ? [] : [`the server was ${last.target} and is now ${target}`],
    model: model === undefined ? [] : [`a run asked the model ${model} in the place of the template's`],
  };
}

interface RunDifferences {
  readonly moved: readonly string[];
  readonly model: readonly string[];
}

/** As records have it. What is no URL is refused by whoever sends. */
function toTarget(baseURL: string): string {
  if (!URL.canParse(baseURL)) return baseURL;
  const { origin, pathname } = new URL(baseURL);
  return `${origin}${pathname.replace(/\/+$/, "")}`;
}
