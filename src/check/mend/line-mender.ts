import { isUtf8 } from "node:buffer";
import { hasByteOrderMark, isBlankLine, readLineId, withoutCarriageReturns } from "../../batch-file/index.js";
import { formatCount, OpenbatchError } from "../../errors/index.js";
import { findJsonFault, type RawLine } from "../../jsonl/index.js";
import { looksLikeUtf16 } from "../lines/find-json-problem.js";
import { maxListedLines } from "../report/finding.js";
import type { FixChange, FixCode } from "./fix-report.js";
import { mendResponseFormat } from "./mend-response-format.js";
import { SeenLines } from "./seen-lines.js";

/** Mends one line of a batch file after the other, and keeps account of it. */
export class LineMender {
  /** The last line, if it is half a request. */
  torn: Buffer | undefined;
  #isUtf16 = false;
  readonly #seen = new SeenLines();
  readonly #changes = new Map<FixCode, { code: FixCode; lines: number[]; lineCount: number }>();

  get changes(): readonly FixChange[] {
    return [...this.#changes.values()];
  }

  /** The line as it should be, without its line end; `undefined` if it should not be there. Valid during the call. */
  mend({ bytes: raw, number, terminated, tooLong, length }: RawLine): Buffer | undefined {
    if (tooLong) throw toLongLineError(number, length);
    if (number === 1) this.#isUtf16 = isUtf16(raw);
    // Left as it is: what stands for a line end in it is two bytes.
    if (this.#isUtf16) return raw;
    const unmarked = withoutMarks(raw);
    const bytes = withoutCarriageReturns(unmarked);
    if (isBlankLine(bytes)) return this.#drop("blank_line", number);
    if (!terminated && isTorn(bytes)) {
      this.torn = Buffer.from(bytes);
      return this.#drop("torn_last_line", number);
    }
    const reshaped = withFormatInPlace(bytes);
    const mended = reshaped ?? bytes;
    // The same request without an id may be meant to be asked twice, once it has one.
    if (this.#seen.add(mended) && readLineId(mended) !== undefined)
      return this.#drop("duplicate_custom_id", number);
    if (unmarked.length < raw.length) this.#note("byte_order_mark", number);
    if (bytes.length < unmarked.length) this.#note("crlf_line_ends", number);
    if (!terminated) this.#note("no_final_line_end", number);
    if (reshaped !== undefined) this.#note("wrong_response_format", number);
    return mended;
  }

  #drop(code: FixCode, number: number): undefined {
    this.#note(code, number);
  }

  #note(code: FixCode, number: number): void {
    const change = this.#changes.get(code) ?? { code, lines: [], lineCount: 0 };
    this.#changes.set(code, change);
    change.lineCount += 1;
    if (change.lines.length < maxListedLines) change.lines.push(number);
  }
}

function withFormatInPlace(bytes: Buffer): Buffer | undefined {
  if (!bytes.includes('"format"') || !isUtf8(bytes)) return undefined;
  const mended = mendResponseFormat(bytes.toString());
  return mended === undefined ? undefined : Buffer.from(mended);
}

function withoutMarks(bytes: Buffer): Buffer {
  return hasByteOrderMark(bytes) ? withoutMarks(bytes.subarray(3)) : bytes;
}

function isUtf16(bytes: Buffer): boolean {
  return looksLikeUtf16(bytes.toString("latin1", 0, 64));
}

function isTorn(bytes: Buffer): boolean {
  const text = bytes.toString();
  try {
    JSON.parse(text);
    return false;
  } catch {
    return findJsonFault(text).isTorn;
  }
}

function toLongLineError(number: number, length: number): OpenbatchError {
  const found = `Line ${number} has ${formatCount(length)} bytes`;
  return new OpenbatchError("line_too_long", `${found}, more than any batch takes. Nothing was written.`);
}
