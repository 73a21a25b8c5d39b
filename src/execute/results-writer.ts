import { randomUUID } from "node:crypto";
import { closeSync, constants, ftruncateSync, openSync } from "node:fs";
import { isSystemError, toFileError } from "../errors/index.js";
import { LineAppender } from "../jsonl/index.js";
import { createOwnFile } from "./create-own-file.js";
import type { Answered, Unanswered } from "./lane.js";
import { isSuccess } from "./read-result-line.js";
import type { ResultsScan, ScannedFile } from "./scan-results.js";

const appending = constants.O_RDWR | constants.O_APPEND;

/** Appends one line a result, in the Batch API's own format. Each is in its file when the call returns. */
export class ResultsWriter {
  readonly #output: ResultsAppender;
  readonly #errors: ResultsAppender;

  constructor({ output, errors }: Pick<ResultsScan, "output" | "errors">) {
    this.#output = new ResultsAppender(output);
    this.#errors = errors === undefined ? this.#output : new ResultsAppender(errors);
  }

  /** @throws OpenbatchError `disk_full` and the like, with whole lines in the file. */
  write(custom_id: string, outcome: Answered | Omit<Unanswered, "attempts" | "ms">): void {
    if (outcome.kind === "unanswered") return this.#errors.append(toErrorLine(custom_id, outcome.error));
    const file = isSuccess(outcome.status) ? this.#output : this.#errors;
    file.append(toAnswerLine(custom_id, outcome));
  }

  /** Creates the output where it is absent, so that also a run without an answer has one. */
  open(): void {
    this.#output.open();
  }

  close(): void {
    this.#output.close();
    this.#errors.close();
  }
}

function toAnswerLine(custom_id: string, { status, requestId, body }: Answered): string {
  const response = `{"status_code":${status},"request_id":${JSON.stringify(requestId)},"body":${body}}`;
  return `${toBeginning(custom_id)}${response},"error":null}`;
}

function toErrorLine(custom_id: string, { code, message }: Unanswered["error"]): string {
  return `${toBeginning(custom_id)}null,"error":${JSON.stringify({ code, message })}}`;
}

function toBeginning(custom_id: string): string {
  const id = randomUUID().replaceAll("-", "");
  return `{"id":"batch_req_${id}","custom_id":${JSON.stringify(custom_id)},"response":`;
}

/** One results file, opened when the first line is written to it. */
class ResultsAppender {
  readonly #file: ScannedFile;
  #lines: LineAppender | undefined;

  constructor(file: ScannedFile) {
    this.#file = file;
  }

  append(line: string): void {
    const lines = this.open();
    const start = lines.position;
    try {
      lines.append(line);
      lines.flush();
    } catch (error) {
      lines.discardFrom(start);
      throw error;
    }
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

/** Opens a file behind its last whole line. */
function openAppender({ path, wholeBytes, tail }: ScannedFile): LineAppender {
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
