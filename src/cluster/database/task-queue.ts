import type { PgBoss } from "pg-boss";
import type { Database, Session } from "./database.js";
import { loadPackage } from "./load-package.js";

/** What is waited for: a batch that is to go on, and ranges, which are made up by some workers and by others not. */
export type QueueName = "batches" | "ranges" | "rehearsed_ranges";

export interface Task<Data> {
  readonly queue: QueueName;
  readonly id: string;
  /** Which try it is; a task that was given to another has another one. */
  readonly retryCount: number;
  readonly data: Data;
}

export interface SendTask {
  /** The transaction with which it is sent, or is not. */
  readonly session: Session;
  readonly priority: number;
  /** What it belongs to, so that whoever cannot do it may leave it. */
  readonly group?: string;
}

/** What is left to others. */
export interface TakeOptions {
  /** Groups of which none is taken. */
  readonly left?: readonly string[];
  readonly minPriority?: number | undefined;
}

/** How long a task stays with a worker that says nothing, in seconds: the least that the queue takes. */
export const leaseSeconds = 10;

const schema = "openbatch_queue";
const names: readonly QueueName[] = ["batches", "ranges", "rehearsed_ranges"];

const queueOptions = {
  heartbeatSeconds: leaseSeconds,
  // Only a heartbeat that is missing takes a task from a worker.
  expireInSeconds: 86_399,
  retryLimit: 1_000_000,
  retryDelay: 1,
  retentionSeconds: 30 * 86_400,
  deleteAfterSeconds: 3_600,
};

/** The tasks of all workers. Each is delivered at least once. */
export class TaskQueue {
  readonly #boss: PgBoss;

  private constructor(boss: PgBoss) {
    this.#boss = boss;
  }

  /** Makes the tables of the queue, or brings them to the version that is installed. */
  static async migrate(database: Database): Promise<void> {
    const boss = await createBoss(database, true);
    await boss.start();
    try {
      for (const name of names) await boss.createQueue(name, queueOptions);
    } finally {
      await boss.stop({ graceful: false, close: false });
    }
  }

  /** Begins to give tasks of workers that say nothing to others. */
  static async open(database: Database, onTrouble: (message: string) => void): Promise<TaskQueue> {
    const boss = await createBoss(database, false);
    boss.on("error", (error) => onTrouble(error.message.slice(0, 200)));
    await boss.start();
    return new TaskQueue(boss);
  }

  async send(queue: QueueName, data: object, { session, priority, group }: SendTask): Promise<void> {
    const belonging = group === undefined ? {} : { group: { id: group } };
    await this.#boss.send(queue, data, { priority, ...belonging, db: toAdapter(session) });
  }

  /** The next task that nobody has, if there is one. */
  async take<Data>(
    queue: QueueName,
    { left = [], minPriority }: TakeOptions = {},
  ): Promise<Task<Data> | undefined> {
    const least = minPriority === undefined ? {} : { minPriority };
    const [job] = await this.#boss.fetch<Data>(queue, { ignoreGroups: [...left], ...least });
    return job && { queue, id: job.id, retryCount: job.retryCount, data: job.data };
  }

  /** Says that somebody is at it. Gives whether it is still theirs. */
  async touch({ queue, ...task }: Task<unknown>): Promise<boolean> {
    return isAffected(await this.#boss.touch(queue, toAttempt(task)));
  }

  async complete({ queue, ...task }: Task<unknown>, session: Session): Promise<void> {
    await this.#boss.complete(queue, toAttempt(task), null, { db: toAdapter(session) });
  }

  /** Leaves it to whoever comes next, in a moment. */
  async giveBack({ queue, ...task }: Task<unknown>): Promise<void> {
    await this.#boss.fail(queue, toAttempt(task));
  }

  async stop(): Promise<void> {
    await this.#boss.stop({ graceful: false, close: false });
  }
}

async function createBoss(database: Database, migrate: boolean): Promise<PgBoss> {
  const { PgBoss } = await loadPackage("pg-boss", () => import("pg-boss"));
  return new PgBoss({
    schema,
    db: { executeSql: async (text, values) => database.execute(text, values) },
    migrate,
    createSchema: migrate,
    schedule: false,
    superviseIntervalSeconds: 1,
    monitorIntervalSeconds: 1,
  });
}

function toAttempt({ id, retryCount }: Pick<Task<unknown>, "id" | "retryCount">) {
  return { id, retryCount };
}

function toAdapter(session: Session): {
  executeSql(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
} {
  return { executeSql: async (text, values) => ({ rows: [...(await session.query(text, values))] }) };
}

function isAffected(response: object): boolean {
  return "affected" in response && Number(response.affected) > 0;
}
