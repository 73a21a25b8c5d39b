import { describeName } from "../api/index.js";
import { type Code, countOf, formatCount, OpenbatchError } from "../errors/index.js";
import type { LineFault } from "./read-request-line.js";

const maxCauses = 20;
const maxListedLines = 10;

/** A fault, and further lines that have it too. */
interface Cause {
  readonly text: string;
  readonly more: number[];
  count: number;
}

/** Gathers what keeps a batch file from being sent: lists the first causes with their first lines, and counts all. */
export class BatchFileFaults {
  readonly #path: string;
  readonly #causes = new Map<string, Cause>();
  readonly #codes = new Set<Code>();
  #count = 0;

  constructor(path: string) {
    this.#path = path;
  }

  add(line: number, { code, message, custom_id }: LineFault): void {
    this.#count += 1;
    this.#codes.add(code);
    // As the check does: lines and lengths that are told differ, and the cause is one.
    const key = `${code} ${message.replace(/\d[\d,]*/g, "#")}`;
    const cause = this.#causes.get(key);
    if (cause !== undefined) {
      cause.count += 1;
      if (cause.more.length < maxListedLines) cause.more.push(line);
    } else if (this.#causes.size < maxCauses) {
      const id = custom_id === undefined ? "" : ` ${describeName(custom_id)}`;
      this.#causes.set(key, { text: `${this.#path}:${line}${id}: ${message} [${code}]`, more: [], count: 1 });
    }
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
    const causes = [...this.#causes.values()];
    if (isAlike) return causes.slice(0, 1).map(({ text }) => text);
    const left = causes.reduce((rest, { count }) => rest - count, this.#count);
    return [...causes.flatMap(toLines), ...(left > 0 ? [`and ${formatCount(left)} more`] : [])];
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

function toLines({ text, more, count }: Cause): string[] {
  if (count === 1) return [text];
  const rest = count - 1 > more.length ? ", …" : "";
  return [text, `  and ${countOf(count - 1, "more line")}: ${more.join(", ")}${rest}`];
}
