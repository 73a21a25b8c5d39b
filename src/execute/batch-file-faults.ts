import { describeName } from "../api/index.js";
import { OpenbatchError } from "../errors/index.js";
import type { LineFault } from "./read-request-line.js";

const maxListed = 20;

/** Gathers what keeps a batch file from being sent: lists the first faults, and counts all. */
export class BatchFileFaults {
  readonly #path: string;
  readonly #listed: string[] = [];
  #count = 0;

  constructor(path: string) {
    this.#path = path;
  }

  add(line: number, { code, message, custom_id }: LineFault): void {
    this.#count += 1;
    if (this.#listed.length >= maxListed) return;
    const id = custom_id === undefined ? "" : ` ${describeName(custom_id)}`;
    this.#listed.push(`${this.#path}:${line}${id}: ${message} [${code}]`);
  }

  /** @throws OpenbatchError `invalid_batch_file` */
  throwIfAny(): void {
    if (this.#count === 0) return;
    const lines = this.#count === 1 ? "1 line" : `${this.#count.toLocaleString("en-US")} lines`;
    const more = this.#count - this.#listed.length;
    const list = [...this.#listed, ...(more > 0 ? [`and ${more.toLocaleString("en-US")} more`] : [])];
    throw new OpenbatchError(
      "invalid_batch_file",
      `${this.#path} cannot be sent: ${lines} must be mended first. Nothing was sent.\n  ${list.join("\n  ")}`,
      {
        hint: `Mend the ${this.#count === 1 ? "line" : "lines"}; openbatch validate --for openbatch ${this.#path} says more.`,
      },
    );
  }
}
