import { OpenbatchError } from "../../errors/index.js";
import { type OpenFile, openFile } from "../../files/index.js";
import type { NumberKind } from "../table/number-format.js";
import { findOtherFile, otherFileError } from "../table/other-file.js";
import { damagedWorkbook } from "./damaged-workbook.js";
import { type Relation, Relations, toRelationsPath } from "./read-relations.js";
import { StyleKinds } from "./read-styles.js";
import { SharedStrings } from "./shared-strings.js";
import { attributeOf, isOn, type XmlAttributes, type XmlListener, XmlPart } from "./xml-part.js";
import { readAt, readZipDirectory, type ZipEntry } from "./zip-directory.js";
import { type PartOptions, readZipPart } from "./zip-part.js";

/** A sheet of a workbook, in the order in which a spreadsheet shows them. */
export interface Sheet {
  readonly name: string;
  readonly isHidden: boolean;
  /** The part with its cells. Absent for a chart, which has none. */
  readonly path: string | undefined;
}

/** Excel has names of 31 characters, others have longer ones. */
const maxNameLength = 255;
/** Bytes of the parts that are held in memory as a whole: lists of sheets, of parts and of styles. */
const maxListBytes = 33_554_432;

/** An open workbook of Excel: its sheets, and what all their cells share. */
export class Workbook {
  readonly name: string;
  readonly sheets: readonly Sheet[];
  readonly isFrom1904: boolean;
  /** Whether it asks to be computed when it is opened, as it does where the program that wrote it computes nothing. */
  readonly isUncomputed: boolean;
  readonly #file: OpenFile;
  readonly #entries: ReadonlyMap<string, ZipEntry>;
  readonly #relations: readonly Relation[];
  readonly #signal: AbortSignal | undefined;
  #strings: SharedStrings | undefined;
  #kinds: readonly NumberKind[] | undefined;

  private constructor(file: OpenFile, parts: OpenedParts, signal: AbortSignal | undefined) {
    this.name = file.name === "-" ? "standard input" : file.name;
    this.#file = file;
    this.#entries = parts.entries;
    this.#relations = parts.relations;
    this.sheets = parts.sheets;
    this.isFrom1904 = parts.isFrom1904;
    this.isUncomputed = parts.isUncomputed;
    this.#signal = signal;
  }

