import { type Result, ResultColumns } from "../../results/index.js";
import { toShortText } from "./cell-text.js";

/** The column with what the request asks, which no result has. */
export const promptColumn = "prompt";
/** The column with the code of the cause, whatever kind of cause it is. */
export const causeColumn = "cause";
/** Before the columns of the table that requests were made of, and of other results of the same requests. */
export const tablePrefix = "table.";
export const otherPrefix = "other.";

/** Where the cells of a row come from. */
export interface CellSources {
  readonly result: Result;
  readonly other: Result | undefined;
  readonly prompt: () => string | undefined;
  readonly cause: string | undefined;
  readonly table: () => Readonly<Record<string, string>> | undefined;
}

/** Reads the cells of rows, of the columns that were asked for. */
export class RowCellReader {
  readonly #names: readonly string[];
  readonly #own: ResultColumns;
  readonly #others: ResultColumns;

  constructor(names: readonly string[]) {
    this.#names = names;
    this.#own = new ResultColumns(names.filter(isOfResult));
    const others = names.filter((name) => name.startsWith(otherPrefix));
    this.#others = new ResultColumns(others.map((name) => name.slice(otherPrefix.length)));
  }

  read({ result, other, prompt, cause, table }: CellSources): readonly (string | null)[] {
    const own = this.#own.read(result).values();
    const others = (other === undefined ? [] : this.#others.read(other)).values();
    return this.#names.map((name) => {
      if (name === promptColumn) return toShortText(prompt());
      if (name === causeColumn) return toShortText(cause);
      if (name.startsWith(tablePrefix)) return toShortText(table()?.[name.slice(tablePrefix.length)]);
      return toShortText((name.startsWith(otherPrefix) ? others : own).next().value);
    });
  }
}

function isOfResult(name: string): boolean {
  const isOther = name.startsWith(otherPrefix) || name.startsWith(tablePrefix);
  return !isOther && name !== promptColumn && name !== causeColumn;
}

export interface ColumnChoices {
  /** The columns that show what the results hold. */
  readonly shown: readonly string[];
  readonly hasRequests: boolean;
  readonly hasCauses: boolean;
  /** The same of other results, where there are others. */
  readonly otherShown: readonly string[] | undefined;
  readonly table: readonly string[];
}

const answerColumns: readonly string[] = ["text", "embedding", "embeddings", "toolCalls", "body"];
/** What every result may have, to be chosen beside what there is. */
const moreColumns = ["text", "finish", "format", "usage.total_tokens", "request_id", "line"];

/** What is shown at first: what was asked, what was answered, and why something was not. */
export function chooseShownColumns({
  shown,
  hasRequests,
  hasCauses,
  otherShown,
}: ColumnChoices): readonly string[] {
  const own = answersOf(shown);
  const others = answersOf(otherShown ?? []);
  const found = own.length > 0 ? own : others.length > 0 ? [] : ["text"];
  return [
    ...(hasRequests ? [promptColumn] : []),
    ...(otherShown === undefined ? found : found.flatMap((name) => [name, otherPrefix + name])),
    // What these results have nothing beside.
    ...others.filter((name) => !found.includes(name)).map((name) => otherPrefix + name),
    ...(hasCauses ? [causeColumn] : []),
    ...shown.filter((name) => name === "usage.output_tokens"),
  ];
}

function answersOf(shown: readonly string[]): readonly string[] {
  const parsed = shown.filter((name) => /^parsed(?:\.|$)/.test(name));
  return parsed.length > 0 ? parsed : shown.filter((name) => answerColumns.includes(name));
}

/** All that may be shown. */
export function listChoices(choices: ColumnChoices): readonly string[] {
  const { shown, table, otherShown } = choices;
  const own = [...shown, ...moreColumns].filter((name) => name !== "custom_id");
  const others = otherShown === undefined ? [] : [...own, ...otherShown];
  return [
    ...new Set([
      ...chooseShownColumns(choices),
      ...table.map((name) => tablePrefix + name),
      ...own,
      ...others.filter((name) => name !== "custom_id").map((name) => otherPrefix + name),
    ]),
  ];
}
