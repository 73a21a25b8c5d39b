import { setTimeout as sleep } from "node:timers/promises";
import { OpenbatchError } from "../../errors/index.js";
import type { RangeState } from "../../serve/index.js";
import { isAway } from "../database/database.js";
import { listBegunByOthers } from "../database/other-kind.js";
import { writeProgress } from "../database/progress-table.js";
import { leaseSeconds, type QueueName, type TakeOptions, type Task } from "../database/task-queue.js";
import { reportUpstreams } from "../database/upstreams-table.js";
import { reportWorker, type WorkerReport } from "../database/workers-table.js";
import type { BatchTask } from "./advance-batch.js";
import { elapsedSince, Lease, takeMoment } from "./lease.js";
import { type RangeTask, toRangeQueue } from "./range-queue.js";
import { type RangeEnd, RangeWork } from "./range-work.js";
import { ShownProgress } from "./shown-progress.js";
import { StorageDoubt } from "./storage-doubt.js";
import { tryAdvance } from "./try-advance.js";
import type { WorkerParts } from "./worker-parts.js";
import type { WorkerUpstream } from "./worker-upstream.js";

export interface WorkerName {
  readonly id: string;
  readonly name: string;
}

interface Taken<Data> {
  readonly task: Task<Data>;
  readonly lease: Lease;
}

/** The lease is over here before it is over in the database. */
const leaseMs = leaseSeconds * 1000 - 500;

const heartbeatMs = 3_000;
const progressMs = 1_000;
/** How often is looked for work, and for batches that were halted, where nobody tells. */
const lookMs = 1_000;
const lookAfterBatchesMs = 5_000;

/** Takes batches and ranges, one after the other and several side by side, until it is closed. */
export class Worker {
  readonly #parts: WorkerParts;
  readonly #name: WorkerName;
  readonly #ranges = new Set<RangeWork>();
  /** Batches that go on here, which takes a heartbeat too. */
  readonly #advances = new Set<Task<BatchTask>>();
  readonly #ends = new Set<Promise<void>>();
  readonly #timers: readonly NodeJS.Timeout[];
  readonly #storage: StorageDoubt;
  readonly #shown = new ShownProgress();
  readonly #closing = new AbortController();
  /** How many of the advances wait for another try. */
  #resting = 0;
  #wake = (): void => undefined;
  #loop: Promise<void> | undefined;
  #done = { completed: 0, failed: 0 };
  #heartbeat: Promise<void> | undefined;

