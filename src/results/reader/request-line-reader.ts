import { isUtf8 } from "node:buffer";
import { isObject, recogniseEndpoint } from "../../api/index.js";
import {
  FoundId,
  findMember,
  isRequestText,
  LeadingStrings,
  type LineBytes,
  LineShapes,
  type LineWalker,
  readLineId,
  scanMembers,
  toLineId,
} from "../../batch-file/index.js";
import { tryParseJson } from "../../jsonl/index.js";
import {
  type Asked,
  type AskedFormat,
  asksForItems,
  type FormatMember,
  formatMember,
  nothingAsked,
  readAsked,
} from "../answer/asked.js";

/** A line without these asks for no format: JSON writers escape none of them. Begins with what is rare, to be found fast. */
const formatSign = Buffer.from("json_");
/** What is longer, as images are, is compared no faster than it is looked through. */
const longest = 65_536;
/** How many formats of a file are known by their bytes, and how many are told apart at all. */
const maxKnown = 8;
const maxFormats = 1000;

interface KnownFormat {
  /** The member that asks for it, as it stands in a line: outside a string no other bytes look like that. */
  readonly bytes: Buffer;
  readonly format: AskedFormat;
}

/**
 * Reads the id of a request and what it asks for from its line. Nearly every line is as the collector or another program
 * writes it, and asks for the same as a line before: then it is not parsed.
 */
export class RequestLineReader {
  /** Valid until the next line is read, and as long as the line is. */
  id: FoundId | undefined;
  asked: Asked = nothingAsked;
  readonly shapes = new LineShapes<Asked>({ isText: isRequestText });
  readonly #leading = new LeadingStrings();
  readonly #found = new FoundId();
  /** The formats seen last, the last one first. */
  readonly #known: KnownFormat[] = [];
  /** The formats seen so far, by the JSON that asks for them: one object for each. */
  readonly #formats = new Map<string, AskedFormat>();

  /** Reads the line that a walk with these {@link shapes} stands at. `id` is `undefined` where none can be read. */
  readWalked(lines: LineWalker<Asked>): void {
    if (lines.shaped === undefined) {
      this.read(lines, lines.holds(formatSign));
      return this.#keep(lines);
    }
    this.#found.setRun(lines.buffer, lines.run);
    this.id = this.#found;
    this.asked = lines.shaped.known;
  }

  #keep({ bytes }: LineWalker<Asked>): void {
    if (!this.#leading.hasId || bytes.length > longest || !this.shapes.pays) return;
    if (isObject(tryParseJson(bytes))) this.shapes.keep(bytes, this.asked);
  }

  /**
   * Reads a line.
   * @param hasSign whether the line holds the {@link formatSign}.
   */
  read({ buffer, start, end }: LineBytes, hasSign: boolean): void {
    const leading = this.#leading;
    leading.read(buffer, start, end, { needsUrl: true });
    const { url: given } = leading;
    if (!leading.takeId(this.#found) || given === undefined)
      return this.#readWhole(buffer.subarray(start, end));
    const format = hasSign ? this.#findFormat(buffer.subarray(start, end)) : undefined;
    if (hasSign && format === undefined) return this.#readWhole(buffer.subarray(start, end));
    const url = recogniseEndpoint(given);
    if (asksForItems(url)) return this.#readWhole(buffer.subarray(start, end));
    this.id = this.#found;
    if (this.asked.url !== url || this.asked.format !== format)
      this.asked = { url, format, items: undefined };
  }

  /** Reads the id alone. */
  readId(buffer: Buffer, start: number, end: number): string | undefined {
    return readLineId(buffer.subarray(start, end));
  }

  /** Whether {@link readId} would give this id. */
  hasId(custom_id: string, { buffer, start, end }: LineBytes): boolean {
    this.#leading.read(buffer, start, end, { needsUrl: false });
    return this.#leading.hasCustomId(custom_id) || this.readId(buffer, start, end) === custom_id;
  }

  /** The format that a line asks for, if its bytes are known. */
  #findFormat(line: Buffer): AskedFormat | undefined {
    for (const [index, known] of this.#known.entries()) {
      if (!line.includes(known.bytes)) continue;
      if (index > 0) this.#moveToFront(index, known);
      return known.format;
    }
    return undefined;
  }

  #moveToFront(index: number, known: KnownFormat): void {
    this.#known.splice(index, 1);
    this.#known.unshift(known);
  }

  #readWhole(line: Buffer): void {
    const request = parseObject(line);
    if (request === undefined) return this.#readBroken(line);
    this.#take(this.#leading.custom_id ?? toLineId(request.custom_id, isUtf8(line)));
    const { url, format, items } = readAsked(request);
    const member = isObject(request.body) ? formatMember(request.body) : undefined;
    this.asked = { url, format: format && member && this.#tryLearn(line, member, format), items };
  }

  #take(custom_id: string | undefined): void {
    if (custom_id !== undefined) this.#found.setText(custom_id);
    this.id = custom_id === undefined ? undefined : this.#found;
  }

  #tryLearn(line: Buffer, member: FormatMember, found: AskedFormat): AskedFormat {
    try {
      return this.#learn(line, member, found);
    } catch {
      // Nested too deep to be written again; then it is found anew in each line.
      return found;
    }
  }

  /** Remembers a format by its bytes. Gives the object that stands for it. */
  #learn(line: Buffer, { key, value }: FormatMember, found: AskedFormat): AskedFormat {
    const text = `${key}:${JSON.stringify(value)}`;
    const format = this.#formats.get(text) ?? found;
    if (this.#formats.size < maxFormats) this.#formats.set(text, format);
    const bytes = findMember(line, key, value);
    if (bytes !== undefined && !this.#known.some((known) => known.bytes.equals(bytes))) {
      this.#known.unshift({ bytes: Buffer.from(bytes), format });
      if (this.#known.length > maxKnown) this.#known.pop();
    }
    return format;
  }

  #readBroken(line: Buffer): void {
    const members = scanMembers(line);
    this.#take(members.get("custom_id") || undefined);
    this.asked = { url: recogniseEndpoint(members.get("url")), format: undefined, items: undefined };
  }
}

function parseObject(line: Buffer): Readonly<Record<string, unknown>> | undefined {
  const value = tryParseJson(line);
  return isObject(value) ? value : undefined;
}
