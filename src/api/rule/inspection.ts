import { type Code, hintOf, type Problem, type Severity } from "../../errors/index.js";

/**
 * Where requests go: to be "upload"ed to OpenAI, or to "openbatch" run, whose server may take more than OpenAI does.
 */
export type RequestTarget = "upload" | "openbatch";

/** A service other than OpenAI, as far as one request shows that it is one. */
export interface OtherService {
  readonly title: string;
  /** The urls that a line may have, each with the endpoint that it means, if OpenAI has it. Empty where none is known. */
  readonly urls: Readonly<Record<string, string | null>>;
  /** Whether it is known to refuse others. */
  readonly isUrlKnown: boolean;
}

export interface InspectionOptions {
  /** With "openbatch" what only OpenAI refuses is a note. "upload" by default. */
  readonly target?: RequestTarget;
  /** Where the file is to be uploaded, if not to OpenAI: what only OpenAI is known to refuse is a warning there. */
  readonly service?: OtherService | undefined;
  /** Names to let through although no table has them: all, or those listed. None by default. */
  readonly allowUnknownParameters?: boolean | readonly string[];
  /** Whether any other unknown name is an error (as for the collector) or, by default, only a likely slip. */
  readonly closedNames?: boolean;
}

/**
 * Walks through a value and gathers what is wrong with it. Knows at each moment where in the value it is.
 * One inspection may serve many values, one after the other: {@link reset} between them.
 */
export class Inspection {
  readonly closedNames: boolean;
  readonly target: RequestTarget;
  readonly service: OtherService | undefined;
  /** The model that the request asks for, once it is known; some rules differ by model. */
  model: string | undefined;
  #problems: Problem[] = [];
  readonly #allowed: boolean | ReadonlySet<string>;
  // Grows to the greatest depth seen and stays: only what lies below #depth counts.
  readonly #place: (string | number)[] = [];
  #depth = 0;

  constructor(options: InspectionOptions = {}) {
    const { allowUnknownParameters = false, closedNames = false, target = "upload" } = options;
    this.closedNames = closedNames;
    this.target = target;
    this.service = options.service;
    this.#allowed =
      typeof allowUnknownParameters === "boolean" ? allowUnknownParameters : new Set(allowUnknownParameters);
  }

  /** What was found so far, in the order of the walk. Stays as it is after a {@link reset}. */
  get problems(): readonly Problem[] {
    return this.#problems;
  }

  /** Begins anew, for another value. */
  reset(): void {
    if (this.#problems.length > 0) this.#problems = [];
    this.#depth = 0;
    this.model = undefined;
  }

  allowsUnknown(name: string): boolean {
    return typeof this.#allowed === "boolean" ? this.#allowed : this.#allowed.has(name);
  }

  /** Steps into a property or an element; {@link leave} steps out. */
  enter(key: string | number): void {
    this.#place[this.#depth] = key;
    this.#depth += 1;
  }

  leave(): void {
    this.#depth -= 1;
  }

  /** Inspects a property or an element; for the rare case, where a closure costs nothing that matters. */
  inside(key: string | number, inspect: () => void): void {
    this.enter(key);
    inspect();
    this.leave();
  }

  get path(): string {
    return this.#place.slice(0, this.#depth).map(toPathStep).join("");
  }

  /** What no server takes. */
  error(code: Code, message: string, hint?: string): void {
    this.#report("error", code, message, hint);
  }

  /** What OpenAI is known to refuse, and another server may take. */
  refused(code: Code, message: string, hint?: string): void {
    const elsewhere = this.service === undefined ? "error" : "warning";
    this.#report(this.target === "upload" ? elsewhere : "note", code, message, hint);
  }

  warning(code: Code, message: string, hint?: string): void {
    const isElsewhere = this.target === "openbatch" || this.service !== undefined;
    const isOpenAIs = isElsewhere && aboutOpenAI.has(code);
    this.#report(isOpenAIs ? "note" : "warning", code, message, hint);
  }

  #report(severity: Severity, code: Code, message: string, hint = hintOf(code)): void {
    this.#problems.push({ severity, code, path: this.path, message, hint });
  }
}

/** Warnings with these codes tell what OpenAI, or its Batch API, is said not to take. */
const aboutOpenAI: ReadonlySet<Code> = new Set([
  "invalid_schema",
  "invalid_value",
  "likely_refused",
  "no_effect_in_batch",
  "schema_constraint",
]);

function toPathStep(key: string | number, index: number): string {
  if (typeof key === "number") return `[${key}]`;
  if (!/^[A-Za-z_$][\w$]{0,63}$/.test(key)) return `[${JSON.stringify(shorten(key))}]`;
  return index === 0 ? key : `.${key}`;
}

function shorten(key: string): string {
  return key.length <= 64 ? key : `${key.slice(0, 60)}…`;
}