  constructor(parts: WorkerParts, name: WorkerName) {
    this.#parts = parts;
    this.#name = name;
    this.#storage = new StorageDoubt(parts.storage, (error) => this.#report(error));
    this.#timers = [
      setInterval(() => this.#beat(), heartbeatMs),
      setInterval(() => void this.#quietly(() => this.#showProgress()), progressMs),
      setInterval(() => void this.#quietly(() => this.#lookAfterBatches()), lookAfterBatchesMs),
    ];
  }

  /** Says first that it is there, and which models it has. */
  start(): void {
    this.#beat();
    this.#loop = (this.#heartbeat ?? Promise.resolve()).then(() => this.#work());
  }

  /** Is told by the database that there is work, that a batch was changed, or that it may have missed something. */
  onTold(payload: string): void {
    if (payload === "work" || payload === "") return this.#wake();
    if ([...this.#ranges].some(({ place }) => place.batch === payload)) {
      void this.#quietly(() => this.#lookAfterBatches());
    }
  }

  get #isClosing(): boolean {
    return this.#closing.signal.aborted;
  }

  /** Sends no more, and gives back what it has once what is in flight is answered. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#wake();
    for (const range of this.#ranges) range.close();
    await this.#loop;
    await Promise.all(this.#ends);
    for (const timer of this.#timers) clearInterval(timer);
    await this.#quietly(() => this.#showProgress());
  }

  async #work(): Promise<void> {
    while (!this.#isClosing) {
      const isBusy = await this.#takeOne().catch((error: unknown) => {
        this.#report(error);
        return false;
      });
      if (!isBusy && !this.#isClosing) await this.#rest();
    }
  }

  /** Batches that are to go on come first: others may do their ranges. */
  async #takeOne(): Promise<boolean> {
    if (this.#advances.size === this.#resting) {
      const batch = await this.#take<BatchTask>("batches");
      if (batch !== undefined) this.#begin(this.#advance(batch.task));
      if (batch !== undefined) return true;
    }
    if (!(await this.#storage.isThere())) return false;
    const { upstreams, database, isRehearsal } = this.#parts;
    const halted = await this.#takeHalted();
    if (halted !== undefined) return this.#beginRange(halted, undefined);
    const here = [...this.#ranges].map(({ task }) => task.data);
    const options = await upstreams.findTakeable(database, here);
    if (options === undefined) return false;
    const found = await this.#take<RangeTask>(toRangeQueue({ isRehearsal }), options);
    if (found === undefined) return false;
    return this.#beginRange(found, upstreams.choose(found.task.data.modelKey));
  }

  /** A range of a batch that workers of the other kind began and that is halted: it needs no sending. One at a time. */
  async #takeHalted(): Promise<Taken<RangeTask> | undefined> {
    if ([...this.#ranges].some(({ isSettling }) => isSettling)) return undefined;
    const { database, isRehearsal } = this.#parts;
    const { running, hasHalted } = await listBegunByOthers(database, isRehearsal);
    if (!hasHalted) return undefined;
    return this.#take<RangeTask>(toRangeQueue({ isRehearsal: !isRehearsal }), { left: running });
  }

  #beginRange(taken: Taken<RangeTask>, at: WorkerUpstream | undefined): true {
    const range = new RangeWork({ ...taken, at }, this.#parts);
    this.#tell(range, "taken");
    this.#ranges.add(range);
    this.#begin(this.#doRange(range));
    return true;
  }

  async #take<Data>(queue: QueueName, options?: TakeOptions): Promise<Taken<Data> | undefined> {
    const since = takeMoment();
    const task = await this.#parts.queue.take<Data>(queue, options);
    return task && { task, lease: new Lease(leaseMs, since) };
  }

  #begin(work: Promise<void>): void {
    const end = work.finally(() => {
      this.#ends.delete(end);
      this.#wake();
    });
    this.#ends.add(end);
  }

  #rest(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, lookMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #advance(task: Task<BatchTask>): Promise<void> {
    this.#advances.add(task);
    const rest = (ms: number): Promise<boolean> => this.#restForAdvance(ms);
    const onFailure = (error: unknown): void => this.#report(error);
    await this.#quietly(() => tryAdvance(task, this.#parts, { rest, onFailure }));
    this.#advances.delete(task);
  }

  /** Meanwhile another batch may go on. Gives whether there is to be another try. */
  async #restForAdvance(ms: number): Promise<boolean> {
    this.#resting += 1;
    this.#wake();
    await sleep(ms, undefined, { signal: this.#closing.signal }).catch(() => undefined);
    this.#resting -= 1;
    return !this.#isClosing;
  }

  async #doRange(range: RangeWork): Promise<void> {
    try {
      await this.#end(range, await range.run());
    } catch (error) {
      this.#report(error);
      await this.#giveBackRange(range);
      await sleep(lookMs);
    } finally {
      this.#ranges.delete(range);
    }
  }

  async #end(range: RangeWork, end: RangeEnd): Promise<void> {
    const { completed, failed } = range.progress;
    switch (end.kind) {
      case "done":
        this.#storage.renew();
        this.#done = { completed: this.#done.completed + completed, failed: this.#done.failed + failed };
        return this.#tell(range, end.isCommitted === true ? "committed" : "dropped");
      case "left":
        await this.#quietly(() => writeProgress(this.#parts.database, [range.progress]));
        return this.#giveBackRange(range);
      case "hindered":
        await this.#pause(range, end);
    }
  }

  /** Others may have more luck with the range; there nothing is tried for a while. */
  async #pause(
    range: RangeWork,
    { cause, at }: Extract<RangeEnd, { readonly kind: "hindered" }>,
  ): Promise<void> {
    const waitMs = at?.hinder(cause) ?? this.#storage.pause();
    this.#storage.doubt();
    this.#parts.onEvent({ kind: "waiting", id: range.place.batch, message: cause.ownWords, waitMs });
    await this.#quietly(() => writeProgress(this.#parts.database, [range.progress]));
    await this.#giveBackRange(range);
  }

