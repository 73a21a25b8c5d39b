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

/** Cuts one page out of a list in its order. */
export function toPage<Item extends { readonly id: string }>(
  items: readonly Item[],
  { limit, after }: PageQuery,
): Page<Item> {
  const start = after === undefined ? 0 : findBehind(items, after);
  const data = items.slice(start, start + limit);
  return {
    object: "list",
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: start + limit < items.length,
  };
}

function findBehind(items: readonly { readonly id: string }[], after: string): number {
  const index = items.findIndex(({ id }) => id === after);
  if (index !== -1) return index + 1;
  throw new ApiError(400, "Invalid 'after': there is no object of that id in the list.", {
    param: "after",
    code: "invalid_value",
  });
}
