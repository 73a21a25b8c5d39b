import { randomBytes } from "node:crypto";
import { OpenbatchError } from "../../errors/index.js";
import { ServiceRefusal, type Sighting } from "../../providers/index.js";
import type { PartRecord } from "../record/job-record.js";
import { cancelBatch } from "./cancel-batch.js";
import type { JobContext } from "./job-context.js";
import { isQueueFull } from "./queue.js";
import { pause, RetryPace, toStop, toTrouble } from "./trouble.js";

/** A service that answers nothing for about ten minutes has refused. */
const maxTries = 14;

/** What was just made may not be there at once: it is waited for, for about a minute. */
const maxTriesForNew = 7;
const maxTriesForKnown = 2;
const newMs = 10 * 60_000;

/** A large file may be looked at for a while before a batch can be made of it: it is waited for, for most of an hour. */
const maxTriesForFile = 90;
const longestMs = 30_000;

const maxTriesToRemove = 5;

/** A list may lag behind what was created: it is looked at again after so long, in milliseconds. */
const lagsMs = [0, 1_000, 3_000, 10_000];

export function createIntent(): string {
  return randomBytes(12).toString("hex");
}

/**
 * The steps of a part at the service, each written down before and after. What may have been done already, because a process was
 * killed or an answer lost, is looked for, and adopted where it is found.
 */
export class PartSteps {
  readonly #context: JobContext;
  /** Intents of which this process knows that nothing was done for them yet. */
  readonly #fresh = new Set<string>();

  constructor(context: JobContext) {
    this.#context = context;
  }

  /** Says that a part was written down just now. */
  begin({ intent }: PartRecord): void {
    this.#fresh.add(intent);
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
      return await this.#again(Number.POSITIVE_INFINITY, `look at ${batch}`, () =>
        this.#waitingFor({ isNotYet: isNotFound, tries }, () => service.look(batch, signal)),
      );
    } catch (error) {
      if (!(error instanceof OpenbatchError) || !isNotFound(error.cause)) throw error;
      // Where nothing at all is found, it is the wrong place that was asked.
      const find = () => service.findBatches({ ...part, file }, signal);
      const found = await this.#again(maxTries, "list what is there", find);
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
    const twins = await this.#again(maxTries, "list what is there", find);
    const twin = twins.find(({ batch }) => batch !== part.batch);
    if (twin === undefined) return;
    const isOver = twin.state === "ended" || twin.state === "rejected";
    const isCancelled = !isOver && (await cancelBatch(twin.batch, service, signal));
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
    return this.#again(maxTriesToRemove, `delete ${file}`, () => service.remove(file, signal));
  }

  async #upload(part: PartRecord): Promise<PartRecord> {
    const { service, state, signal, work } = this.#context;
    const outgoing = await work.toOutgoing(part);
    const file = await this.#doOnce(part, "take the file", {
      find: async () => (await service.findFiles(part.intent, signal))[0],
      act: () => service.upload(outgoing, signal),
    });
    return state.change(part.number, { state: "uploaded", file, removed: false });
  }

  async #create(part: PartRecord): Promise<Sighting> {
    const { service, state, signal, work } = this.#context;
    const outgoing = await work.toOutgoing(part);
    const sighting = await this.#doOnce(part, "make a batch", {
      onDoubt: () => state.change(part.number, { doubted: true }),
      find: async () => this.#choose(part, await service.findBatches({ ...part, file: part.file }, signal)),
      act: async () => {
        try {
          return await this.#waitingFor({ isNotYet: isFileLookedAt, tries: maxTriesForFile }, () =>
            this.#waitingFor({ isNotYet: isFileNotThere, tries: maxTriesForNew }, () =>
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

  /** Does what must not be done twice. */
  async #doOnce<Done>(
    part: PartRecord,
    what: string,
    { find, act, onDoubt }: OnceSteps<Done>,
  ): Promise<Done> {
    const { service, signal, onTrouble } = this.#context;
    const patience = new RetryPace(maxTries, signal);
    for (let isFresh = this.#fresh.delete(part.intent); ; ) {
      const found = isFresh ? undefined : await this.#find(find);
      if (found !== undefined) return found;
      try {
        if (!isFresh) await onDoubt?.();
        return await act();
      } catch (error) {
        const trouble = toTrouble(error, signal);
        const stop = toStop(trouble, service.target, what);
        if (trouble.againMs === undefined) throw stop;
        onTrouble(stop.message);
        isFresh = !trouble.isUncertain;
        if (!(await patience.wait(trouble.againMs))) throw stop;
      }
    }
  }

  /** Looks for what may have been done, also a while later. */
  async #find<Found>(find: () => Promise<Found | undefined>): Promise<Found | undefined> {
    for (const ms of lagsMs) {
      await pause(ms, this.#context.signal);
      const found = await this.#again(maxTries, "list what is there", find);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Asks again while the service does not know yet what was just made. */
  async #waitingFor<Answer>(
    { isNotYet, tries }: WaitingOptions,
    ask: () => Promise<Answer>,
  ): Promise<Answer> {
    const patience = new RetryPace(tries, this.#context.signal);
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (!isNotYet(error) || !(await patience.wait(Math.min(longestMs, 500 * 2 ** patience.tries))))
          throw error;
      }
    }
  }

  /** Asks what can be asked as often as one likes. */
  async #again<Answer>(tries: number, what: string, ask: () => Promise<Answer>): Promise<Answer> {
    const { service, signal, onTrouble } = this.#context;
    const patience = new RetryPace(tries, signal);
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        const trouble = toTrouble(error, signal);
        const stop = toStop(trouble, service.target, what);
        if (trouble.againMs === undefined) throw stop;
        onTrouble(stop.message);
        if (!(await patience.wait(trouble.againMs))) throw stop;
      }
    }
  }
}

interface WaitingOptions {
  readonly isNotYet: (error: unknown) => boolean;
  readonly tries: number;
}

interface OnceSteps<Done> {
  /** Finds what was done for the part already. */
  readonly find: () => Promise<Done | undefined>;
  readonly act: () => Promise<Done>;
  /** Is called before it is done again, for what was done before was not found. */
  readonly onDoubt?: () => Promise<unknown>;
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

function isNotFound(error: unknown): boolean {
  return error instanceof ServiceRefusal && error.status === 404;
}
