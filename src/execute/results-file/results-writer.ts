import { randomBytes } from "node:crypto";
import { closeSync, constants, ftruncateSync, openSync } from "node:fs";
import { isSystemError, OpenbatchError, toFileError } from "../../errors/index.js";
import { createOwnFile } from "../../files/index.js";
import { LineAppender } from "../../jsonl/index.js";
import type { Answered, Unanswered } from "../upstream/lane.js";
import type { ResultsScan, ScannedFile } from "./scan-results.js";

/** How often is looked whether the files are still in their places. */
const lookMs = 1_000;
/** How far behind its place a line is looked for. */
const searchedBytes = 16 * 1024 * 1024;
const appending = constants.O_RDWR | constants.O_APPEND;

/** A request with what became of it. */
export interface Arrival {
  readonly custom_id: string;
  readonly outcome: Answered | Pick<Unanswered, "kind" | "error">;
}

export interface Writing<Written extends Arrival> {
  readonly written: readonly Written[];
  /** Why the others are not written: `disk_full` and the like. */
  readonly failure: { readonly error: unknown } | undefined;
}

/** Appends one line a result, in the Batch API's own format. Each is in its file when the call returns. */
export class ResultsWriter {
  readonly #output: ResultsAppender;
  readonly #errors: ResultsAppender;
  /** Half of each id is chance, the other half counts. */
  readonly #idBeginning = `batch_req_${randomBytes(8).toString("hex")}`;
  #count = 0;
  #looked = performance.now();

  constructor({ output, errors }: Pick<ResultsScan, "output" | "errors">) {
    this.#output = new ResultsAppender(output);
    this.#errors = errors === undefined ? this.#output : new ResultsAppender(errors);
  }

  /** Writes results together. Where that fails, the files hold whole lines, and what is not written is forgotten. */
  write<Each extends Arrival>(arrivals: readonly Each[]): Writing<Each> {
    const places: Place[] = [];
    try {
      if (performance.now() - this.#looked >= lookMs) this.assertInPlace();
      for (const arrival of arrivals) places.push(this.#append(arrival));
      this.#output.flush();
      this.#errors.flush();
      return { written: arrivals, failure: undefined };
    } catch (error) {
      const written = arrivals.filter((_, index) => isWritten(places[index]));
      this.#output.discard();
      this.#errors.discard();
      return { written, failure: { error } };
    }
  }

  /** Creates the output where it is absent, so that also a run without an answer has one. */
  open(): void {
    this.#output.open();
  }

  /**
   * @throws OpenbatchError `results_file_changed` where what was written is no longer at its path: somebody has deleted, replaced,
   * cut or written over the file.
   */
  assertInPlace(): void {
    this.#looked = performance.now();
    this.#output.assertInPlace();
    this.#errors.assertInPlace();
  }

  close(): void {
    this.#output.close();
    this.#errors.close();
  }

  #append({ custom_id, outcome }: Arrival): Place {
    const isFailure = outcome.kind === "unanswered" || outcome.failure !== undefined;
    const file = isFailure ? this.#errors : this.#output;
    this.#count += 1;
    const id = `{"id":"${this.#idBeginning}${this.#count.toString(16).padStart(16, "0")}"`;
    const end = file.append(id, `"custom_id":${JSON.stringify(custom_id)},"response":${toRest(outcome)}}`);
    return { file, end };
  }
}

/** Where a line was put. */
interface Place {
  readonly file: ResultsAppender;
  readonly end: number;
}

function isWritten(place: Place | undefined): boolean {
  return place !== undefined && place.end <= place.file.written;
}

function toRest(outcome: Arrival["outcome"]): string {
  if (outcome.kind === "unanswered") {
    const { code, message } = outcome.error;
    return `null,"error":${JSON.stringify({ code, message })}`;
  }
  const { status, requestId, body } = outcome;
  return `{"status_code":${status},"request_id":${JSON.stringify(requestId)},"body":${body}},"error":null`;
}

/** One results file, opened when the first line is written to it. */
class ResultsAppender {
  readonly #file: ScannedFile;
  #lines: LineAppender | undefined;
  /** The last line: where it begins, and the id that it begins with, which no other line has. */
  #last: { readonly start: number; readonly id: string } | undefined;

  constructor(file: ScannedFile) {
    this.#file = file;
  }

  get written(): number {
    return this.#lines?.written ?? 0;
  }

  /** Gives where the line will end. */
  append(id: string, rest: string): number {
    const lines = this.open();
    this.#last = { start: lines.position, id };
    lines.append(`${id},${rest}`);
    return lines.position;
  }

  flush(): void {
    this.#lines?.flush();
  }

  /** Forgets what is not written. */
  discard(): void {
    this.#lines?.discardFrom(this.#lines.written);
    this.#last = undefined;
  }

  assertInPlace(): void {
    const lines = this.#lines;
    if (lines !== undefined && !(lines.isInPlace() && this.#holdsLast(lines))) {
      throw toChangedError(this.#file.path);
    }
  }

  /** Whether the last line is there still: a file may have been written over with another that is as long. */
  #holdsLast(lines: LineAppender): boolean {
    if (this.#last === undefined) return true;
    const { start, id } = this.#last;
    if (lines.read(start, id.length).toString("latin1") === id) return true;
    // It stands behind what somebody else has appended; where that is very much, nobody looks for it.
    const behind = lines.read(start, searchedBytes);
    return behind.length === searchedBytes || behind.includes(id);
  }

  open(): LineAppender {
    this.#lines ??= openAppender(this.#file);
    return this.#lines;
  }

  close(): void {
    this.#lines?.close();
    this.#lines = undefined;
  }
}

function toChangedError(path: string): OpenbatchError {
  return new OpenbatchError(
    "results_file_changed",
    `${path} was deleted, replaced or cut while the run wrote to it: results of this run are not in it.`,
  );
}

/** Opens a results file behind its last whole line. */
export function openAppender({ path, wholeBytes, tail }: ScannedFile): LineAppender {
  const fd = openForAppending(path);
  try {
    if (tail === "torn") ftruncateSync(fd, wholeBytes);
    const lines = new LineAppender(fd, path);
    if (tail === "unterminated") lines.append("");
    return lines;
  } catch (cause) {
    closeSync(fd);
    throw toFileError(cause, "write to", path);
  }
}

/** A file that is not there is created for its owner alone; one that is there stays as its owner has made it. */
function openForAppending(path: string): number {
  try {
    return openSync(path, appending);
  } catch (cause) {
    if (!isSystemError(cause) || cause.code !== "ENOENT") throw toFileError(cause, "open", path);
  }
  return createOwnFile(path);
}
