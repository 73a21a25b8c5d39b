import { closeSync, constants, ftruncateSync, openSync } from "node:fs";
import { toFileError } from "../errors/index.js";
import { LineAppender } from "../jsonl/index.js";
import { createOwnFile } from "./create-own-file.js";
import type { RunEndLine, RunStart } from "./run-record.js";
import type { SettledRequest } from "./send-requests.js";

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

  /** @param wholeBytes where the record ends, without the beginning of a line that a killed run left; absent for a new one. */
  static open(path: string, wholeBytes: number | undefined): RunRecorder {
    const fd =
      wholeBytes === undefined ? createOwnFile(path) : openSync(path, constants.O_RDWR | constants.O_APPEND);
    try {
      if (wholeBytes !== undefined) ftruncateSync(fd, wholeBytes);
      return new RunRecorder(new LineAppender(fd, path));
    } catch (cause) {
      closeSync(fd);
      throw toFileError(cause, "write to", path);
    }
  }

  start(line: Omit<RunStart, "run">): void {
    this.#write(JSON.stringify({ run: "started", ...line } satisfies RunStart));
  }

  inFlight(most: number): void {
    this.#write(`{"in_flight":${most}}`);
  }

  settled({ custom_id, attempts, ms }: SettledRequest): void {
    this.#lines.append(
      `{"custom_id":${JSON.stringify(custom_id)},"attempts":${attempts},"ms":${Math.round(ms)}}`,
    );
    const now = performance.now();
    if (now - this.#flushed < flushMs) return;
    this.#flushed = now;
    this.#lines.flush();
  }

  /** Writes the end of the run, and closes the record. */
  end(line: Omit<RunEndLine, "run">): void {
    this.#write(JSON.stringify({ run: "ended", ...line }));
    this.#lines.close();
  }

  /** Closes the record of a run whose end cannot be told. */
  abandon(): void {
    try {
      this.#lines.close();
    } catch {
      return;
    }
  }

  #write(line: string): void {
    this.#lines.append(line);
    this.#lines.flush();
  }
}
