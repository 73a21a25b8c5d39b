import { randomBytes } from "node:crypto";
import { OpenbatchError } from "../../errors/index.js";
import { ServiceRefusal, type Sighting } from "../../providers/index.js";
import type { PartRecord } from "../record/job-record.js";
import { Asking } from "./asking.js";
import { cancelBatch } from "./cancel-batch.js";
import type { JobContext } from "./job-context.js";
import { isQueueFull } from "./queue.js";
import { saysNotFound, toTrouble } from "./trouble.js";

/** What was just made may not be there at once: it is waited for, for about a minute. */
const maxTriesForNew = 7;
const maxTriesForKnown = 2;
const newMs = 10 * 60_000;

/** A large file may be looked at for a while before a batch can be made of it: it is waited for, for most of an hour. */
const maxTriesForFile = 90;

const maxTriesToRemove = 5;

export function createIntent(): string {
  return randomBytes(12).toString("hex");
}

/**
 * The steps of a part at the service, each written down before and after. What may have been done already, because a process was
 * killed or an answer lost, is looked for, and adopted where it is found.
 */
export class PartSteps {
  readonly #context: JobContext;
  readonly #asking: Asking;
  /** Intents of which this process knows that nothing was done for them yet. */
  readonly #fresh = new Set<string>();

  constructor(context: JobContext) {
    this.#context = context;
    this.#asking = new Asking(context);
  }

  /** Says that a part was written down just now. */
  begin({ intent }: PartRecord): void {
    this.#fresh.add(intent);
  }

  /** Whether nothing of a part is at the service. */
  isUnbegun({ state, intent }: PartRecord): boolean {
    return state === "uploading" && this.#fresh.has(intent);
  }

  /** Brings a part to its batch. Gives the batch as it was seen then. */
  async submit(number: number): Promise<Sighting> {
    const { state } = this.#context;
    let part = state.partOf(number);
    if (part.state === "uploading") part = await this.#upload(part);
    if (part.state === "uploaded") {
      part = await state.change(number, { state: "creating", since: new Date().toISOString() });
      this.#fresh.add(part.intent);
    }
    return this.#create(part);
  }

