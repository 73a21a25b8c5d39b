import type { FoundId } from "./found-id.js";
import {
  backslash,
  colon,
  comma,
  findStringEnd,
  notFound,
  openBrace,
  parseJsonString,
  quote,
} from "./json-bytes.js";

const tab = 0x09;
const space = 0x20;
const firstBeyondAscii = 0x80;

/**
 * Reads `custom_id` and `url` where they stand among the strings at the beginning of a JSON object, as they nearly always do,
 * and looks at no more of it: much faster than to parse a line. One reader may serve many lines, one after the other.
 */
export class LeadingStrings {
  #buffer: Buffer = Buffer.alloc(0);
  /** Where the strings stand, from the opening quote to behind the closing one. */
  #idStart = notFound;
  #idEnd = notFound;
  #urlStart = notFound;
  #urlEnd = notFound;
  #lastUrl = "";

  /**
   * Reads until `custom_id` is found, or with `needsUrl` both. What was not found may be further on, or be there twice, or the
   * line be broken: only a whole parse can tell. The buffer has to stay as it is until what was found is asked for.
   */
  read(buffer: Buffer, start: number, end: number, { needsUrl }: { readonly needsUrl: boolean }): void {
    this.#find(buffer, start, end, needsUrl);
    const isRepeated = this.#idStart !== notFound && holdsIdKey(buffer, this.#idEnd, end);
    const isEmpty = this.#idEnd - this.#idStart === 2;
    if (isRepeated || isEmpty) this.#idStart = notFound;
  }

  get hasId(): boolean {
    return this.#idStart !== notFound;
  }

  get custom_id(): string | undefined {
    return this.#idStart === notFound ? undefined : decode(this.#buffer, this.#idStart, this.#idEnd);
  }

  /** Takes the id that was found, without making a text of it where its bytes are what it says. False where there is none. */
  takeId(id: FoundId): boolean {
    if (this.#idStart === notFound) return false;
    const [start, end] = [this.#idStart + 1, this.#idEnd - 1];
    if (isPlain(this.#buffer, start, end)) {
      id.setBytes(this.#buffer, start, end);
      return true;
    }
    const text = parseJsonString(this.#buffer, this.#idStart, this.#idEnd);
    if (text !== undefined) id.setText(text);
    return text !== undefined;
  }

  get url(): string | undefined {
    if (this.#urlStart === notFound) return undefined;
    // Nearly every line has the same.
    if (isPlainString(this.#buffer, this.#urlStart, this.#urlEnd, this.#lastUrl)) return this.#lastUrl;
    const url = decode(this.#buffer, this.#urlStart, this.#urlEnd);
    this.#lastUrl = url ?? "";
    return url;
  }

  /** Whether `custom_id` was found and is this text; faster than to compare it. */
  hasCustomId(text: string): boolean {
    if (this.#idStart === notFound) return false;
    return isPlainString(this.#buffer, this.#idStart, this.#idEnd, text) || this.custom_id === text;
  }

  #find(buffer: Buffer, start: number, end: number, needsUrl: boolean): void {
    this.#buffer = buffer;
    this.#idStart = notFound;
    this.#urlStart = notFound;
    let at = skipSpace(buffer, start, end);
    if (at >= end || buffer[at] !== openBrace) return;
    do {
      const keyStart = skipSpace(buffer, at + 1, end);
      const keyEnd = findStringEnd(buffer, keyStart, end);
      if (keyEnd === notFound) return;
      at = skipSpace(buffer, keyEnd, end);
      if (at >= end || buffer[at] !== colon) return;
      const valueStart = skipSpace(buffer, at + 1, end);
      const valueEnd = findValueEnd(buffer, valueStart, end);
      if (valueEnd === notFound) return;
      this.#take(keyStart, keyEnd, valueStart, valueEnd);
      if (this.#idStart !== notFound && (!needsUrl || this.#urlStart !== notFound)) return;
      at = skipSpace(buffer, valueEnd, end);
    } while (at < end && buffer[at] === comma);
  }

  #take(keyStart: number, keyEnd: number, valueStart: number, valueEnd: number): void {
    // A value that is no string is null.
    if (this.#buffer[valueStart] !== quote) return;
    if (this.#idStart === notFound && isPlainString(this.#buffer, keyStart, keyEnd, "custom_id")) {
      this.#idStart = valueStart;
      this.#idEnd = valueEnd;
    } else if (this.#urlStart === notFound && isPlainString(this.#buffer, keyStart, keyEnd, "url")) {
      this.#urlStart = valueStart;
      this.#urlEnd = valueEnd;
    }
  }
}

/** The end of the key. Of fewer than seven bytes, and with one at the beginning that is rare: so it is found in half the time. */
const idKeyEnd = Buffer.from('m_id"');
const idKeyBeginning = "custo";

/** Whether something that looks like the key stands in a stretch: a second one would take the place of the first. */
function holdsIdKey(buffer: Buffer, start: number, end: number): boolean {
  let at = buffer.indexOf(idKeyEnd, start);
  while (at !== -1 && at < end) {
    const from = at - idKeyBeginning.length;
    if (from >= start && buffer.toString("latin1", from, at) === idKeyBeginning) return true;
    at = buffer.indexOf(idKeyEnd, at + idKeyEnd.length);
  }
  return false;
}

function skipSpace(buffer: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && (buffer[at] === space || buffer[at] === tab)) at += 1;
  return at;
}

/** Where a value ends that is a string or null. */
function findValueEnd(buffer: Buffer, start: number, end: number): number {
  const stringEnd = findStringEnd(buffer, start, end);
  if (stringEnd !== notFound || start + 4 > end) return stringEnd;
  return buffer.toString("latin1", start, start + 4) === "null" ? start + 4 : notFound;
}

/** Whether a JSON string is this text, written plainly: as ASCII without any escape. */
function isPlainString(buffer: Buffer, start: number, end: number, text: string): boolean {
  if (end - start !== text.length + 2) return false;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (buffer[start + 1 + index] !== unit || unit === backslash || unit >= firstBeyondAscii) return false;
  }
  return true;
}

function decode(buffer: Buffer, start: number, end: number): string | undefined {
  return isPlain(buffer, start + 1, end - 1)
    ? buffer.toString("latin1", start + 1, end - 1)
    : parseJsonString(buffer, start, end);
}

/** Whether what stands between two places, inside of a string, is ASCII without any escape: then it is what it says. */
function isPlain(buffer: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const byte = buffer[at] ?? 0;
    if (byte < space || byte === backslash || byte >= firstBeyondAscii) return false;
  }
  return true;
}
