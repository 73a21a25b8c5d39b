import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import OpenAI from "openai";
import type { Draw } from "../../job/draw.js";
import { chatLine } from "../../lines.js";
import { download, idsOf, upload } from "../../serve/batches.js";
import { type CountingUpstream, startUpstream } from "./counting-upstream.js";
import { type OwnPostgres, startOwnPostgres } from "./own-postgres.js";
import { query, type Started, startServer } from "./postgres.js";
import { type Cluster, startCluster, startWorkerOf } from "./start-cluster.js";

export const victims = ["worker", "server", "postgres", "storage"] as const;
export const stages = ["upload", "validation", "range", "commit", "finalizing", "cancel"] as const;

/** What is killed, in the middle of what. */
export interface Kill {
  readonly victim: (typeof victims)[number];
  readonly stage: (typeof stages)[number];
}

const concurrency = 20;
const requests = 700;
const answerMs = 30;

/** Two servers, two workers, a PostgreSQL and a storage, each of which may be killed in the middle of a batch. */
export class KillGround {
  readonly #postgres: OwnPostgres;
  readonly #cluster: Cluster;
  readonly #upstream: CountingUpstream;
  readonly #workers: Started[];
  readonly #servers: (Started & { readonly baseURL: string })[];
  readonly #misplaced: string[] = [];
  #rounds = 0;

  private constructor(parts: {
    readonly postgres: OwnPostgres;
    readonly cluster: Cluster;
    readonly upstream: CountingUpstream;
    readonly workers: Started[];
    readonly servers: (Started & { readonly baseURL: string })[];
  }) {
    this.#postgres = parts.postgres;
    this.#cluster = parts.cluster;
    this.#upstream = parts.upstream;
    this.#workers = parts.workers;
    this.#servers = parts.servers;
  }

  static async open(): Promise<KillGround> {
    const [postgres, upstream] = await Promise.all([startOwnPostgres(), startUpstream(answerMs)]);
    const cluster = await startCluster({ database: postgres.url });
    const [second, ...workers] = await Promise.all([
      startServer(cluster.database, cluster.storage),
      startWorkerOf(cluster, toWorkerArgs(upstream)),
      startWorkerOf(cluster, toWorkerArgs(upstream)),
    ]);
    const servers = [{ ...cluster.server, baseURL: cluster.openai.baseURL }, second];
    return new KillGround({ postgres, cluster, upstream, workers, servers });
  }

