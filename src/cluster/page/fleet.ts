import type { Machines, UpstreamStanding } from "../../serve/index.js";
import type { ServedUpstream, ServedWorker, ServiceMachines } from "../../view/index.js";
import type { Database } from "../database/database.js";
import { listLimits } from "../database/limits-table.js";
import { readBacklog } from "../database/read-backlog.js";
import { listServers } from "../database/server-names.js";
import { listUnservedModels, listUpstreams, type UpstreamReport } from "../database/upstreams-table.js";
import { countWorkers, listWorkers, rehearsalTarget, type SeenWorker } from "../database/workers-table.js";
import { WorkerPaces } from "./worker-paces.js";

/** Who executes the batches of a database, as the workers tell of themselves. */
export class Fleet implements Machines {
  readonly #database: Database;
  readonly #paces = new WorkerPaces();

  constructor(database: Database) {
    this.#database = database;
  }

  count(): Promise<number> {
    return countWorkers(this.#database);
  }

  async read(): Promise<ServiceMachines> {
    const [servers, workers, limits, backlog, unserved] = await Promise.all([
      listServers(this.#database),
      listWorkers(this.#database),
      listLimits(this.#database),
      readBacklog(this.#database),
      listUnservedModels(this.#database),
    ]);
    const { requests, ranges, rangesUnderWay, batches } = backlog;
    return {
      servers,
      workers: workers.map((worker) => toServed(worker, this.#paces.note(worker))),
      limits,
      queue: {
        ...{ requests, rangesUnderWay, rangesWaiting: Math.max(0, ranges - rangesUnderWay) },
        ...{ batches: Object.fromEntries(batches), unserved },
      },
    };
  }

  async isRehearsal(): Promise<boolean> {
    return (await listUpstreams(this.#database)).some(({ target }) => target === rehearsalTarget);
  }

  /** How it stands with all that workers send to. */
  async standing(): Promise<UpstreamStanding> {
    const upstreams = await listUpstreams(this.#database);
    const targets = [...new Set(upstreams.map(({ target }) => target))];
    return {
      target: targets.length === 1 ? (targets[0] ?? "") : `${targets.length} servers`,
      requests: sum(upstreams.map(({ inFlight }) => inFlight)),
      oldestMs: undefined,
      concurrency: sum(upstreams.map(({ concurrency }) => concurrency)),
      pause: toPause(upstreams),
    };
  }
}

/** Where one of them can be sent to, nothing waits. */
function toPause(upstreams: readonly UpstreamReport[]): UpstreamStanding["pause"] {
  const [first, ...others] = [...upstreams].sort((one, other) => one.pausedMs - other.pausedMs);
  if (first === undefined || first.pausedMs === 0 || first.cause === null) return undefined;
  const more = others.length === 0 ? "" : ` So it is with all ${upstreams.length} servers.`;
  return { reason: `${first.cause}${more}`, ms: first.pausedMs };
}

function toServed({ startedAt, upstreams, ...worker }: SeenWorker, pace: number): ServedWorker {
  const { id, name, silentSeconds, ranges, completed, failed } = worker;
  return {
    ...{ id, name, silentSeconds, ranges, completed, failed, pace },
    startedAt: new Date(startedAt * 1000).toISOString(),
    upstreams: upstreams.map(toServedUpstream),
  };
}

function toServedUpstream({ cause, pausedMs, ...upstream }: UpstreamReport): ServedUpstream {
  const { target, keyName, models, concurrency, inFlight, ranges } = upstream;
  const wait = cause === null || pausedMs === 0 ? undefined : { cause, ms: pausedMs };
  return { target, keyName, models, concurrency, inFlight, ranges, wait };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
