import type { StoredRecord } from "../store/record-folder.js";
import type { Slice } from "../store/slice.js";
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

/** What a page is cut out of. */
export interface Paged<Item> {
  readonly order: Slice["order"];
  readonly list: (slice: Slice) => Promise<readonly Item[]>;
  /** Where an object stands, which need not be in the list any more. */
  readonly sequenceOf: (id: string) => Promise<number | undefined>;
}

/** Reads one page of a list. */
export async function readPage<Item extends StoredRecord>(
  { limit, after: afterId }: PageQuery,
  { order, list, sequenceOf }: Paged<Item>,
): Promise<Page<Item>> {
  const after = afterId === undefined ? undefined : assertInList(await sequenceOf(afterId));
  // One more tells whether there are more.
  const found = await list({ order, after, limit: limit + 1 });
  const data = found.slice(0, limit);
  return {
    object: "list",
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: found.length > limit,
  };
}

function assertInList(sequence: number | undefined): number {
  if (sequence !== undefined) return sequence;
  throw new ApiError(400, "Invalid 'after': there is no object of that id in the list.", {
    param: "after",
    code: "invalid_value",
  });
}
