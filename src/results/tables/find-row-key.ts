import { findCell, toCellText } from "../../collect/index.js";
import { OpenbatchError } from "../../errors/index.js";
import type { Row } from "../../rows/index.js";
import type { JoinableResults, Named } from "../reader/results.js";
import { createRowKey, type RowKey, toRowKey } from "./row-key.js";

/** Ids that are looked at. */
const sampledIds = 100;
/** Around the cells of one column, the beginnings and ends of ids that are tried. */
const triedAffixes = 8;
/** Longer cells are texts, which no id is made of. */
const maxCellLength = 64;

/** A key that finds so much of what the best one finds, of rows and of ids, may be the one that was meant. */
const rivalShare = 0.8;

/** The part of results that tells which ids there are. */
export type ResultIds = AsyncIterable<Named> & Pick<JoinableResults, "has">;

/** What a key gives for the sampled rows. */
interface Trial {
  readonly key: RowKey;
  /** The ids of rows that have a result, by the number of the row. */
  readonly ids: ReadonlyMap<number, string>;
  /** Rows that found a result of their own, less those that found one again. */
  readonly score: number;
  /** How many of the sampled ids are found. Of numbers that count up, `{id}0` finds many results, but few of those in a row. */
  readonly covered: number;
  /** Whether the rows and the results are in one order, as they are where requests were made of the rows. */
  readonly isInOrder: boolean;
}

/**
 * Finds out what the ids of results are made of: the number of the row, or one column with the same text before and behind it.
 * Where none fits, it is the number of the row.
 *
 * @throws {OpenbatchError} `invalid_option` where two columns fit that would join other rows.
 */
export async function findRowKey(rows: readonly Row[], results: ResultIds): Promise<RowKey> {
  const byNumber = createRowKey(undefined);
  const ids = await sampleIds(results);
  const columns = new Set(rows.flatMap(({ cells }) => Object.keys(cells)));
  const keys = [byNumber, ...[...columns].flatMap((column) => guessKeys(column, rows, ids))];
  // What stands within one id, of many, may stand there by chance.
  const least = Math.min(2, ids.length, rows.length);
  const trials = keys
    .map((key) => tryKey(key, rows, { ids, results }))
    .filter(({ key, score }) => score >= (columns.has(key.name) ? 1 : least));
  const highest = Math.max(...trials.map(({ score }) => score));
  const [best, ...others] = trials
    .filter(({ score }) => score >= highest * rivalShare)
    .sort((one, other) => other.covered - one.covered || other.score - one.score);
  if (best === undefined) return byNumber;
  const rivals = others.filter(
    (other) => other.covered >= best.covered * rivalShare && contradicts(best, other),
  );
  if (rivals.length === 0) return best.key;
  const [ordered, ...more] = [best, ...rivals].filter(({ isInOrder }) => isInOrder);
  if (ordered !== undefined && more.every((other) => !contradicts(ordered, other))) return ordered.key;
  throw new OpenbatchError(
    "invalid_option",
    `The custom_ids may be ${[best, ...rivals].map(({ key }) => key.name).join(" or ")}, which are other rows.`,
    { hint: `Say which it is: on (--on ${JSON.stringify(best.key.name)}).` },
  );
}

async function sampleIds(results: ResultIds): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { custom_id } of results) {
    ids.push(custom_id);
    if (ids.length === sampledIds) break;
  }
  return ids;
}

/** The keys that put the same text around the cells of a column and give a sampled id, the most frequent first. */
function guessKeys(column: string, rows: readonly Row[], ids: readonly string[]): readonly RowKey[] {
  const counts = new Map<string, number>();
  for (const text of rows.map((row) => readCell(row, column))) {
    if (text === undefined) continue;
    for (const affixes of ids.flatMap((id) => cutOut(text, id)))
      counts.set(affixes, (counts.get(affixes) ?? 0) + 1);
  }
  return [...counts]
    .sort(([, one], [, other]) => other - one)
    .slice(0, triedAffixes)
    .map(([affixes]) => {
      const [before = "", behind = ""] = affixes.split(cut);
      return toRowKey(before, column, behind);
    });
}

function readCell({ cells }: Row, column: string): string | undefined {
  const value = findCell(cells, column);
  if (value === undefined || value === null || typeof value === "object") return undefined;
  const text = toCellText(value);
  return text === "" || text.length > maxCellLength ? undefined : text;
}

/** No character that an id may have. */
const cut = "\0";

/** What stands around a text in an id, for each place where it stands. */
function cutOut(text: string, id: string): readonly string[] {
  const found: string[] = [];
  for (let index = id.indexOf(text); index !== -1; index = id.indexOf(text, index + 1)) {
    found.push(`${id.slice(0, index)}${cut}${id.slice(index + text.length)}`);
  }
  return found;
}

function tryKey(
  key: RowKey,
  rows: readonly Row[],
  { ids: sample, results }: { readonly ids: readonly string[]; readonly results: ResultIds },
): Trial {
  const ids = new Map<number, string>();
  for (const row of rows) {
    const id = key.toId(row);
    if (id !== undefined && results.has(id)) ids.set(row.number, id);
  }
  const places = [...ids.values()].map((id) => sample.indexOf(id)).filter((place) => place !== -1);
  return {
    key,
    ids,
    score: 2 * new Set(ids.values()).size - ids.size,
    covered: new Set(places).size,
    isInOrder: places.every((place, index) => index === 0 || place > (places[index - 1] ?? -1)),
  };
}

/** Whether two keys find other results for the same row. */
function contradicts(one: Trial, other: Trial): boolean {
  return [...one.ids].some(([row, id]) => other.ids.has(row) && other.ids.get(row) !== id);
}
