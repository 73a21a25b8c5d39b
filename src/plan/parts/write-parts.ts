import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, writeSync } from "node:fs";
import { basename, join } from "node:path";
import { type BatchFile, FilePace, type ReadingOptions } from "../../batch-file/index.js";
import { OpenbatchError, toFileError } from "../../errors/index.js";
import { makeFolder, removeLeftovers } from "../../files/index.js";
import { lineFeed } from "../../jsonl/index.js";
import { type LineTranslator, writeServiceLine } from "../../providers/index.js";
import type { Part } from "./cut-parts.js";
import { PartFinder } from "./part-finder.js";
import type { RequestTable } from "./request-table.js";

export interface WritePartsOptions extends ReadingOptions {
  readonly folder: string;
  readonly overwrite: boolean;
  readonly translator: LineTranslator | undefined;
}

/**
 * Writes each part as a file, with the lines of the batch file as they stand there. The files are in their places when all are
 * whole and on the disk, and none of them if anything fails before. Gives their paths.
 */
export async function writeParts(
  batchFile: BatchFile,
  table: RequestTable,
  parts: readonly Part[],
  { folder, overwrite, translator, ...reading }: WritePartsOptions,
): Promise<string[]> {
  const name = basename(batchFile.path).replace(/(?:\.jsonl)?(?:\.gz)?$/, "");
  const paths = toPartPaths(name, folder, parts.length);
  const former = prepare(folder, name);
  if (!overwrite) assertNone(former);
  for (const path of paths) await removeLeftovers(path);
  const files = paths.map((path, index) => new PartFile(path, parts[index]?.bytes ?? 0));
  try {
    const finder = new PartFinder(table, parts);
    const toLine = translator === undefined ? undefined : createWriter(translator, table);
    await copyLines(batchFile, { finder, files, toLine }, reading);
    for (const file of files) file.finish();
    for (const file of files) file.moveIntoPlace();
    // Whoever uploads the parts that lie there would send their requests again.
    for (const path of former) if (!paths.includes(path)) rmSync(path, { force: true });
  } finally {
    for (const file of files) file.removeLeftover();
  }
  return paths;
}

/** In the service's words: where it refuses an id of the file, all of them give way to the numbers of their lines. */
function createWriter(translator: LineTranslator, table: RequestTable): ToLine {
  let isNumbered = false;
  for (let line = 1; line <= table.lines && !isNumbered; line += 1) isNumbered = table.hasOddId(line);
  return (bytes, line) => writeServiceLine(translator, bytes, isNumbered ? line : undefined);
}

type ToLine = (bytes: Buffer, line: number) => Buffer;

/** `requests.part-07.jsonl` for `requests.jsonl`, so that the names are in the order of the parts. */
function toPartPaths(name: string, folder: string, count: number): string[] {
  const digits = `${count}`.length;
  return Array.from({ length: count }, (_, index) =>
    join(folder, `${name}.part-${`${index + 1}`.padStart(digits, "0")}.jsonl`),
  );
}

/** Gives the parts of the same batch file that lie there, of whatever plan. */
function prepare(folder: string, name: string): readonly string[] {
  const beginning = `${name}.part-`;
  try {
    makeFolder(folder);
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => entry.name)
      .filter((file) => file.startsWith(beginning) && /^\d+\.jsonl$/.test(file.slice(beginning.length)))
      .map((file) => join(folder, file));
  } catch (cause) {
    throw toFileError(cause, "create", folder);
  }
}

function assertNone([path]: readonly string[]): void {
  if (path === undefined) return;
  throw new OpenbatchError("file_exists", `${path} is there already; nothing was written.`, {
    hint: "Choose another folder, or replace it: overwrite: true (--overwrite).",
  });
}

interface LineCopying {
  readonly finder: PartFinder;
  readonly files: readonly PartFile[];
  /** What is written of a line, with its line feed, where it is not what stands there. */
  readonly toLine: ToLine | undefined;
}

async function copyLines(
  batchFile: BatchFile,
  { finder, files, toLine }: LineCopying,
  reading: ReadingOptions,
): Promise<void> {
  const lines = batchFile.createWalker();
  const pace = new FilePace(batchFile.path, batchFile.bytes, reading);
  while (lines.step()) {
    const number = finder.find(lines.number);
    const file = number === undefined ? undefined : files[number];
    if (toLine === undefined) file?.push(lines.bytes, lines.isTerminated);
    else file?.push(toLine(lines.bytes, lines.number), false);
    if (pace.isDue(lines.nextOffset)) await pace.pause(lines.nextOffset);
  }
}

/** Held in memory for each part before it is written: parts of a thousand models grow side by side. */
const bufferBytes = 65_536;

/** A part as it is written: beside its place, and open only while bytes are put into it. */
class PartFile {
  readonly #path: string;
  readonly #beside: string;
  #buffer: Buffer;
  #filled = 0;
  #isBegun = false;

  constructor(path: string, bytes: number) {
    this.#path = path;
    this.#buffer = Buffer.allocUnsafeSlow(Math.min(bytes, bufferBytes));
    this.#beside = `${path}.${crypto.randomUUID()}.tmp`;
  }

  push(bytes: Buffer, isTerminated: boolean): void {
    if (this.#filled + bytes.length + 1 > this.#buffer.length) this.#makeRoom(bytes.length + 1);
    this.#filled += bytes.copy(this.#buffer, this.#filled);
    if (!isTerminated) return;
    this.#buffer[this.#filled] = lineFeed;
    this.#filled += 1;
  }

  /** All of it is on the disk then. */
  finish(): void {
    this.#flush(true);
    this.#buffer = Buffer.alloc(0);
  }

  moveIntoPlace(): void {
    try {
      renameSync(this.#beside, this.#path);
      this.#isBegun = false;
    } catch (cause) {
      throw toFileError(cause, "write", this.#path);
    }
  }

  removeLeftover(): void {
    if (this.#isBegun) rmSync(this.#beside, { force: true });
  }

  #makeRoom(bytes: number): void {
    this.#flush(false);
    if (bytes > this.#buffer.length) this.#buffer = Buffer.allocUnsafeSlow(bytes);
  }

  #flush(isLast: boolean): void {
    if (this.#filled === 0 && !isLast) return;
    try {
      const fd = openSync(this.#beside, this.#isBegun ? "a" : "wx");
      this.#isBegun = true;
      try {
        for (let done = 0; done < this.#filled; )
          done += writeSync(fd, this.#buffer, done, this.#filled - done);
        if (isLast) fsyncSync(fd);
      } finally {
        closeSync(fd);
      }
    } catch (cause) {
      throw toFileError(cause, "write", this.#path);
    }
    this.#filled = 0;
  }
}
