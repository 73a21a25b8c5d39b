import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { OpenbatchError, toFileError } from "../../errors/index.js";
import { sizeOf } from "../../files/index.js";
import { ServiceRefusal } from "../../providers/index.js";
import type { PartRecord } from "../record/job-record.js";
import type { JobContext } from "./job-context.js";
import { RetryPace, toStop, toTrouble } from "./trouble.js";

const maxTries = 20;

/** A file of results that is no longer at the service. */
export class GoneError extends Error {
  override readonly name = "GoneError";
  readonly file: string;

  constructor(file: string, message: string) {
    super(message);
    this.file = file;
  }
}

type DownloadOptions = Pick<JobContext, "service" | "state" | "onTrouble" | "signal">;

/**
 * Reads the files of results of a part to the disk, each going on where it was cut. Gives their paths.
 * @throws GoneError
 */
export async function downloadResults(part: PartRecord, options: DownloadOptions): Promise<string[]> {
  const paths: string[] = [];
  for (const [index, file] of (part.outputs ?? []).entries()) {
    const path = options.state.folder.download(part.number, index);
    await downloadFile(file, path, options);
    paths.push(path);
  }
  return paths;
}

async function downloadFile(file: string, path: string, options: DownloadOptions): Promise<void> {
  const { service, signal, onTrouble } = options;
  const patience = new RetryPace(maxTries, signal);
  for (;;) {
    try {
      const whole = await askSize(file, options);
      if (whole !== undefined && (await bytesAt(path)) === whole) return;
      await downloadRest(file, path, options);
      // A download may end early with nothing wrong to be seen.
      if (whole === undefined || (await bytesAt(path)) >= whole) return;
      if (!(await patience.wait(0))) throw toCutError(file, service.target);
    } catch (error) {
      if (error instanceof OpenbatchError) throw error;
      const trouble = toTrouble(error, signal);
      if (isGone(error)) throw new GoneError(file, trouble.message);
      const stop = toStop(trouble, service.target, `give ${file}`);
      if (trouble.againMs === undefined) throw stop;
      onTrouble(stop.message);
      if (!(await patience.wait(trouble.againMs))) throw stop;
    }
  }
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

/** Goes on behind what is there; a service without ranges begins anew. */
async function downloadRest(file: string, path: string, { service, signal }: DownloadOptions): Promise<void> {
  const have = await bytesAt(path);
  const { offset, content } = await service.download(file, have, signal);
  const isNext = offset === have;
  if (!isNext && offset !== 0) {
    content.destroy();
    return;
  }
  const sink = createWriteStream(path, { flags: isNext && offset > 0 ? "a" : "w", mode: 0o600 });
  try {
    await pipeline(content, sink, { signal });
  } catch (cause) {
    throw toFileError(cause, "write", path);
  }
}

function isGone(error: unknown): boolean {
  return error instanceof ServiceRefusal && (error.status === 404 || error.status === 410);
}

function toCutError(file: string, target: string): OpenbatchError {
  return new OpenbatchError("service_refused", `${target} gave ${file} only in part, again and again.`);
}

async function bytesAt(path: string): Promise<number> {
  return (await sizeOf(path)) ?? 0;
}
