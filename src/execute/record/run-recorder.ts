import { closeSync, constants, ftruncateSync, openSync } from "node:fs";
import { OpenbatchError, toFileError } from "../../errors/index.js";
import { createOwnFile } from "../../files/index.js";
import { LineAppender } from "../../jsonl/index.js";
import type { RunMoment } from "./run-moments.js";
import type { RunEnd, RunEndLine, RunStart } from "./run-record.js";

interface RecordedRequest {
  readonly custom_id: string;
  readonly attempts: number;
  readonly ms: number;
}

interface RecordedEnd {
  readonly end: RunEnd;
  readonly counts: Readonly<Record<CountName, number>>;
  /** Requests that were sent, and cut short. */
  readonly cutShort: number;
}

type CountName = "selected" | "succeeded" | "failed" | "alreadyDone" | "pending" | "attempts" | "retries";

const flushMs = 1_000;

/**
 * Writes the record of one run, behind those of earlier runs. What tells of single requests waits in memory for up to a second;
 * how many are in flight is written before more are.
 */
export class RunRecorder {
  readonly #lines: LineAppender;
  #flushed = performance.now();

  private constructor(lines: LineAppender) {
    this.#lines = lines;
  }

  /**
   * Begins the record of a run.
   * @param wholeBytes where the record ends, without the beginning of a line that a killed run left; absent for a new one.
   */
  static start(path: string, wholeBytes: number | undefined, line: Omit<RunStart, "run">): RunRecorder {
    const recorder = new RunRecorder(openRecord(path, wholeBytes));
    recorder.#write(JSON.stringify({ run: "started", ...line } satisfies RunStart));
    return recorder;
  }

  inFlight(most: number): void {
    this.#write(`{"in_flight":${most}}`);
  }

  settled({ custom_id, attempts, ms }: RecordedRequest): void {
    this.#lines.append(
      `{"custom_id":${JSON.stringify(custom_id)},"attempts":${attempts},"ms":${Math.round(ms)}}`,
    );
    const now = performance.now();
    if (now - this.#flushed < flushMs) return;
    this.#flushed = now;
    this.#lines.flush();
  }

  /** How far the run is. Of a disk that is full, what comes next will tell. */
  moment(moment: RunMoment): void {
    try {
      this.#write(JSON.stringify(moment));
    } catch {
      return;
    }
  }

  /** Writes how the run ended, unless the disk is full: then the next run takes it for one that was killed. */
  end({ end, counts, cutShort }: RecordedEnd, left: number): void {
    const { selected, succeeded, failed, alreadyDone, pending, attempts, retries } = counts;
    const line: RunEndLine = {
      run: "ended",
      ended_at: new Date().toISOString(),
      state: end.kind,
      cause: end.kind === "stopped" ? end.cause.code : null,
      left,
      cut_off: cutShort,
      selected,
      succeeded,
      failed,
      already_done: alreadyDone,
      pending,
      attempts,
      retries,
    };
    try {
      this.#write(JSON.stringify(line));
    } catch (error) {
      if (!(error instanceof OpenbatchError && error.code === "disk_full")) throw error;
    }
  }

  close(): void {
    try {
      this.#lines.close();
    } catch {
      // What could not be written was reported when it was tried.
      return;
    }
  }

  #write(line: string): void {
    this.#lines.append(line);
    this.#lines.flush();
  }
}

function openRecord(path: string, wholeBytes: number | undefined): LineAppender {
  const fd =
    wholeBytes === undefined ? createOwnFile(path) : openSync(path, constants.O_RDWR | constants.O_APPEND);
  try {
    if (wholeBytes !== undefined) ftruncateSync(fd, wholeBytes);
    return new LineAppender(fd, path);
  } catch (cause) {
    closeSync(fd);
    throw toFileError(cause, "write to", path);
  }
}
