import { existsSync } from "node:fs";
import { relative } from "node:path";
import { BatchFile, LineSet, readLineId, toLineText } from "../../batch-file/index.js";
import { OpenbatchError } from "../../errors/index.js";
import type { ResultsScan } from "../../execute/index.js";
import type { Obstacle, TokenCounter } from "../../plan/index.js";
import type { LineTranslator, OutgoingPart, Profile } from "../../providers/index.js";
import { KeptLines } from "../parts/kept-lines.js";
import { LineCatalogue } from "../parts/line-catalogue.js";
import { readPartLines } from "../parts/part-lines.js";
import { openPartRequests, type PartPlace, writePartRequests } from "../parts/part-requests.js";
import { hashLine, hashLines, readLineBytes, readPart } from "../parts/read-part.js";
import { createResultTranslation, type ToOurLine } from "../parts/result-translation.js";
import type { JobFolder } from "../record/job-folder.js";
import type { PartRecord } from "../record/job-record.js";

/** Parts are counted from 1. */
const ofNoPart = 0;

/** The requests of a job: where each line stands, and which of them are where. */
export class JobWork {
  readonly batchFile: BatchFile;
  readonly catalogue: LineCatalogue;
  readonly #folder: JobFolder;
  /** How often each line was in a batch that has ended. */
  readonly #rounds: Uint8Array;
  readonly #held: LineSet;
  readonly #kept: KeptLines;

  private constructor(batchFile: BatchFile, catalogue: LineCatalogue, folder: JobFolder) {
    this.batchFile = batchFile;
    this.catalogue = catalogue;
    this.#folder = folder;
    this.#kept = new KeptLines(folder, (lines) => hashLines(batchFile, catalogue, lines));
    this.#rounds = new Uint8Array(batchFile.lines + 1);
    this.#held = new LineSet(batchFile.lines);
  }

  static async open(path: string, folder: JobFolder, options: WorkOptions): Promise<JobWork> {
    const catalogue = new LineCatalogue(options.profile, options);
    const assertPlaced = (custom_id: string, line: number, obstacle: Obstacle | undefined): void => {
      if (obstacle !== undefined) throw toUnplacedError(path, line, custom_id, obstacle);
    };
    const needsTexts = options.counter !== undefined || options.translator !== undefined;
    const batchFile = await BatchFile.open(path, {
      ...options,
      ...(needsTexts
        ? {
            onRequest: (request, line, bytes, offset) =>
              assertPlaced(request.custom_id, line, catalogue.add(request, { line, offset, bytes })),
          }
        : {
            onOutline: (request, line, bytes, offset) =>
              assertPlaced(request.custom_id, line, catalogue.addOutline(request, { line, offset, bytes })),
          }),
    });
    return new JobWork(batchFile, catalogue, folder);
  }

  /** Takes the lines of a part into account, by where it stands. */
  async take({ number, state }: PartRecord): Promise<void> {
    for (const line of this.#kept.of(number)) {
      if (state === "merged") this.#rounds[line] = (this.#rounds[line] ?? 0) + 1;
      else this.#held.add(line);
    }
  }

  /** The batch that held these lines has ended, and they can be sent again. */
  async release(number: number, options: { readonly countsAsRound: boolean }): Promise<void> {
    for (const line of this.#kept.of(number)) {
      this.#held.delete(line);
      if (options.countsAsRound) this.#rounds[line] = (this.#rounds[line] ?? 0) + 1;
    }
    await this.#folder.removePartRequests(number);
  }

