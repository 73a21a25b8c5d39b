import { describeName } from "../api/index.js";
import { type Code, countOf, formatCount, OpenbatchError } from "../errors/index.js";
import type { LineFault } from "./read-request-line.js";

const maxListed = 20;

/** Gathers what keeps a batch file from being sent: lists the first faults, and counts all. */
export class BatchFileFaults {
  readonly #path: string;
  readonly #listed: string[] = [];
  readonly #codes = new Set<Code>();
  #count = 0;

  constructor(path: string) {
    this.#path = path;
  }

  add(line: number, { code, message, custom_id }: LineFault): void {
    this.#count += 1;
    this.#codes.add(code);
    if (this.#listed.length >= maxListed) return;
    const id = custom_id === undefined ? "" : ` ${describeName(custom_id)}`;
    this.#listed.push(`${this.#path}:${line}${id}: ${message} [${code}]`);
  }

  /**
   * @param requests how many lines can be sent.
   * @throws OpenbatchError `invalid_batch_file`
   */
  throwIfAny(requests: number): void {
    if (this.#count === 0) return;
    if (requests === 0 && this.#codes.has("not_a_batch_file")) throw this.#toResultsError();
    const isAlike = requests === 0 && this.#count > 1 && this.#codes.size === 1;
    const lines = countOf(this.#count, "line");
    const what = isAlike ? `all ${lines} have the same fault, as the first` : `${lines} must be mended first`;
    throw new OpenbatchError(
      "invalid_batch_file",
      `${this.#path} cannot be sent: ${what}. Nothing was sent.\n  ${this.#list(isAlike).join("\n  ")}`,
      {
        hint: `${isAlike ? "Is it the right file? " : ""}Mend the ${this.#count === 1 ? "line" : "lines"}; openbatch validate --for openbatch ${this.#path} says more.`,
      },
    );
  }

  #list(isAlike: boolean): string[] {
    if (isAlike) return this.#listed.slice(0, 1);
    const more = this.#count - this.#listed.length;
    return [...this.#listed, ...(more > 0 ? [`and ${formatCount(more)} more`] : [])];
  }

  #toResultsError(): OpenbatchError {
    return new OpenbatchError(
      "invalid_batch_file",
      `${this.#path} holds results, not requests. Nothing was sent.`,
      {
        hint: `Name the batch file that they are of; openbatch results ${this.#path} reads them.`,
      },
    );
  }
}