  /** Looks at a batch, for as long as it takes. `undefined` where the service has it no longer. */
  async look(part: PartRecord): Promise<Sighting | undefined> {
    const { service, signal } = this.#context;
    const { batch = "", file } = part;
    const isNew = Date.now() - Date.parse(part.submitted_at ?? "") < newMs;
    const tries = isNew ? maxTriesForNew : maxTriesForKnown;
    try {
      const what = `look at ${batch}`;
      return await this.#asking.again(Number.POSITIVE_INFINITY, what, () =>
        this.#asking.waitFor(what, { isNotYet: saysNotFound, tries }, () => service.look(batch, signal)),
      );
    } catch (error) {
      if (!(error instanceof OpenbatchError) || !saysNotFound(error.cause)) throw error;
      // Where nothing at all is found, it is the wrong place that was asked.
      const find = () => service.findBatches({ ...part, file }, signal);
      const found = await this.#asking.list(find);
      if (found.some((each) => each.batch === batch)) throw error;
      return undefined;
    }
  }

  /** Cancels what was made for a part beside its batch, and came to light later. */
  async endTwins(part: PartRecord): Promise<void> {
    const { service, state, signal, onTrouble } = this.#context;
    const isNew = Date.now() - Date.parse(part.submitted_at ?? "") < newMs;
    if (part.doubted !== true || !service.carriesIntents || !isNew) return;
    const find = () => service.findBatches({ ...part, file: part.file }, signal);
    const twins = await this.#asking.list(find);
    // One that was refused has executed nothing.
    const twin = twins.find((each) => each.batch !== part.batch && each.state !== "rejected");
    if (twin === undefined) return;
    const isCancelled = twin.state !== "ended" && (await cancelBatch(twin.batch, service, signal));
    const end = isCancelled
      ? "it is cancelled. What it answered by then is"
      : "it has ended. What it answered is";
    onTrouble(
      `${twin.batch} was made for the same requests as ${part.batch}, and came to light only now: ${end} paid twice.`,
    );
    await state.change(part.number, { doubted: false });
  }

  /** Deletes what the service keeps for a part. What cannot be deleted now is left for the next time. */
  async removeFiles(part: PartRecord): Promise<void> {
    const { state, signal } = this.#context;
    try {
      const known = [part.file, ...(part.outputs ?? [])].filter((file) => file !== undefined);
      for (const file of known) await this.#remove(file);
      await this.#removeAll(part.intent);
      await state.change(part.number, { removed: true });
    } catch (error) {
      const { message } = error instanceof OpenbatchError ? error : toTrouble(error, signal);
      this.#context.onTrouble(
        `Files of ${part.batch ?? `part ${part.number}`} could not be deleted: ${message}`,
      );
    }
  }

  /** One that was not found when it was to be deleted may be there all the same, and so may one that nobody knows of. */
  async #removeAll(intent: string): Promise<void> {
    for (let tries = 0; tries < maxTriesToRemove; tries += 1) {
      const found = await this.#context.service.findFiles(intent, this.#context.signal);
      if (found.length === 0) return;
      for (const file of found) await this.#remove(file);
    }
  }

  #remove(file: string): Promise<void> {
    const { service, signal } = this.#context;
    return this.#asking.again(maxTriesToRemove, `delete ${file}`, () => service.remove(file, signal));
  }

  async #upload(part: PartRecord): Promise<PartRecord> {
    const { service, state, signal, work } = this.#context;
    const outgoing = await work.toOutgoing(part);
    const uploading = this.#asking.doOnce(this.#fresh.delete(part.intent), "take the file", {
      find: async () => (await service.findFiles(part.intent, signal))[0],
      act: () => service.upload(outgoing, signal),
      onRefused: async () => this.begin(part),
    });
    const file = await uploading.catch((error: unknown) => {
      throw toMissingApi(error);
    });
    return state.change(part.number, { state: "uploaded", file, removed: false });
  }

  async #create(part: PartRecord): Promise<Sighting> {
    const { service, state, signal, work } = this.#context;
    const outgoing = await work.toOutgoing(part);
    const what = "make a batch";
    const sighting = await this.#asking.doOnce(this.#fresh.delete(part.intent), what, {
      isPaid: true,
      onDoubt: () => state.change(part.number, { doubted: true }),
      onRefused: () => state.change(part.number, { state: "uploaded" }),
      find: async () => this.#choose(part, await service.findBatches({ ...part, file: part.file }, signal)),
      act: async () => {
        try {
          return await this.#asking.waitFor(what, { isNotYet: isFileLookedAt, tries: maxTriesForFile }, () =>
            this.#asking.waitFor(what, { isNotYet: isFileNotThere, tries: maxTriesForNew }, () =>
              service.create(outgoing, part.file, signal),
            ),
          );
        } catch (error) {
          return toFullQueue(error);
        }
      },
    });
    if (sighting.batch === "") return sighting;
    const submitted_at = new Date().toISOString();
    await state.change(part.number, {
      state: "submitted",
      batch: sighting.batch,
      word: sighting.word,
      submitted_at,
    });
    await state.folder.removePartRequests(part.number);
    return sighting;
  }

  /** What carries the part's intent is its own; of what is only like it, one alone, or the one that was named. */
  #choose(part: PartRecord, found: readonly Sighting[]): Sighting | undefined {
    const { service, state, adopt, onTrouble } = this.#context;
    if (service.carriesIntents) return found[0];
    const known = new Set(state.parts.map(({ batch }) => batch));
    const free = found.filter(({ batch }) => !known.has(batch));
    const named = free.find(({ batch }) => batch === adopt);
    if (named !== undefined || adopt === "none" || free.length === 0) return named;
    const [only] = free;
    if (free.length === 1 && only !== undefined) {
      onTrouble(
        `${only.batch} was made when part ${part.number} was sent, and is as large: it is taken for its batch.`,
      );
      return only;
    }
    throw new OpenbatchError(
      "several_candidates",
      `Part ${part.number} may have been sent at ${part.since}, and one of these may be its batch: ${free.map(({ batch }) => batch).join(", ")}.`,
    );
  }
}

/** Whether the service misses the file of a batch. Source: reports of its clients, 2025 and 2026. */
export function isWithoutFile(message: string): boolean {
  const isMissed =
    /\b(?:cannot|can't|could not) (?:be )?f(?:i|ou)nd\b|\bnot found\b|\bdoes(?: not|n't) exist\b|\bno such\b/i;
  return /\bfile\b/i.test(message) && isMissed.test(message);
}

function isFileLookedAt(error: unknown): boolean {
  return error instanceof ServiceRefusal && error.isNotYet;
}

/** Many servers answer requests one by one, and have no Batch API. */
function toMissingApi(stop: unknown): unknown {
  const isMissing =
    stop instanceof OpenbatchError &&
    stop.cause instanceof ServiceRefusal &&
    [404, 405, 501].includes(stop.cause.status);
  if (!isMissing) return stop;
  return new OpenbatchError(stop.code, stop.message, {
    cause: stop.cause,
    hint: "It seems to have no Batch API there. A server that answers requests one by one: openbatch run FILE --base-url URL.",
  });
}

/** A queue that is full may be told at once, and not by a batch that fails. @throws what is anything else. */
function toFullQueue(refusal: unknown): Sighting {
  if (!(refusal instanceof ServiceRefusal)) throw refusal;
  const { code, message } = refusal.error;
  const problems = [{ code, message, line: undefined, param: undefined }];
  if (!isQueueFull(problems)) throw refusal;
  return { batch: "", state: "rejected", word: "", counts: undefined, problems, outputs: [] };
}

function isFileNotThere(error: unknown): boolean {
  return (
    error instanceof ServiceRefusal &&
    (error.status === 400 || error.status === 404) &&
    isWithoutFile(error.message)
  );
}
