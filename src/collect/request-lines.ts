import { OpenbatchError } from "../errors/index.js";
import { hashKey, KeyIndex, type KeyPlace, type RawLine } from "../jsonl/index.js";
import { readCustomId } from "./read-custom-id.js";

const openingBrace = 0x7b;

/** What is known of the lines of one batch file: how many there are, and which ids stand where. */
export class RequestLines {
  readonly #path: string;
  readonly #ids: KeyIndex;
  #lines = 0;
  #requests = 0;
  #endsOpen = false;

  /** @param readId reads the id of a line that was added. */
  constructor(path: string, readId: (place: KeyPlace) => string | undefined) {
    this.#path = path;
    this.#ids = new KeyIndex(readId);
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
    const bytes = line.number === 1 ? withoutByteOrderMark(line.bytes) : line.bytes;
    if (isBlank(bytes)) return;
    if (this.#requests === 0) this.#assertObject(bytes);
    if (!line.terminated) this.#assertWhole(line, bytes);
    this.#requests += 1;
    const custom_id = readCustomId(bytes);
    if (custom_id === undefined) return;
    const hash = hashKey(custom_id);
    if (this.#ids.find(custom_id, hash) === undefined)
      this.#ids.add(hash, { line: line.number, offset: line.offset });
  }

  #assertObject(bytes: Buffer): void {
    if (bytes.toString("latin1", 0, 64).trimStart().charCodeAt(0) === openingBrace) return;
    throw new OpenbatchError(
      "not_a_batch_file",
      `${this.#path} is there, and its first line is not a JSON object.`,
    );
  }

  #assertWhole(line: RawLine, bytes: Buffer): void {
    try {
      JSON.parse(bytes.toString("utf8"));
    } catch {
      throw new OpenbatchError(
        "torn_last_line",
        `${this.#path}: its last line (line ${line.number}, ${line.length} bytes) is half a JSON object.`,
        {
          hint: `Mend it: openbatch validate --fix --in-place ${this.#path} keeps the torn line beside the file.`,
        },
      );
    }
  }
}

function isBlank(bytes: Buffer): boolean {
  return bytes.length < 1024 && bytes.toString("latin1").trim() === "";
}

function withoutByteOrderMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}
