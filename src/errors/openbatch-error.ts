import { type Code, codeTable } from "./code-table.js";

const marker = Symbol.for("openbatch.error");

export interface OpenbatchErrorOptions {
  /** What to do next. By default the hint of the code. */
  readonly hint?: string | undefined;
  readonly cause?: unknown | undefined;
  /** What stands in logs in the place of the message, where that holds what a server said. */
  readonly ownWords?: string | undefined;
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
  readonly #ownWords: string | undefined;

  constructor(code: Code, message: string, options: OpenbatchErrorOptions = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.hint = options.hint ?? codeTable[code].hint;
    this.#ownWords = options.ownWords;
    Object.defineProperty(this, marker, { value: true });
  }

  /** The message without what a server said, which may quote what was sent to it: for logs, and for lists that others see. */
  get ownWords(): string {
    return this.#ownWords ?? this.message;
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    if (this !== OpenbatchError) return Function.prototype[Symbol.hasInstance].call(this, value);
    return typeof value === "object" && value !== null && marker in value;
  }
}