  /** Opens a workbook. What comes from standard input or compressed is kept in a temporary file meanwhile. */
  static async open(path: string, signal: AbortSignal | undefined): Promise<Workbook> {
    const file = await openFile(path, { signal });
    try {
      assertWorkbook(file);
      return new Workbook(file, await openParts(file), signal);
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** The bytes of a part that has to be there. */
  readPart(path: string, options: Omit<PartOptions, "signal"> = {}): AsyncGenerator<Buffer> {
    const entry = findEntry(this.#entries, path);
    if (entry === undefined) throw damagedWorkbook(this.name, `it lacks ${path}`);
    return readZipPart(this.#file, entry, { ...options, signal: this.#signal });
  }

  compressedBytesOf(path: string): number {
    return findEntry(this.#entries, path)?.compressedBytes ?? 0;
  }

  /** The texts that cells share, read when they are first asked for. */
  async strings(): Promise<SharedStrings> {
    if (this.#strings !== undefined) return this.#strings;
    this.#strings = new SharedStrings(this.name);
    const path = this.#pathOf("sharedStrings");
    if (path !== undefined) await this.#strings.load(path, this.readPart(path));
    return this.#strings;
  }

  /** What the numbers of each style stand for. */
  async kinds(): Promise<readonly NumberKind[]> {
    if (this.#kinds !== undefined) return this.#kinds;
    const styles = new StyleKinds();
    const path = this.#pathOf("styles");
    if (path !== undefined) await readList(this.#file, this.#entries, { path, listener: styles });
    this.#kinds = styles.kinds;
    return this.#kinds;
  }

  close(): void {
    this.#strings?.close();
    this.#file.close();
  }

  /** A part that is named, and is there. */
  #pathOf(type: string): string | undefined {
    return this.#relations.find(
      (one) => one.type === type && findEntry(this.#entries, one.path) !== undefined,
    )?.path;
  }
}

const sampleBytes = 65_536;

/** Says what a file is that is no workbook. */
function assertWorkbook(file: OpenFile): void {
  const nameOf = file.name === "-" ? "Standard input" : file.name;
  if (file.bytes === 0) {
    throw new OpenbatchError("invalid_table", `${nameOf} is empty: it has no bytes.`, {
      hint: "Get it again: it was probably cut short.",
    });
  }
  const head = readAt(file, 0, Math.min(sampleBytes, file.bytes));
  const found = findOtherFile(Buffer.concat([head, readOldDirectory(file, head), readTail(file)]));
  if (found === undefined) {
    throw new OpenbatchError("invalid_table", `${nameOf} is not a workbook: it may be text, such as CSV.`, {
      hint: "Say what it is: format csv (--input-format csv), or tsv, jsonl, json.",
    });
  }
  const isOther = found.format !== "xlsx" && !found.what.startsWith("a ZIP file");
  if (isOther) throw otherFileError(nameOf, found);
}

/** The names of what is in a ZIP file stand at its end. */
function readTail(file: OpenFile): Buffer {
  const start = Math.max(0, file.bytes - sampleBytes);
  return readAt(file, start, file.bytes - start);
}

/** The names of what is in a file of the old Office stand wherever its head says. */
function readOldDirectory(file: OpenFile, head: Buffer): Buffer {
  if (head.length < 512 || head.readUInt32BE(0) !== 0xd0cf11e0) return Buffer.alloc(0);
  const sectorBytes = 2 ** Math.min(12, head.readUInt16LE(30));
  const start = (head.readUInt32LE(48) + 1) * sectorBytes;
  if (start >= file.bytes) return Buffer.alloc(0);
  return readAt(file, start, Math.min(4096, file.bytes - start));
}

interface OpenedParts {
  readonly entries: ReadonlyMap<string, ZipEntry>;
  readonly relations: readonly Relation[];
  readonly sheets: readonly Sheet[];
  readonly isFrom1904: boolean;
  readonly isUncomputed: boolean;
}

async function openParts(file: OpenFile): Promise<OpenedParts> {
  const entries = readZipDirectory(file);
  const roots = await readRelations(file, entries, "");
  const path = roots.find(({ type }) => type === "officeDocument")?.path ?? "xl/workbook.xml";
  if (findEntry(entries, path) === undefined) {
    throw damagedWorkbook(file.name, "it is a ZIP file without a workbook in it");
  }
  const book = new BookParts();
  await readList(file, entries, { path, listener: book });
  if (!book.isWorkbook)
    throw damagedWorkbook(file.name, "it is a document of another kind, and holds no workbook");
  const relations = await readRelations(file, entries, path);
  const paths = new Map(
    relations.filter(({ type }) => type === "worksheet").map((one) => [one.id, one.path]),
  );
  const sheets = book.sheets.map(({ id, name, isHidden }) => ({ name, isHidden, path: paths.get(id) }));
  const { isFrom1904, isUncomputed } = book;
  return { entries, relations, sheets, isFrom1904, isUncomputed };
}

async function readRelations(
  file: OpenFile,
  entries: ReadonlyMap<string, ZipEntry>,
  part: string,
): Promise<readonly Relation[]> {
  const relations = new Relations(part);
  const path = part === "" ? "_rels/.rels" : toRelationsPath(part);
  if (findEntry(entries, path) === undefined) return [];
  await readList(file, entries, { path, listener: relations });
  return relations.all;
}

async function readList(
  file: OpenFile,
  entries: ReadonlyMap<string, ZipEntry>,
  { path, listener }: { readonly path: string; readonly listener: XmlListener },
): Promise<void> {
  const entry = findEntry(entries, path);
  if (entry === undefined) return;
  const xml = new XmlPart({ name: file.name, part: path, listener });
  for await (const chunk of readZipPart(file, entry, { maxBytes: maxListBytes })) xml.push(chunk);
  xml.end();
}

/** Names of parts tell no capital letters apart. */
function findEntry(entries: ReadonlyMap<string, ZipEntry>, path: string): ZipEntry | undefined {
  return entries.get(path.toLowerCase());
}

/** Gathers the sheets of a workbook, from which day it counts, and whether its formulas were computed. */
class BookParts implements XmlListener {
  readonly sheets: { readonly id: string; readonly name: string; readonly isHidden: boolean }[] = [];
  isWorkbook = false;
  isFrom1904 = false;
  isUncomputed = false;

  open(name: string, attributes: XmlAttributes): void {
    if (name === "workbook") this.isWorkbook = true;
    else if (name === "workbookPr") this.isFrom1904 = isOn(attributes.date1904);
    else if (name === "calcPr") this.isUncomputed = isOn(attributes.fullCalcOnLoad);
    else if (name === "sheet") {
      const { state = "visible", name: title = "" } = attributes;
      this.sheets.push({
        id: attributeOf(attributes, "id") ?? "",
        name: title.slice(0, maxNameLength),
        isHidden: state !== "visible",
      });
    }
  }

  close(): void {}

  text(): void {}
}
