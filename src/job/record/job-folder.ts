import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isObject } from "../../api/index.js";
import { isSystemError, OpenbatchError, toFileError } from "../../errors/index.js";
import { findLink, makeFolder, replaceFile } from "../../files/index.js";
import { tryParseJson } from "../../jsonl/index.js";
import type { JobRecord } from "./job-record.js";

/** The folder of a job, beside the results: its record, its story, the lines of its parts, and downloads while they last. */
export class JobFolder {
  readonly path: string;
  /** The folder of the results file, from which what is kept of the service's own lines is named. */
  readonly home: string;

  constructor(path: string, home = dirname(path)) {
    this.path = path;
    this.home = home;
  }

  get lock(): string {
    return join(this.path, "job.lock");
  }

  /** @throws OpenbatchError where it cannot be made, or where what is written would go elsewhere by a link. */
  make(): void {
    this.assertNoLink();
    try {
      makeFolder(this.path, { mode: 0o700 });
      makeFolder(join(this.path, "parts"), { mode: 0o700 });
      makeFolder(join(this.path, "downloads"), { mode: 0o700 });
      makeFolder(join(this.path, "repairs"), { mode: 0o700 });
    } catch (cause) {
      throw toFileError(cause, "make the folder", this.path);
    }
  }

  /** @throws OpenbatchError `not_a_job_record` */
  assertNoLink(): void {
    const link = findLink(this.path);
    if (link === undefined) return;
    throw new OpenbatchError("not_a_job_record", `${link} leads elsewhere by a link. Nothing was written.`, {
      hint: "Remove the link, or write the results elsewhere: output (--output FILE).",
    });
  }

  /** Nothing where there is no record. @throws OpenbatchError `not_a_job_record` */
  read(): JobRecord | undefined {
    const path = this.#record;
    const text = readIfThere(path);
    if (text === undefined) return undefined;
    const value = tryParseJson(text);
    if (isRecord(value)) return value;
    throw new OpenbatchError(
      "not_a_job_record",
      `${path} is where the record of the job belongs, and holds something else.`,
    );
  }

  write(record: JobRecord): Promise<void> {
    return this.#replace(this.#record, `${JSON.stringify(record, null, 2)}\n`);
  }

  /** Appends to the story. */
  tell(event: Readonly<Record<string, unknown>>): void {
    const line = `${JSON.stringify({ at: new Date().toISOString(), ...event })}\n`;
    try {
      appendFileSync(this.story, line, { mode: 0o600 });
    } catch (cause) {
      throw toFileError(cause, "write to", this.story);
    }
  }

  /** What happened, a line an event. */
  get story(): string {
    return join(this.path, "story.jsonl");
  }

  partLines(number: number): string {
    return join(this.path, "parts", `${number}.lines`);
  }

  writePartLines(number: number, bytes: Buffer): Promise<void> {
    return this.#replace(this.partLines(number), bytes);
  }

  /** The requests of a part in the service's own lines, where those are not ours. */
  partRequests(number: number): string {
    return join(this.path, "parts", `${number}.jsonl`);
  }

  async removePartRequests(number: number): Promise<void> {
    await rm(this.partRequests(number), { force: true });
  }

  /** Requests that are asked again, and better: a batch file of their own. */
  repair(number: number): string {
    return join(this.path, "repairs", `${number}.jsonl`);
  }

  /** Where a file of results is put while it is read; for good, where its lines are not ours. */
  download(number: number, index: number): string {
    return join(this.path, "downloads", `${number}-${index}.jsonl`);
  }

  /** Whether the job is to end: nothing more is submitted. */
  get isCancelled(): boolean {
    return existsSync(this.#cancelled);
  }

  set isCancelled(isCancelled: boolean) {
    if (isCancelled) writeFileSync(this.#cancelled, "", { mode: 0o600 });
    else rmSync(this.#cancelled, { force: true });
  }

  /** Lines of the service that belong to no request of their part. */
  get strays(): string {
    return join(this.path, "strays.jsonl");
  }

  async removeDownload(path: string): Promise<void> {
    await rm(path, { force: true });
  }

  get #cancelled(): string {
    return join(this.path, "cancelled");
  }

  get #record(): string {
    return join(this.path, "job.json");
  }

  async #replace(path: string, content: string | Buffer): Promise<void> {
    await replaceFile(path, (file) => file.writeFile(content), { mode: 0o600 });
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    if (isSystemError(cause) && cause.code === "ENOENT") return undefined;
    throw toFileError(cause, "read", path);
  }
}

function isRecord(value: unknown): value is JobRecord {
  return (
    isObject(value) &&
    value.version === 1 &&
    typeof value.job === "string" &&
    typeof value.file === "string" &&
    typeof value.output === "string" &&
    typeof value.target === "string" &&
    isObject(value.batch_file) &&
    isObject(value.account) &&
    Array.isArray(value.parts) &&
    value.parts.every(isPart)
  );
}

function isPart(value: unknown): boolean {
  return (
    isObject(value) &&
    Number.isSafeInteger(value.number) &&
    Number.isSafeInteger(value.requests) &&
    typeof value.state === "string" &&
    typeof value.intent === "string"
  );
}
