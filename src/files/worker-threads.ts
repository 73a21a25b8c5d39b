import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parentPort, Worker } from "node:worker_threads";
import { OpenbatchError } from "../errors/index.js";

/** Works at one piece after the other, beside other threads. */
export interface WorkThread<Piece, Result> {
  readonly work: (piece: Piece) => Promise<Result>;
}

/** The answer of a worker to a piece. */
export type WorkReply<Result> =
  | { readonly kind: "done"; readonly result: Result }
  | { readonly kind: "failed"; readonly error: unknown };

export interface WorkOfThread<Piece, Result> {
  readonly work: (piece: Piece) => Promise<Result> | Result;
  /** What of a result is handed over, and not copied. */
  readonly listBuffers: (result: Result) => ArrayBuffer[];
}

/** One less than the machine has cores, and three at most. */
export function countFreeCores(): number {
  return Math.min(3, availableParallelism() - 1);
}

/**
 * Starts workers from a file beside the one that starts them. None where it is not there, as in the sources, which Node cannot
 * start a thread from: then the thread that asks does all the work.
 */
export function startWorkers(entry: URL, count: number, workerData: unknown): Worker[] {
  if (count <= 0 || !existsSync(fileURLToPath(entry))) return [];
  return Array.from({ length: count }, () => new Worker(entry, { workerData }));
}

/** In a worker: answers each piece that comes. File descriptors are shared by all threads of a process. */
export function serveThread<Piece, Result>({ work, listBuffers }: WorkOfThread<Piece, Result>): void {
  const send = (reply: WorkReply<Result>, buffers: ArrayBuffer[]): void =>
    parentPort?.postMessage(reply, buffers);
  parentPort?.on("message", async (piece: Piece) => {
    try {
      const result = await work(piece);
      send({ kind: "done", result }, listBuffers(result));
    } catch (error) {
      send({ kind: "failed", error }, []);
    }
  });
}

/** A thread beside the main one. */
export class WorkerThread<Piece, Result> implements WorkThread<Piece, Result> {
  readonly #worker: Worker;
  #failure: unknown;
  #settle: ((reply: WorkReply<Result>) => void) | undefined;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.on("message", (reply: WorkReply<Result>) => this.#take(reply));
    worker.on("messageerror", (error) => this.#fail(error));
    worker.on("error", (error) => this.#fail(error));
    worker.on("exit", (code) => this.#fail(new Error(`exit code ${code}`)));
  }

  async work(piece: Piece): Promise<Result> {
    const reply = await new Promise<WorkReply<Result>>((resolve) => {
      this.#settle = resolve;
      if (this.#failure !== undefined) resolve({ kind: "failed", error: this.#failure });
      else this.#worker.postMessage(piece);
    });
    if (reply.kind === "done") return reply.result;
    throw new OpenbatchError("unexpected_failure", "A worker thread failed.", {
      hint: "Run it again with one thread: workers: 0 (--workers 0).",
      cause: reply.error,
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #take(reply: WorkReply<Result>): void {
    this.#settle?.(reply);
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#take({ kind: "failed", error: this.#failure });
  }
}

/**
 * Works at pieces in several threads at once, and hands their results on in the order of the pieces.
 * A failure anywhere stops all threads; it is thrown when every one has come to rest.
 */
export async function workInThreads<Piece, Result>(
  pieces: readonly Piece[],
  threads: readonly WorkThread<Piece, Result>[],
  onResult: (result: Result, piece: Piece) => Promise<void> | void,
): Promise<void> {
  const waiting = new Map<number, Result>();
  let nextToWork = 0;
  let nextToHandOn = 0;
  let handingOn = Promise.resolve();
  let failed = false;

  const handOnInOrder = async (): Promise<void> => {
    for (let result = waiting.get(nextToHandOn); result !== undefined; result = waiting.get(nextToHandOn)) {
      const piece = pieces[nextToHandOn];
      waiting.delete(nextToHandOn);
      nextToHandOn += 1;
      if (piece !== undefined) await onResult(result, piece);
    }
  };
  const run = async (thread: WorkThread<Piece, Result>): Promise<void> => {
    try {
      for (let piece = pieces[nextToWork]; piece !== undefined && !failed; piece = pieces[nextToWork]) {
        const index = nextToWork;
        nextToWork += 1;
        waiting.set(index, await thread.work(piece));
        handingOn = handingOn.then(handOnInOrder);
        await handingOn;
      }
    } catch (error) {
      failed = true;
      throw error;
    }
  };
  const outcomes = await Promise.allSettled(threads.map(run));
  for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
}
