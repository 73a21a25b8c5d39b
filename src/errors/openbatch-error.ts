import { type Code, codeTable } from "./code-table.js";

const marker = Symbol.for("openbatch.error");

export interface OpenbatchErrorOptions {
  /** What to do next. By default the hint of the code. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/**
 * The base of every error that openbatch throws on purpose. `instanceof` holds across two installed copies.
 *
 * @example
 * ```ts
 * import { BatchCollector, OpenbatchError } from "openbatch";
 *
 * try {
 *   new BatchCollector("my_batch_job.jsonl", { mode: "create" });
 * } catch (error) {
 *   if (error instanceof OpenbatchError && error.code === "file_exists") console.error(error.hint);
 *   else throw error;
 * }
 * ```
 */
export class OpenbatchError extends Error {
  override readonly name: string = "OpenbatchError";
  readonly code: Code;
  /** The next action to take. */
  readonly hint: string;

  constructor(code: Code, message: string, options: OpenbatchErrorOptions = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.hint = options.hint ?? codeTable[code].hint;
    Object.defineProperty(this, marker, { value: true });
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    if (this !== OpenbatchError) return Function.prototype[Symbol.hasInstance].call(this, value);
    return typeof value === "object" && value !== null && marker in value;
  }
}
