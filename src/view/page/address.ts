import type { RowOutcome } from "../wire/row-outcome.js";

/** What is looked at: all of it stands in the address, so that a link or the button "back" leads to it again. */
export interface Address {
  readonly source: string;
  readonly outcomes: readonly RowOutcome[];
  readonly cause: number | undefined;
  /** Values at places of the answer: `parsed.mood="good"`. */
  readonly values: readonly string[];
  readonly text: string;
  /** Whether only rows are wanted in which two results files differ. */
  readonly onlyDifferent: boolean;
  /** The columns that are shown; those that the server finds, where there are none. */
  readonly columns: readonly string[];
  /** The custom_id of the request that is open. */
  readonly open: string | undefined;
}

/** What is shown where nothing was chosen. */
export const firstSource = "1";

export function readAddress(hash: string): Address {
  const query = new URLSearchParams(hash.replace(/^#/, ""));
  const cause = query.get("cause");
  return {
    source: query.get("source") ?? firstSource,
    // What is no outcome lets no row through, and is shown as a filter that can be removed.
    outcomes: query.getAll("outcome") as RowOutcome[],
    cause: cause === null ? undefined : Number(cause),
    values: query.getAll("value"),
    text: query.get("q") ?? "",
    onlyDifferent: query.get("differ") === "1",
    columns: query.getAll("column"),
    open: query.get("open") ?? undefined,
  };
}

export function writeAddress(address: Address): string {
  const query = new URLSearchParams();
  if (address.source !== firstSource) query.set("source", address.source);
  for (const [name, value] of listFilter(address)) query.append(name, value);
  for (const column of address.columns) query.append("column", column);
  if (address.open !== undefined) query.set("open", address.open);
  return `#${query}`;
}

/** The filter as the server takes it. */
export function listFilter(address: Address): readonly (readonly [string, string])[] {
  const { outcomes, cause, values, text, onlyDifferent } = address;
  return [
    ...outcomes.map((outcome) => ["outcome", outcome] as const),
    ...(cause === undefined ? [] : [["cause", String(cause)] as const]),
    ...values.map((value) => ["value", value] as const),
    ...(text === "" ? [] : [["q", text] as const]),
    ...(onlyDifferent ? [["differ", "1"] as const] : []),
  ];
}

export const noFilter = {
  outcomes: [],
  cause: undefined,
  values: [],
  text: "",
  onlyDifferent: false,
} as const;
