import { closeSync, openSync, writeSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import { LineWalker, toLineText } from "../../batch-file/index.js";
import { OpenbatchError, toFileError } from "../../errors/index.js";
import { openFile, sizeOf } from "../../files/index.js";
import type { RestOfFile } from "../../http/index.js";
import { tryParseJson } from "../../jsonl/index.js";
import { ServiceRefusal } from "../../providers/index.js";
import type { PartRecord } from "../record/job-record.js";
import { Asking } from "./asking.js";
import type { JobContext } from "./job-context.js";
import { isPage, RetryPace, saysNotFound, toTrouble } from "./trouble.js";

const maxTries = 20;

/** A file that its batch has just named may not be there at once: it is waited for, for about ten seconds. */
const maxTriesForNew = 4;
const newMs = 10 * 60_000;

/** What there is of the results of a part, on the disk. */
export interface Downloads {
  readonly paths: readonly string[];
  /** Lines that hold something. */
  readonly lines: number;
  /** Why files of results are no longer at the service, if any is not. */
  readonly gone: readonly string[];
}

type DownloadOptions = Pick<JobContext, "service" | "state" | "onTrouble" | "signal">;

/** Reads the files of results of a part to the disk, each going on where it was cut. */
export async function downloadResults(part: PartRecord, options: DownloadOptions): Promise<Downloads> {
  const paths: string[] = [];
  const gone: string[] = [];
  for (const [index, file] of (part.outputs ?? []).entries()) {
    const path = options.state.folder.download(part.number, index);
    const isNew = Date.now() - Date.parse(part.ended_at ?? "") < newMs;
    const end = await downloadFile({ file, path, isNew }, options);
    if (end !== undefined) gone.push(`${file}: ${end}`);
    if ((await bytesAt(path)) > 0) paths.push(path);
  }
  let lines = 0;
  for (const path of paths) lines += await countLines(path);
  return { paths, lines, gone };
}

async function countLines(path: string): Promise<number> {
  const file = await openFile(path);
  try {
    const lines = new LineWalker(file);
    let count = 0;
    while (lines.step()) if (!lines.isBlank && isWhole(lines)) count += 1;
    return count;
  } finally {
    file.close();
  }
}

/** A file that was cut ends within a line. */
function isWhole({ isTerminated, bytes }: LineWalker): boolean {
  return isTerminated || tryParseJson(toLineText(bytes)) !== undefined;
}

interface WantedFile {
  readonly file: string;
  readonly path: string;
  readonly isNew: boolean;
}

/** Gives why it is gone, if it is. */
async function downloadFile(
  { file, path, isNew }: WantedFile,
  options: DownloadOptions,
): Promise<string | undefined> {
  const { service, signal, onTrouble } = options;
  const what = `give ${file}`;
  const waiting = { isNotYet: saysNotFound, tries: isNew ? maxTriesForNew : 0 };
  const asking = new Asking(options);
  const patience = new RetryPace(maxTries, signal);
  try {
    for (;;) {
      const came = await asking.again(maxTries, what, () =>
        asking.waitFor(what, waiting, () => takeRest(file, path, options)),
      );
      if (came === "all") return undefined;
      const useless = `${service.target} gave ${came} ${file}`;
      if (came === other) onTrouble(`${useless}. It is asked for again.`);
      if (!(await patience.wait(0))) throw toUselessError(useless);
    }
  } catch (error) {
    if (!(error instanceof OpenbatchError) || !isGone(error.cause)) throw error;
    return toTrouble(error.cause, signal).message;
  }
}

const other = "something that holds no results in the place of";

/** Takes what is not here yet of a file. Tells what came. */
async function takeRest(
  file: string,
  path: string,
  options: DownloadOptions,
): Promise<"all" | "only a part of" | typeof other> {
  await dropOther(path, options);
  const whole = await askSize(file, options);
  const have = await bytesAt(path);
  if (have === whole) return "all";
  // It is not the file that this was the beginning of.
  if (whole !== undefined && have > whole) await options.state.folder.removeDownload(path);
  const isTaken = await downloadRest(file, path, options);
  if (await dropOther(path, options)) return other;
  // A download may end early with nothing wrong to be seen.
  return isTaken && (whole === undefined || (await bytesAt(path)) >= whole) ? "all" : "only a part of";
}

/** Not every service tells of the files that it made. */
async function askSize(file: string, { service, signal }: DownloadOptions): Promise<number | undefined> {
  try {
    return await service.sizeOf(file, signal);
  } catch (error) {
    if (error instanceof ServiceRefusal && error.againMs === undefined) return undefined;
    throw error;
  }
}

const resultMark = Buffer.from('"custom_id"');
const brace = 0x7b;

/** A gateway may answer with a page of its own, or an error, as if that were the file. */
async function dropOther(path: string, { state }: DownloadOptions): Promise<boolean> {
  if ((await bytesAt(path)) === 0 || (await mayBeResults(path))) return false;
  await state.folder.removeDownload(path);
  return true;
}

/** Whether any line is like one of results, or there is none at all. A broken one among others is told where all are read. */
async function mayBeResults(path: string): Promise<boolean> {
  const file = await openFile(path);
  try {
    const lines = new LineWalker(file);
    let isEmpty = true;
    while (lines.step()) {
      if (lines.isBlank) continue;
      if (lines.buffer[lines.start] === brace && lines.holds(resultMark)) return true;
      isEmpty = false;
    }
    return isEmpty;
  } finally {
    file.close();
  }
}

/** Goes on behind what is there; a service without ranges begins anew. False where what came belongs elsewhere. */
async function downloadRest(file: string, path: string, options: DownloadOptions): Promise<boolean> {
  const { signal, state } = options;
  const have = await bytesAt(path);
  const rest = await openRest(file, have, options);
  if (rest === undefined) return true;
  const { offset, content } = rest;
  const isNext = offset === have;
  if (!isNext && offset !== 0) {
    content.destroy();
    await state.folder.removeDownload(path);
    return false;
  }
  const flags = isNext && offset > 0 ? "a" : "w";
  try {
    await pipeline(content, (chunks) => writeAll(chunks, path, flags), { signal });
  } catch (cause) {
    throw toFileError(cause, "write", path);
  }
  return true;
}

/** `undefined` where there is nothing behind what is here, of a file whose size is not known. */
async function openRest(
  file: string,
  have: number,
  { service, signal }: DownloadOptions,
): Promise<RestOfFile | undefined> {
  try {
    return await service.download(file, have, signal);
  } catch (error) {
    if (error instanceof ServiceRefusal && error.status === 416) return undefined;
    throw error;
  }
}

/** At once, which costs a fraction of handing each chunk to another thread. */
async function writeAll(chunks: AsyncIterable<Buffer>, path: string, flags: "a" | "w"): Promise<void> {
  const file = openSync(path, flags, 0o600);
  try {
    for await (const chunk of chunks)
      for (let done = 0; done < chunk.length; ) done += writeSync(file, chunk, done);
  } finally {
    closeSync(file);
  }
}

function isGone(error: unknown): error is ServiceRefusal {
  return saysNotFound(error) || (error instanceof ServiceRefusal && error.status === 410 && !isPage(error));
}

function toUselessError(what: string): OpenbatchError {
  return new OpenbatchError("service_refused", `${what}, again and again.`, {
    hint: "The batch has its results still: give the same command again once the service gives them, and nothing is paid twice.",
  });
}

async function bytesAt(path: string): Promise<number> {
  return (await sizeOf(path)) ?? 0;
}
