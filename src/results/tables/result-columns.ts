import { nearestName } from "../../api/index.js";
import { listColumns, OpenbatchError } from "../../errors/index.js";
import type { Result } from "../answer/result.js";

/** A column that was asked for, and that no result has. */
export interface AbsentColumn {
  readonly name: string;
  /** What was probably meant. */
  readonly nearest: string | undefined;
}

/** What every result may have, whether one in the file does or not. */
const knownColumns: readonly string[] = [
  ...["custom_id", "status", "url", "file", "line", "requestLine", "rounds", "request_id", "raw"],
  ...["body", "format", "parsed", "text", "embedding", "embeddings", "toolCalls", "refusal", "finish"],
  ...["usage", "usage.input_tokens", "usage.input_tokens_details.cached_tokens", "usage.output_tokens"],
  ...["usage.output_tokens_details.reasoning_tokens", "usage.total_tokens"],
  ...["spent", "spent.input_tokens", "spent.output_tokens", "spent.total_tokens"],
  ...["problem", "problem.code", "problem.severity", "problem.path", "problem.rule", "problem.message"],
  ...["problem.hint", "note", "note.code", "note.message"],
  ...["statusCode", "retryable", "error", "error.message", "error.type", "error.code", "error.param"],
];

/** Cells that are left empty, for their values are nested too deeply to be written. Listed are the first ten. */
export interface DeepCells {
  readonly count: number;
  readonly listed: readonly { readonly custom_id: string; readonly column: string }[];
}

const maxCandidates = 1000;
const maxListed = 10;
/** A value of more levels is not written: whoever reads the table may not be able to. */
const maxLevels = 1000;

/** The columns that are asked of results, by their paths: `custom_id`, `parsed.city` or `city`, `toolCalls[0].name`. */
export class ResultColumns {
  readonly names: readonly string[];
  readonly #steps: ReadonlyMap<string, readonly string[]>;
  readonly #absent: Set<string>;
  readonly #candidates = new Set<string>(knownColumns);
  readonly #deep: { custom_id: string; column: string }[] = [];
  #deepCount = 0;
  #isFilled = false;

  constructor(names: readonly string[]) {
    this.names = names;
    this.#steps = new Map(names.map((name) => [name, toSteps(name)]));
    this.#absent = new Set(names.filter((name) => !knownColumns.includes(name)));
  }

  /** The values of one result, in the order of the columns. */
  read(result: Result): readonly unknown[] {
    return this.names.map((name) => {
      const steps = this.#steps.get(name) ?? [];
      const found = resolve(result, steps) ?? this.#resolveInAnswer(result, name);
      if (found !== undefined) this.#absent.delete(name);
      else if (this.#absent.has(name)) this.#addCandidates(result, steps);
      const value = isNothing(name, found?.value) ? undefined : found?.value;
      if (value !== undefined) this.#isFilled = true;
      return isTooDeep(value) ? this.#leaveOut(result, name) : value;
    });
  }

  deepCells(): DeepCells {
    return { count: this.#deepCount, listed: this.#deep };
  }

  /** Those that no result had so far. */
  absent(): readonly AbsentColumn[] {
    return [...this.#absent].map((name) => ({ name, nearest: this.#nearest(name) }));
  }

  /** A table with nothing in it is no table; it is not written. */
  assertAnyFound(): void {
    const absent = this.absent();
    if (absent.length === 0 || absent.length < this.names.length) return;
    const nearest = absent.find((column) => column.nearest !== undefined)?.nearest;
    throw new OpenbatchError(
      "invalid_option",
      `No result has ${listColumns(this.names)}: the table would be empty.`,
      {
        hint: `${nearest === undefined ? "Name paths into a result: custom_id, text, parsed.city" : `Did you mean ${JSON.stringify(nearest)}? See`}: columns (--columns).`,
      },
    );
  }

  /** Nor is one of columns that a result may have, and that none of these has. */
  assertAnyFilled(): void {
    this.assertAnyFound();
    if (this.#isFilled) return;
    throw new OpenbatchError(
      "invalid_option",
      `No result has anything in ${listColumns(this.names)}: the table would be empty.`,
      { hint: "Name what they have, as custom_id, status, text or parsed: columns (--columns)." },
    );
  }

  /** What is nothing of a result may be a member of its answer. */
  #resolveInAnswer(result: Result, name: string): Found | undefined {
    if (result.status !== "succeeded" || knownColumns.includes(name)) return undefined;
    return resolve(result.parsed, this.#steps.get(name) ?? []);
  }

  #leaveOut({ custom_id }: Result, column: string): undefined {
    this.#deepCount += 1;
    if (this.#deep.length < maxListed) this.#deep.push({ custom_id, column });
  }

  #nearest(name: string): string | undefined {
    const inside = [...this.#candidates].find((candidate) => candidate.endsWith(`.${name}`));
    return inside ?? nearestName(name, this.#candidates);
  }

  /** Remembers what stands where the path leads nowhere, and the members of what else might have been meant. */
  #addCandidates(result: Result, steps: readonly string[]): void {
    if (this.#candidates.size >= maxCandidates) return;
    let depth = 0;
    while (resolve(result, steps.slice(0, depth + 1)) !== undefined) depth += 1;
    const here = steps.slice(0, depth);
    const rest = steps.slice(depth + 1);
    for (const key of keysOf(resolve(result, here)?.value)) {
      this.#candidates.add([...here, key, ...rest].join("."));
    }
    if (depth > 0 || result.status !== "succeeded") return;
    for (const key of keysOf(result.parsed)) {
      this.#candidates.add(["parsed", key, ...rest].join(".")).add([key, ...rest].join("."));
    }
    for (const key of keysOf(result.body)) this.#candidates.add(["body", key, ...rest].join("."));
  }
}

/** A list of its own that every answer has: where it holds nothing, the answer has none. */
function isNothing(name: string, value: unknown): boolean {
  return (name === "embeddings" || name === "toolCalls") && Array.isArray(value) && value.length === 0;
}

/** Goes down level by level without calling itself, for an answer is nested as deep as it likes. */
function isTooDeep(value: unknown): boolean {
  let level = [value].filter(isNesting);
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth === maxLevels) return true;
    level = level.flatMap((outer) => Object.values(outer).filter(isNesting));
  }
  return false;
}

function isNesting(value: unknown): value is object {
  return typeof value === "object" && value !== null && !ArrayBuffer.isView(value);
}

function toSteps(name: string): readonly string[] {
  return name.replace(/\[(\d+)\]/g, ".$1").split(".");
}

interface Found {
  readonly value: unknown;
}

/** Follows a path. A key may itself have points: the shortest that is there is tried first. */
function resolve(value: unknown, steps: readonly string[]): Found | undefined {
  if (steps.length === 0) return { value };
  for (let length = 1; length <= steps.length; length += 1) {
    const member = memberOf(value, length === 1 ? (steps[0] ?? "") : steps.slice(0, length).join("."));
    const found = member === undefined ? undefined : resolve(member.value, steps.slice(length));
    if (found !== undefined) return found;
  }
  return undefined;
}

function memberOf(value: unknown, key: string): Found | undefined {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  if ((Array.isArray(value) || ArrayBuffer.isView(value)) && !/^\d+$/.test(key)) return undefined;
  // It has the member, as was just seen.
  const member = (value as Readonly<Record<string, unknown>>)[key];
  return typeof member === "function" ? undefined : { value: member };
}

function keysOf(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value) || ArrayBuffer.isView(value))
    return [];
  return Object.keys(value).slice(0, 100);
}