  async linesOf(number: number): Promise<LineSet> {
    const lines = new LineSet(this.batchFile.lines);
    for (const line of this.#kept.of(number)) lines.add(line);
    return lines;
  }

  /** The lines of a part as a claim names them. */
  async claimOf(number: number): Promise<string> {
    return this.#kept.claimOf(number);
  }

  /** Writes down which lines a part has. */
  async keep(number: number, lines: Uint32Array): Promise<void> {
    await this.#kept.write(number, lines);
    for (const line of lines) this.#held.add(line);
  }

  /** The line of the batch file that is the n-th of a part. */
  async lineAt(number: number, n: number): Promise<number | undefined> {
    return this.#kept.of(number)[n - 1];
  }

  idOf(line: number): string | undefined {
    return readLineId(readLineBytes(this.batchFile, this.catalogue, line));
  }

  textOf(line: number): string {
    return toLineText(readLineBytes(this.batchFile, this.catalogue, line));
  }

  /** The first line of a part that is no longer as it was sent. What a later part has is not looked at. */
  async findChange(number: number, { later, isOpen }: ChangeOptions): Promise<number | undefined> {
    let change: number | undefined;
    const { lines, hashes } = readPartLines(this.#folder.partLines(number));
    for (const [index, line] of lines.entries()) {
      const isThere = line <= this.batchFile.lines && this.catalogue.kindOf(line) !== undefined;
      const isLater = isThere && later.has(line);
      if (isThere) later.add(line);
      if (isLater || (isThere && hashLine(this.batchFile, this.catalogue, line) === hashes[index])) continue;
      if (!isOpen(line)) change ??= line;
      // Another request stands there now: the old one's rounds are none of its.
      else if (isThere) this.#rounds[line] = 0;
    }
    return change;
  }

  /** Writes down how those requests stand now whose results came from elsewhere, as from a run. */
  async keepAnswered({ done }: ResultsScan): Promise<void> {
    const lines: number[] = [];
    for (let line = 1; line <= this.batchFile.lines; line += 1)
      if (done.has(line) && !this.#held.has(line) && this.#rounds[line] === 0) lines.push(line);
    if (lines.length === 0) return;
    await this.#kept.write(ofNoPart, Uint32Array.from(lines));
  }

  /** The first of these that is another one now. */
  async findAnsweredChange(options: ChangeOptions): Promise<number | undefined> {
    return existsSync(this.#folder.partLines(ofNoPart)) ? this.findChange(ofNoPart, options) : undefined;
  }

  /** The lines that are to be sent now: without a result, not at the service, and not sent too often. */
  findLeft({ done, passing }: ResultsScan, { rounds, asked, only }: LeftOptions): LineSet {
    const left = new LineSet(this.batchFile.lines);
    for (let line = 1; line <= this.batchFile.lines; line += 1) {
      if (this.batchFile.isBlank(line) || this.#held.has(line) || only?.has(line) === false) continue;
      const sent = this.#rounds[line] ?? 0;
      const isOpen = !done.has(line) || (sent > 0 && passing.has(line));
      if (asked.has(line) || (isOpen && sent <= rounds)) left.add(line);
    }
    return left;
  }

  roundOf(line: number): number {
    return (this.#rounds[line] ?? 0) + 1;
  }

  /** What the service is sent of a part. */
  async toOutgoing({ number, requests, intent, endpoint, bytes, ids }: PartRecord): Promise<OutgoingPart> {
    const lines = this.#kept.of(number);
    const { translator } = this.catalogue;
    if (translator !== undefined) {
      const path = this.#folder.partRequests(number);
      const isNumbered = ids === "numbers";
      await writePartRequests(path, lines, { ...this.#place, translator, isNumbered });
      return { intent, endpoint, requests, ...(await openPartRequests(path)) };
    }
    const read = (): AsyncIterable<Uint8Array> => readPart(this.batchFile, this.catalogue, lines);
    return { intent, endpoint, requests, bytes, read };
  }

  get isTranslated(): boolean {
    return this.catalogue.translator !== undefined;
  }

  /** Whether the service refuses the id of any of these, so that all are called by their numbers. */
  needsNumbers(lines: Uint32Array): boolean {
    return lines.some((line) => this.catalogue.table.hasOddId(line));
  }

  /** What turns the lines of a file of results of a part into ours; nothing where they are ours. */
  toOurLines(part: PartRecord, path: string): ToOurLine | undefined {
    const { translator } = this.catalogue;
    if (translator === undefined) return undefined;
    const file = relative(this.#folder.home, path);
    return createResultTranslation({
      ...this.#place,
      translator,
      part,
      file,
      idOf: (line) => this.idOf(line),
    });
  }

  get #place(): PartPlace {
    return { batchFile: this.batchFile, catalogue: this.catalogue };
  }

  close(): void {
    this.batchFile.close();
  }
}

/** A request that would be in no part is told before anything is sent. */
function toUnplacedError(
  path: string,
  line: number,
  id: string,
  { code, message, hint }: Obstacle,
): OpenbatchError {
  const where = `${path}: line ${line} (${JSON.stringify(id)})`;
  return new OpenbatchError("invalid_batch_file", `${where}: ${code}: ${message} Nothing was sent.`, {
    hint,
  });
}

export interface WorkOptions {
  readonly profile: Profile;
  /** Counts the tokens of each request, where that is wanted. */
  readonly counter?: TokenCounter | undefined;
  readonly translator: LineTranslator | undefined;
  /** Bytes of the file whose hash is wanted too. */
  readonly prefixBytes: number | undefined;
  readonly signal: AbortSignal | undefined;
}

export interface ChangeOptions {
  /** Lines of later parts; those of this one are put in. */
  readonly later: LineSet;
  /** Whether a line of the part may be another one now. */
  readonly isOpen: (line: number) => boolean;
}

export interface LeftOptions {
  /** How often a request is sent again. */
  readonly rounds: number;
  /** Nothing else is sent, where it is given. */
  readonly only?: LineSet | undefined;
  /** Lines that are to be sent whatever became of them before. */
  readonly asked: LineSet;
}
