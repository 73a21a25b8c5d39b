import { randomBytes } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, rm, truncate } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { sizeOf } from "../../files/index.js";
import type { CloseOptions, GrowingFile, SharedStorage, StoredObject } from "../storage/shared-storage.js";
import { toAttemptName, toResultsName, toUploadName } from "../store/object-names.js";

/** A range of the input of a batch. */
export interface RangePlace {
  readonly batch: string;
  readonly n: number;
}

/** What an attempt is at. */
export interface AttemptPlace extends RangePlace {
  readonly units: readonly [number, number];
}

export interface AttemptFilesOptions {
  readonly storage: SharedStorage;
  /** A folder of this worker alone. */
  readonly folder: string;
}

/**
 * The files of one worker's attempt at a range: its requests, in a folder of the worker, and its results, which the next attempt
 * finds in the storage if this one comes to no end.
 */
export class AttemptFiles {
  readonly token: string;
  readonly requests: string;
  readonly #place: RangePlace;
  /** What begins the tokens of all attempts at the same requests. In a database that was restored a range may be cut another way. */
  readonly #units: string;
  readonly #storage: SharedStorage;
  readonly #output: GrowingFile;
  readonly #errors: GrowingFile;

  constructor(place: AttemptPlace, { storage, folder }: AttemptFilesOptions) {
    this.#place = place;
    this.#storage = storage;
    const { batch, n, units } = place;
    this.#units = `${units.join("-")}-`;
    this.token = `${this.#units}${randomBytes(8).toString("hex")}`;
    this.requests = join(folder, `${batch}.${n}.${this.token}.jsonl`);
    this.#output = storage.grow(toResultsName(batch, { n, token: this.token }, "output"), folder);
    this.#errors = storage.grow(toResultsName(batch, { n, token: this.token }, "errors"), folder);
  }

  get output(): string {
    return this.#output.path;
  }

  get errors(): string {
    return this.#errors.path;
  }

  /** Brings the requests here. */
  async fetchRequests(input: string, [start, end]: readonly [number, number]): Promise<void> {
    await mkdir(dirname(this.requests), { recursive: true });
    const span = { start, end: end - 1 };
    await pipeline(
      this.#storage.getRange(toUploadName(input), span),
      createWriteStream(this.requests, { mode: 0o600 }),
    );
  }

  /**
   * Goes on from the earlier attempt that has come furthest. Gives whether there is one: also where this is the first that the
   * database knows of, for it may have been restored to what was before.
   */
  async takeOver(): Promise<boolean> {
    const earlier = await this.#listResults();
    const { output, errors } = longestOf(earlier.filter(({ token }) => token.startsWith(this.#units)));
    await this.#output.begin(output);
    await this.#errors.begin(errors);
    return output.length + errors.length > 0;
  }

  /** Where requests are sent again the executor does so, and writes the line anew. */
  async cutTornLines(): Promise<void> {
    for (const path of [this.output, this.errors]) if (await isThere(path)) await cutTornLine(path);
  }

  /** Makes what is written last, and gives how much that is. */
  async settle(): Promise<{ readonly outputBytes: number; readonly errorsBytes: number }> {
    return { outputBytes: await this.#output.finish(), errorsBytes: await this.#errors.finish() };
  }

  /** Removes what nobody needs once the range has its segment: all of every attempt but what was committed. */
  async removeOthers(): Promise<void> {
    for (const { name, token, isWhole } of await this.#listResults()) {
      if (token !== this.token || !isWhole) await this.#storage.remove(name);
    }
  }

  /** Removes the requests, and also the results where they are of no use to anybody. */
  async close(options: CloseOptions): Promise<void> {
    await rm(this.requests, { force: true });
    await this.#output.close(options);
    await this.#errors.close(options);
  }

  async #listResults(): Promise<readonly AttemptObject[]> {
    const { batch, n } = this.#place;
    const objects: AttemptObject[] = [];
    for await (const object of this.#storage.list(`batches/${batch}/${n}.`)) {
      const named = toAttemptName(object.name);
      if (named !== undefined) objects.push({ ...object, ...named });
    }
    return objects;
  }
}

/** What an attempt left, whole or in parts. */
type AttemptObject = StoredObject & NonNullable<ReturnType<typeof toAttemptName>>;

/** What the attempt left that has come furthest; nothing where none has left anything. */
function longestOf(objects: readonly AttemptObject[]) {
  let longest: { readonly output: readonly AttemptObject[]; readonly errors: readonly AttemptObject[] } = {
    output: [],
    errors: [],
  };
  let most = 0;
  for (const token of new Set(objects.map((object) => object.token))) {
    const own = objects.filter((object) => object.token === token);
    const found = { output: wholeOrParts(own, "output"), errors: wholeOrParts(own, "errors") };
    const bytes = [...found.output, ...found.errors].reduce((sum, object) => sum + object.bytes, 0);
    if (bytes > most) [longest, most] = [found, bytes];
  }
  return longest;
}

/** Parts of what is there whole are not needed. */
function wholeOrParts(objects: readonly AttemptObject[], part: string): readonly AttemptObject[] {
  const own = objects.filter((object) => object.part === part);
  const whole = own.filter(({ isWhole }) => isWhole);
  return whole.length > 0 ? whole : own.sort((one, other) => (one.name < other.name ? -1 : 1));
}

async function isThere(path: string): Promise<boolean> {
  return (await sizeOf(path)) !== undefined;
}

/** Cuts off what comes behind the last line feed. */
async function cutTornLine(path: string): Promise<void> {
  let [bytes, end] = [0, 0];
  for await (const chunk of createReadStream(path)) {
    const last = chunk.lastIndexOf("\n");
    if (last >= 0) end = bytes + last + 1;
    bytes += chunk.length;
  }
  if (end < bytes) await truncate(path, end);
}