  /** Takes a batch through a kill. Gives what is not as it should be after it. */
  async endure({ victim, stage }: Kill, draw: Draw): Promise<readonly string[]> {
    this.#rounds += 1;
    const round = this.#rounds;
    const ids = Array.from({ length: requests }, (_, index) => `k${round}-${index}`);
    const lines = ids.map((id) => chatLine(id, { messages: [{ role: "user", content: id }] }));
    const before = this.#upstream.count();
    const killing = this.#killIn(victim, draw);
    if (stage === "upload") void sleep(draw.below(300)).then(() => killing.begin());
    const file = await this.#insist((openai) => upload(openai, lines));
    const { id } = await this.#insist((openai) =>
      openai.batches.create({
        input_file_id: file,
        endpoint: "/v1/chat/completions",
        completion_window: "24h",
      }),
    );
    const watch = this.#watch(id);
    if (stage !== "upload") {
      await this.#reach(stage, { id, watch, draw });
      const cancelling = stage === "cancel" ? this.#insist((openai) => openai.batches.cancel(id)) : undefined;
      if (stage === "cancel") await sleep(draw.below(60));
      await killing.begin();
      await cancelling;
    } else await killing.ended;
    const batch = await watch.end;
    const faults = [...watch.faults];
    const say = (text: string): void =>
      void faults.push(`${victim} killed in ${stage}, round ${round}: ${text}`);
    const expected = stage === "cancel" ? ["cancelled", "completed"] : ["completed"];
    if (!expected.includes(batch.status)) say(`the batch is ${batch.status}`);
    const files = [batch.output_file_id, batch.error_file_id];
    const found = await this.#insist((openai) => Promise.all(files.map((name) => download(openai, name))));
    const results = idsOf(found.flat());
    const isUnread = batch.status === "cancelled" && batch.in_progress_at === null;
    if (!isUnread && results.join() !== [...ids].sort().join()) {
      say(`${results.length} results, of ${new Set(results).size} requests, of ${ids.length}`);
    }
    const answered = found[0]?.length ?? 0;
    const counts = JSON.stringify(batch.request_counts);
    if (batch.request_counts?.completed !== answered) say(`${answered} are answered, and counted ${counts}`);
    const sent = ids.reduce((sum, prompt) => sum + (this.#upstream.sent.get(prompt) ?? 0), 0);
    const distinct = ids.filter((prompt) => this.#upstream.sent.has(prompt)).length;
    // What was in flight: at the worker that is killed, or at all where none can write what comes back.
    const hit = { worker: 1, storage: this.#workers.length, server: 0, postgres: 0 }[victim];
    const mostTwice = hit * concurrency;
    if (sent - distinct > mostTwice) say(`${sent - distinct} were sent twice`);
    if (this.#upstream.count() - before !== sent) say("requests of another batch were sent");
    for (const name of this.#misplaced.splice(0)) say(`${name} was written beside the storage`);
    for (const process of [...this.#workers, ...this.#servers]) {
      if (process.isEnded()) say(`a process has ended: ${process.said().slice(-1000)}`);
    }
    return faults;
  }

  /** Waits until a batch is in the middle of it. */
  async #reach(stage: Kill["stage"], { id, watch, draw }: Reaching): Promise<void> {
    if (stage === "validation") return void (await sleep(draw.below(150)));
    if (stage === "commit") {
      const near = 430 + draw.below(70);
      const shown = `select from openbatch.segments where batch = '${id}' union all
        select from openbatch.progress where batch = '${id}' and completed >= ${near}`;
      while ((await query(this.#cluster.database, shown)).length === 0 && !watch.isEnded()) await sleep(5);
      return void (await sleep(draw.below(100)));
    }
    const done = stage === "finalizing" ? requests - 30 : 1 + draw.below(requests - 100);
    while (this.#sent < done && watch.done() < done && !watch.isEnded()) await sleep(5);
    if (stage === "finalizing") await sleep(draw.below(300));
  }

  get #sent(): number {
    const prefix = `k${this.#rounds}-`;
    let sent = 0;
    for (const prompt of this.#upstream.sent.keys()) if (prompt.startsWith(prefix)) sent += 1;
    return sent;
  }

  /** Looks at a batch at both servers, all the time, until it is at its end. */
  #watch(id: string): Watch {
    const faults: string[] = [];
    let done = 0;
    let isEnded = false;
    const look = async (): Promise<OpenAI.Batch> => {
      for (let turn = 0; ; turn += 1) {
        await sleep(20);
        const { baseURL = "" } = this.#servers[turn % this.#servers.length] ?? {};
        const answer = await fetch(`${baseURL}/batches/${id}`).catch(() => undefined);
        if (answer?.status === 503 && answer.headers.get("retry-after") === null)
          faults.push("a 503 without Retry-After");
        if (answer?.status !== 200) {
          if (answer !== undefined && answer.status !== 503) faults.push(`a ${answer.status} for the batch`);
          await answer?.text().catch(() => undefined);
          continue;
        }
        const batch = (await answer.json().catch(() => undefined)) as OpenAI.Batch | undefined;
        if (batch === undefined) continue;
        const { completed = 0, failed = 0 } = batch.request_counts ?? {};
        if (completed + failed < done)
          faults.push(`the counts went back from ${done} to ${completed + failed}`);
        done = completed + failed;
        if (terminal.has(batch.status)) return batch;
      }
    };
    const end = look().finally(() => {
      isEnded = true;
    });
    return { faults, end, done: () => done, isEnded: () => isEnded };
  }

  /** Asks one server after the other until one does it. */
  async #insist<Value>(ask: (openai: OpenAI) => Promise<Value>): Promise<Value> {
    for (let turn = 0; ; turn += 1) {
      const { baseURL = "" } = this.#servers[turn % this.#servers.length] ?? {};
      try {
        return await ask(new OpenAI({ baseURL, apiKey: "any", maxRetries: 0 }));
      } catch (error) {
        const isLasting =
          error instanceof OpenAI.APIError && error.status !== undefined && error.status < 500;
        if (isLasting || turn > 600) throw error;
        await sleep(100);
      }
    }
  }

  #killIn(victim: Kill["victim"], draw: Draw) {
    const which = draw.below(2);
    const awayMs = draw.below(2500);
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const begin = async (): Promise<void> => {
      await this.#kill(victim, which, awayMs);
      end();
    };
    return { begin, ended };
  }

  async #kill(victim: Kill["victim"], which: number, awayMs: number): Promise<void> {
    const { database, storage } = this.#cluster;
    if (victim === "worker") {
      await this.#workers[which]?.end("SIGKILL");
      await sleep(awayMs);
      this.#workers[which] = await startWorkerOf(this.#cluster, toWorkerArgs(this.#upstream));
    } else if (victim === "server") {
      const server = this.#servers[which];
      await server?.end("SIGKILL");
      const { port } = new URL(server?.baseURL ?? "");
      this.#servers[which] = await startServer(database, storage, { port });
    } else if (victim === "postgres") {
      await this.#postgres.kill();
      await sleep(awayMs);
      await this.#postgres.startAgain();
    } else {
      renameSync(storage, `${storage}.away`);
      // As where a share is not mounted: nobody is to take the folder for it.
      if (which === 1) mkdirSync(storage);
      await sleep(awayMs);
      const written = existsSync(storage) ? readdirSync(storage) : [];
      if (written.length > 0) this.#misplaced.push(...written);
      rmSync(storage, { recursive: true, force: true });
      renameSync(`${storage}.away`, storage);
    }
  }
}

interface Watch {
  readonly faults: readonly string[];
  readonly end: Promise<OpenAI.Batch>;
  readonly done: () => number;
  readonly isEnded: () => boolean;
}

interface Reaching {
  readonly id: string;
  readonly watch: Watch;
  readonly draw: Draw;
}

const terminal: ReadonlySet<string> = new Set(["failed", "completed", "expired", "cancelled"]);

function toWorkerArgs({ url }: CountingUpstream): readonly string[] {
  return ["--upstream", url, "--concurrency", `${concurrency}`];
}
