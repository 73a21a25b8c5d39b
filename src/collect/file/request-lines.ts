import { isBlankLine, readLineId, toHeadKind, withoutByteOrderMark } from "../../batch-file/index.js";
import { OpenbatchError } from "../../errors/index.js";
import type { FormatNames } from "../../format/index.js";
import {
  findJsonFault,
  hashKey,
  KeyIndex,
  type KeyPlace,
  type RawLine,
  tryParseJson,
} from "../../jsonl/index.js";
import { FormatScan } from "./format-scan.js";

interface RequestLinesOptions {
  /** Reads the id of a line that was added. */
  readonly readId: (place: KeyPlace) => string | undefined;
  /** Gets the names of the formats of the lines that are there. */
  readonly formatNames: FormatNames;
}

/** What is known of the lines of one batch file: how many there are, and which ids stand where. */
export class RequestLines {
  readonly #path: string;
  readonly #ids: KeyIndex;
  readonly #formats: FormatScan;
  #lines = 0;
  #requests = 0;
  #endsOpen = false;

  constructor(path: string, { readId, formatNames }: RequestLinesOptions) {
    this.#path = path;
    this.#ids = new KeyIndex(readId);
    this.#formats = new FormatScan(formatNames);
  }

  /** Requests, that is lines that are not blank. */
  get count(): number {
    return this.#requests;
  }

  /** Whether the last line has no line end yet. */
  get endsOpen(): boolean {
    return this.#endsOpen;
  }

  find(custom_id: string, hash: number): KeyPlace | undefined {
    return this.#ids.find(custom_id, hash);
  }

  /** Notes a line that was appended at an offset, by the hash of its id. */
  add(hash: number, offset: number): void {
    this.#lines += 1;
    this.#requests += 1;
    this.#endsOpen = false;
    this.#ids.add(hash, { line: this.#lines, offset });
  }

  /** Notes a line that is there. Throws where the file cannot be a batch file, or ends in half a line. */
  read(line: RawLine): void {
    this.#lines = line.number;
    this.#endsOpen = !line.terminated;
    const bytes = withoutByteOrderMark(line.bytes);
    if (isBlankLine(bytes)) return;
    if (this.#requests === 0) this.#assertRequest(bytes);
    if (!line.terminated) this.#assertWhole(line, bytes);
    this.#requests += 1;
    this.#formats.read(bytes);
    const custom_id = readLineId(bytes);
    if (custom_id === undefined) return;
    const hash = hashKey(custom_id);
    if (this.#ids.find(custom_id, hash) === undefined)
      this.#ids.add(hash, { line: line.number, offset: line.offset });
  }

  /** The first line of another file, say of a data set, is no request; half a request is looked at later. */
  #assertRequest(bytes: Buffer): void {
    const isBroken = /^[ \t]*\{/.test(bytes.toString("latin1", 0, 64)) && !isJson(bytes);
    if (toHeadKind(bytes) === "request" || isBroken) return;
    throw new OpenbatchError("not_a_batch_file", `${this.#path} is there, and its first line is no request.`);
  }

  #assertWhole(line: RawLine, bytes: Buffer): void {
    if (isJson(bytes)) return;
    const place = `${this.#path}: its last line (line ${line.number}, ${line.length} bytes)`;
    if (findJsonFault(bytes.toString("utf8")).isTorn) {
      throw new OpenbatchError("torn_last_line", `${place} is half a JSON object.`, {
        hint: `Mend it: openbatch validate --fix --in-place ${this.#path} keeps the torn line beside the file.`,
      });
    }
    throw new OpenbatchError("invalid_json_line", `${place} has no line end and is no JSON.`, {
      hint: "Look at it, and mend or remove it: nothing is appended behind it.",
    });
  }
}

function isJson(bytes: Buffer): boolean {
  return tryParseJson(bytes) !== undefined;
}
