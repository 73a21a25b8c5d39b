import type { StoredRecord } from "../store/record-folder.js";
import { ApiError, assertIntegerWithin, invalidType } from "./api-error.js";

export interface PageQuery {
  readonly limit: number;
  /** The id of the object that the page begins behind. */
  readonly after: string | undefined;
}

/** One page of a list, as the service writes it. */
export interface Page<Item> {
  readonly object: "list";
  readonly data: readonly Item[];
  readonly first_id: string | null;
  readonly last_id: string | null;
  readonly has_more: boolean;
}

export const pageParameterNames = ["limit", "after"];

/** Reads what a query asks of a list. */
export function readPageQuery(
  query: Readonly<Record<string, string>>,
  { most, usual }: { readonly most: number; readonly usual: number },
): PageQuery {
  const { limit = String(usual), after } = query;
  if (!/^-?\d{1,9}$/.test(limit)) throw invalidType("limit", "an integer", limit);
  assertIntegerWithin("limit", Number(limit), { least: 1, most });
  return { limit: Number(limit), after: after === "" ? undefined : after };
}

export interface PageOrder {
  /** By when objects were made, the newest last or first. */
  readonly order: "asc" | "desc";
  /** Where an object stands, which need not be in the list any more. */
  readonly sequenceOf: (id: string) => number | undefined;
}

/** Cuts one page out of a list. */
export function toPage<Item extends StoredRecord>(
  items: readonly Item[],
  { limit, after }: PageQuery,
  { order, sequenceOf }: PageOrder,
): Page<Item> {
  const sign = order === "asc" ? 1 : -1;
  const start = after === undefined ? sign * Number.NEGATIVE_INFINITY : findStart(after, sequenceOf);
  const behind = items.filter(({ sequence }) => sign * (sequence - start) > 0);
  const data = behind.sort((one, other) => sign * (one.sequence - other.sequence)).slice(0, limit);
  return {
    object: "list",
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: behind.length > limit,
  };
}

function findStart(after: string, sequenceOf: PageOrder["sequenceOf"]): number {
  const sequence = sequenceOf(after);
  if (sequence !== undefined) return sequence;
  throw new ApiError(400, "Invalid 'after': there is no object of that id in the list.", {
    param: "after",
    code: "invalid_value",
  });
}
