import { parseJsonString } from "./scan-members.js";

const tab = 0x09;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const backslash = 0x5c;
const openBrace = 0x7b;

const customIdKey = Buffer.from("custom_id");
const urlKey = Buffer.from("url");
const nullWord = Buffer.from("null");

/**
 * Reads `custom_id` and `url` where they stand among the strings at the beginning of a JSON object, as they nearly always do,
 * and looks at no more of it: much faster than to parse a line. One reader may serve many lines.
 */
export class LeadingStrings {
  custom_id: string | undefined;
  url: string | undefined;
  /** Where the first key stands whose value is neither a string nor null, its opening quote; -1 where none was reached. */
  stoppedAt = -1;
  #buffer: Buffer = Buffer.alloc(0);
  #at = 0;
  #end = 0;

  /**
   * Reads until `custom_id` is found, or with `needsUrl` both. What was not found may be further on, or the line be broken:
   * only a whole parse can tell.
   */
  read(buffer: Buffer, start: number, end: number, { needsUrl }: { readonly needsUrl: boolean }): void {
    this.#buffer = buffer;
    this.#at = start;
    this.#end = end;
    this.custom_id = undefined;
    this.url = undefined;
    this.stoppedAt = -1;
    if (!this.#take(openBrace)) return;
    do {
      if (!this.#readMember()) return;
      if (this.custom_id !== undefined && (!needsUrl || this.url !== undefined)) return;
    } while (this.#take(comma));
  }

  /** Reads one key and its value. False where the value is none that is read here, or nothing that is JSON. */
  #readMember(): boolean {
    this.#skipSpace();
    const keyStart = this.#at;
    if (!this.#skipString()) return false;
    const keyEnd = this.#at - 1;
    if (!this.#take(colon)) return false;
    this.#skipSpace();
    const valueStart = this.#at;
    if (!this.#skipString()) {
      if (this.#takeNull()) return true;
      this.stoppedAt = keyStart;
      return false;
    }
    if (this.#isAt(keyStart + 1, keyEnd, customIdKey)) this.custom_id ??= this.#decode(valueStart);
    else if (this.#isAt(keyStart + 1, keyEnd, urlKey)) this.url ??= this.#decode(valueStart);
    return true;
  }

  #take(byte: number): boolean {
    this.#skipSpace();
    if (this.#at >= this.#end || this.#buffer[this.#at] !== byte) return false;
    this.#at += 1;
    return true;
  }

  #skipSpace(): void {
    const buffer = this.#buffer;
    while (this.#at < this.#end && isSpace(buffer[this.#at])) this.#at += 1;
  }

  #skipString(): boolean {
    const buffer = this.#buffer;
    if (this.#at >= this.#end || buffer[this.#at] !== quote) return false;
    for (let at = this.#at + 1; at < this.#end; at += 1) {
      const byte = buffer[at];
      if (byte === backslash) at += 1;
      else if (byte === quote) {
        this.#at = at + 1;
        return true;
      }
    }
    return false;
  }

  #takeNull(): boolean {
    if (!this.#isAt(this.#at, this.#at + nullWord.length, nullWord)) return false;
    this.#at += nullWord.length;
    return true;
  }

  #isAt(start: number, end: number, word: Buffer): boolean {
    if (end - start !== word.length || end > this.#end) return false;
    for (let index = 0; index < word.length; index += 1) {
      if (this.#buffer[start + index] !== word[index]) return false;
    }
    return true;
  }

  /** The string from an opening quote up to here. */
  #decode(start: number): string | undefined {
    const buffer = this.#buffer;
    const end = this.#at - 1;
    let isPlain = true;
    for (let at = start + 1; at < end && isPlain; at += 1) {
      const byte = buffer[at] ?? 0;
      isPlain = byte >= space && byte < 0x80 && byte !== backslash;
    }
    return isPlain ? buffer.toString("latin1", start + 1, end) : parseJsonString(buffer, start, this.#at);
  }
}

function isSpace(byte: number | undefined): boolean {
  return byte === space || byte === tab || byte === carriageReturn || byte === lineFeed;
}
