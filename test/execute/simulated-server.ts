import { ConcurrencyLimit } from "../../src/execute/upstream/concurrency-limit.js";

export interface SimulatedServer {
  /** How long a request takes where it has not to wait, in milliseconds. */
  readonly serviceMs: (random: () => number, number: number) => number;
  /** How many requests are worked on at once; the others wait in a queue. */
  readonly workers?: number;
  /** How many requests there may be; more are refused. */
  readonly room?: number;
  /** The share of attempts that fail for no reason. */
  readonly failing?: number;
  /** While it says so, every request is refused. */
  readonly isDown?: (now: number) => boolean;
}

export interface Simulation {
  readonly answered: number;
  readonly refused: number;
  readonly most: number;
  /** Over the second half of the time. */
  readonly meanLimit: number;
  /** When the limit was at least so high for the first time; `Infinity` if never. */
  reached(limit: number, after?: number): number;
}

/**
 * Runs a concurrency limit against a server in time that is only counted, with as many requests as there may be.
 * @param fixed the limit, if it is not to be found.
 */
export function simulate(server: SimulatedServer, totalMs: number, seed: number, fixed?: number): Simulation {
  const random = createRandom(seed);
  const limit = new ConcurrencyLimit(fixed);
  const agenda = new Agenda();
  const queue: (() => void)[] = [];
  const changes: [at: number, limit: number][] = [[0, limit.current]];
  let running = 0;
  let working = 0;
  let sent = 0;
  let answered = 0;
  let refused = 0;

  const work = (begin: () => void): void => {
    working++;
    begin();
  };
  const end = (stamp: number, startedAt: number): void => {
    working--;
    running--;
    answered++;
    limit.onAnswer(stamp, agenda.now - startedAt, agenda.now);
    queue.shift()?.();
    fill();
  };
  const refuse = (stamp: number): void => {
    refused++;
    limit.onRefusal(stamp);
    agenda.add(300 * random(), () => {
      running--;
      fill();
    });
  };
  const send = (): void => {
    const stamp = limit.onStart(++running);
    const startedAt = agenda.now;
    const serviceMs = server.serviceMs(random, ++sent);
    const isRefused =
      server.isDown?.(agenda.now) === true ||
      working >= (server.room ?? Number.POSITIVE_INFINITY) ||
      random() < (server.failing ?? 0);
    if (isRefused) return agenda.add(2, () => refuse(stamp));
    const begin = (): void => work(() => agenda.add(serviceMs, () => end(stamp, startedAt)));
    if (working < (server.workers ?? Number.POSITIVE_INFINITY)) begin();
    else queue.push(begin);
  };
  const fill = (): void => {
    if (changes.at(-1)?.[1] !== limit.current) changes.push([agenda.now, limit.current]);
    while (running < limit.current) send();
  };

  fill();
  agenda.run(totalMs);
  return {
    answered,
    refused,
    most: changes.reduce((most, [, each]) => Math.max(most, each), 0),
    meanLimit: toMean(changes, totalMs / 2, totalMs),
    reached: (wanted, after = 0) =>
      changes.find(([at, each]) => at >= after && each >= wanted)?.[0] ?? Number.POSITIVE_INFINITY,
  };
}

/** The times of language models: a few are many times as long as most. */
export function longTailed(meanMs: number, spread: number): SimulatedServer["serviceMs"] {
  return (random) => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return meanMs * Math.exp(spread * normal - (spread * spread) / 2);
  };
}

/** What is to happen, in the order of time. */
class Agenda {
  now = 0;
  /** A binary heap, the next first. */
  readonly #entries: { readonly at: number; readonly act: () => void }[] = [];

  add(delayMs: number, act: () => void): void {
    const entries = this.#entries;
    const entry = { at: this.now + delayMs, act };
    let index = entries.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = entries[parent];
      if (above === undefined || above.at <= entry.at) break;
      entries[index] = above;
      index = parent;
    }
    entries[index] = entry;
  }

  run(until: number): void {
    for (let next = this.#take(); next !== undefined && next.at <= until; next = this.#take()) {
      this.now = next.at;
      next.act();
    }
  }

  #take() {
    const entries = this.#entries;
    const [first] = entries;
    const last = entries.pop();
    if (last === undefined || entries.length === 0) return first;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      const right = entries[child + 1];
      if (right !== undefined && right.at < (entries[child]?.at ?? 0)) child++;
      const below = entries[child];
      if (below === undefined || below.at >= last.at) break;
      entries[index] = below;
      index = child;
    }
    entries[index] = last;
    return first;
  }
}

function toMean(
  changes: readonly (readonly [at: number, limit: number])[],
  from: number,
  to: number,
): number {
  let sum = 0;
  for (const [index, [at, limit]] of changes.entries()) {
    const end = changes[index + 1]?.[0] ?? to;
    sum += Math.max(0, Math.min(to, end) - Math.max(from, at)) * limit;
  }
  return sum / (to - from);
}

/** The same numbers from 0 to 1 for the same seed. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
