import type { StoredRecord } from "./record-folder.js";

/** What is asked of a list. */
export interface Slice {
  /** By when objects were made, the newest last or first. */
  readonly order: "asc" | "desc";
  /** The sequence of the object that it begins behind. */
  readonly after: number | undefined;
  /** The most that are given. */
  readonly limit: number;
}

/** Cuts a slice out of all that there is. */
export function toSlice<Item extends StoredRecord>(
  items: readonly Item[],
  { order, after, limit }: Slice,
): readonly Item[] {
  const sign = order === "asc" ? 1 : -1;
  const behind =
    after === undefined ? [...items] : items.filter((item) => sign * (item.sequence - after) > 0);
  return behind.sort((one, other) => sign * (one.sequence - other.sequence)).slice(0, limit);
}