  /** What is lost is another's already. */
  async #giveBackRange(range: RangeWork): Promise<void> {
    this.#tell(range, range.lease.isLost ? "lost" : "given back");
    if (!range.lease.isLost) await this.#giveBack(range.task);
  }

  #tell({ place: { batch, n }, progress: { completed, failed } }: RangeWork, state: RangeState): void {
    const counts = state === "taken" ? {} : { completed, failed };
    this.#parts.onEvent({ kind: "range", id: batch, range: n, state, ...counts });
  }

  /** Where it cannot be told the database notices by itself. */
  #giveBack(task: Task<unknown>): Promise<void> {
    return this.#quietly(() => this.#parts.queue.giveBack(task));
  }

  /** One heartbeat at a time: an answer that comes late tells of the moment when it was asked for. */
  #beat(): void {
    this.#heartbeat ??= this.#quietly(() => this.#confirmAll()).finally(() => {
      this.#heartbeat = undefined;
    });
  }

  async #confirmAll(): Promise<void> {
    const { queue, database, upstreams } = this.#parts;
    const ranges = [...this.#ranges];
    await Promise.all([
      ...ranges.map((range) => this.#confirm(range)),
      ...[...this.#advances].map((task) => queue.touch(task)),
    ]);
    await reportWorker(database, { ...this.#name, target: upstreams.target, ...this.#counts });
    await reportUpstreams(database, this.#name.id, upstreams.reports);
  }

  /** What it has done, also of the ranges that it has. */
  get #counts(): Pick<WorkerReport, "ranges" | "completed" | "failed"> {
    let { completed, failed } = this.#done;
    for (const { progress } of this.#ranges) {
      completed += progress.completed;
      failed += progress.failed;
    }
    return { ranges: this.#ranges.size, completed, failed };
  }

  async #confirm(range: RangeWork): Promise<void> {
    const at = takeMoment();
    const isOurs = await this.#parts.queue.touch(range.task);
    // One that has just ended is nobody's any more.
    if (!this.#ranges.has(range)) return;
    if (!isOurs) return range.lose();
    range.lease.confirm(at);
    if (elapsedSince(at) < leaseMs) range.resume();
  }

  #showProgress(): Promise<void> {
    return this.#shown.show(
      this.#parts.database,
      [...this.#ranges].map(({ progress }) => progress),
    );
  }

  /** Batches that are cancelled, out of time or failed send no more. */
  async #lookAfterBatches(): Promise<void> {
    const ids = [...new Set([...this.#ranges].map(({ place }) => place.batch))];
    if (ids.length === 0) return;
    const rows = await this.#parts.database.query<{ id: string }>(
      "select id from openbatch.batches where id = any($1) and status <> 'in_progress'",
      [ids],
    );
    const halted = new Set(rows.map(({ id }) => id));
    for (const range of this.#ranges) if (halted.has(range.place.batch)) range.halt();
  }

  async #quietly(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!isAway(error)) this.#report(error);
    }
  }

  #report(error: unknown): void {
    const message =
      error instanceof OpenbatchError
        ? error.ownWords
        : `Unexpected ${error instanceof Error ? error.name : typeof error} in a worker.`;
    this.#parts.onEvent({ kind: "trouble", message });
  }
}
