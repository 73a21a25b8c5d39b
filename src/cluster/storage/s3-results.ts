import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { sizeOf } from "../../files/index.js";
import type { CloseOptions, GrowingFile, SharedStorage, StoredObject } from "./shared-storage.js";
import { isStorageAway } from "./storage-away.js";

/** What was written is sent on as a part when it is so old, or so much. */
const partMs = 5_000;
const partBytes = 4_194_304;
const lookMs = 500;

/** A pause between two tries of one that is to be closed, in milliseconds. */
const againMs = 1_000;

/**
 * A file on this machine, whose bytes are sent on in parts while it grows, under its name and a number. Whole it is one object under
 * its name alone: a segment is read in one piece.
 */
export class S3Results implements GrowingFile {
  readonly path: string;
  readonly #storage: SharedStorage;
  readonly #name: string;
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> | undefined;
  #sentBytes = 0;
  #sentAt = 0;
  #parts = 0;
  #isFinished = false;

  constructor(storage: SharedStorage, name: string, folder: string) {
    this.#storage = storage;
    this.#name = name;
    this.path = join(folder, name);
  }

  async begin(earlier: readonly StoredObject[]): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
    for (const { name } of earlier) {
      await pipeline(this.#storage.getRange(name), createWriteStream(this.path, { flags: "a", mode: 0o600 }));
    }
    this.#sentAt = performance.now();
    this.#timer = setInterval(() => this.#look(), lookMs).unref();
  }

  async finish(): Promise<number> {
    clearInterval(this.#timer);
    await this.#sending;
    const bytes = (await sizeOf(this.path)) ?? 0;
    if (bytes > 0) await this.#storage.put(this.#name, createReadStream(this.path));
    this.#isFinished = true;
    return bytes;
  }

  async close({ isUseless, graceMs }: CloseOptions): Promise<void> {
    clearInterval(this.#timer);
    await this.#sending;
    try {
      if (isUseless) await this.#storage.remove(this.#name);
      if (isUseless || this.#isFinished) await this.#removeParts();
      else await this.#sendLast(performance.now() + graceMs);
    } finally {
      await rm(this.path, { force: true });
    }
  }

  #look(): void {
    this.#sending ??= this.#sendDue()
      // What cannot be sent now is sent with what comes next.
      .catch(() => undefined)
      .finally(() => {
        this.#sending = undefined;
      });
  }

  async #sendDue(): Promise<void> {
    const bytes = (await sizeOf(this.path)) ?? 0;
    const isDue = performance.now() - this.#sentAt >= partMs || bytes - this.#sentBytes >= partBytes;
    if (isDue && bytes > this.#sentBytes) await this.#send(bytes);
  }

  async #send(end: number): Promise<void> {
    const part = createReadStream(this.path, { start: this.#sentBytes, end: end - 1 });
    await this.#storage.put(this.#nameOf(this.#parts), part);
    this.#parts += 1;
    this.#sentBytes = end;
    this.#sentAt = performance.now();
  }

  /** Whoever comes next goes on from all that there is. */
  async #sendLast(untilMs: number): Promise<void> {
    const bytes = (await sizeOf(this.path)) ?? 0;
    while (bytes > this.#sentBytes) {
      try {
        await this.#send(bytes);
      } catch (error) {
        if (!isStorageAway(error) || performance.now() > untilMs) throw error;
        await sleep(againMs);
      }
    }
  }

  async #removeParts(): Promise<void> {
    for (let part = 0; part < this.#parts; part += 1) await this.#storage.remove(this.#nameOf(part));
  }

  /** Their order is that of the alphabet. */
  #nameOf(part: number): string {
    return `${this.#name}.${String(part).padStart(6, "0")}`;
  }
}
