import {
  closeBrace,
  closeBracket,
  colon,
  comma,
  findStringEnd,
  notFound,
  openBrace,
  openBracket,
  parseJsonString,
  quote,
} from "./json-bytes.js";

const closers: ReadonlyMap<number | undefined, number> = new Map([
  [openBrace, closeBrace],
  [openBracket, closeBracket],
]);

/**
 * The members of the outermost object of a broken line that are whole strings, as far as the line can be followed. What
 * stands deeper, as in a body, is not among them. Of equal keys the last counts, as for every reader of JSON.
 */
export function scanMembers(line: Buffer): ReadonlyMap<string, string> {
  const members = new Map<string, string>();
  const scan = new MemberScan(line);
  for (let member = scan.next(); member !== undefined; member = scan.next()) {
    const [key, value] = member;
    if (value !== undefined) members.set(key, value);
  }
  return members;
}

class MemberScan {
  readonly #line: Buffer;
  /** What closes the objects and arrays that are open here, outermost first. */
  readonly #open: number[] = [];
  #at: number;

  constructor(line: Buffer) {
    this.#line = line;
    this.#at = 0;
    this.#skipSpace();
    if (line[this.#at] === openBrace) {
      this.#open.push(closeBrace);
      this.#at += 1;
    }
  }

  /** The next key of the outermost object with its value, if that is a whole string. */
  next(): readonly [string, string | undefined] | undefined {
    if (this.#open.length !== 1) return undefined;
    const key = this.#readString();
    if (key === undefined) return undefined;
    this.#skipSpace();
    if (this.#line[this.#at] !== colon) return undefined;
    this.#at += 1;
    const value = this.#readString();
    this.#skipToNextMember();
    return [key, value];
  }

  /** Steps behind the comma that ends a member of the outermost object; to the end where there is none. */
  #skipToNextMember(): void {
    while (this.#at < this.#line.length) {
      const byte = this.#line[this.#at];
      if (byte === comma && this.#open.length === 1) {
        this.#at += 1;
        return;
      }
      if (!this.#skipToken(byte)) break;
    }
    this.#open.length = 0;
  }

  /** False where a bracket closes what is not open, or the object itself is closed. */
  #skipToken(byte: number | undefined): boolean {
    if (byte === quote) return this.#skipString();
    const closer = closers.get(byte);
    if (closer !== undefined) this.#open.push(closer);
    else if ((byte === closeBrace || byte === closeBracket) && this.#open.pop() !== byte) return false;
    this.#at += 1;
    return this.#open.length > 0;
  }

  #readString(): string | undefined {
    this.#skipSpace();
    const start = this.#at;
    if (this.#line[start] !== quote || !this.#skipString()) return undefined;
    return parseJsonString(this.#line, start, this.#at);
  }

  #skipString(): boolean {
    const end = findStringEnd(this.#line, this.#at, this.#line.length);
    this.#at = end === notFound ? this.#line.length : end;
    return end !== notFound;
  }

  #skipSpace(): void {
    while (this.#at < this.#line.length && (this.#line[this.#at] ?? 0) <= 0x20) this.#at += 1;
  }
}
