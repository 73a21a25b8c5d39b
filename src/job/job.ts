import { OpenbatchError } from "../errors/index.js";
import { createTranslator, type Sighting } from "../providers/index.js";
import { type FormatSources, type ReadResultsOptions, type ResultOf, readResults } from "../results/index.js";
import { assertSameAccount } from "./assert-same-job.js";
import { describeJob } from "./describe-job.js";
import { defaultRounds, type GoingOn, goOn } from "./go-on.js";
import { type JobStoryEvent, readStory } from "./job-story.js";
import { cancelBatch } from "./life/cancel-batch.js";
import { JobState } from "./life/job-state.js";
import { toStop, toTrouble } from "./life/trouble.js";
import { toSeen } from "./life/watching.js";
import { JobWork } from "./life/work.js";
import { type Connection, type JobPlace, placeKnownJob, placeNewJob } from "./place-job.js";
import { isAccountOf } from "./record/account.js";
import type { PartRecord } from "./record/job-record.js";
import type { JobCommands } from "./report/job-commands.js";
import type { JobServerOptions, SubmitBatchFileOptions } from "./report/job-options.js";
import type { JobSummary } from "./report/job-summary.js";

/** How a job is waited for. What is not said is as for `submitBatchFile`. */
export type JobWaitOptions = Omit<SubmitBatchFileOptions, keyof JobServerOptions | "wait">;

/**
 * The life of one batch file at a service; `openJob` opens one. One process at a time goes on with it; any may look.
 *
 * @example
 * ```ts
 * import { openJob } from "openbatch/job";
 *
 * const job = await openJob("requests.jsonl");
 * const summary = await job.wait({ onEvent: (event) => console.log(event.kind) });
 * console.log(`${summary}`);
 * for await (const result of job.results()) console.log(result.custom_id, result.status);
 * await job.close();
 * ```
 */
export class Job {
  /** The batch file. */
  readonly file: string;
  /** The results file. */
  readonly output: string;
  /** How it is gone on with, and ended, from a shell. */
  readonly commands: JobCommands;
  readonly #place: JobPlace;
  #connection: Connection | undefined;
  #isRightAccount = false;

  private constructor(place: JobPlace) {
    this.file = place.file;
    this.output = place.output;
    this.commands = place.commands;
    this.#place = place;
  }

  /** @internal */
  static async begin(file: string, options: SubmitBatchFileOptions): Promise<Job> {
    const job = new Job(await placeNewJob(file, options));
    await job.#connect();
    return job;
  }

  /** @internal */
  static async open(file: string, options: JobServerOptions): Promise<Job> {
    return new Job(placeKnownJob(file, options));
  }

  /** @internal */
  submit({ wait = true, ...options }: SubmitBatchFileOptions): Promise<JobSummary> {
    return this.#goOn({ ...options, waits: wait, submits: true, isAnew: true });
  }

  /**
   * Goes on until each request has its result: looks, collects, and submits what is left. Of a job that was cancelled, only what is at
   * the service is waited for.
   *
   * @throws JobStoppedError where it ends before that: `interrupted`, `batch_rejected`, `results_gone`, `service_refused` …
   * @throws OpenbatchError `run_in_progress` where another process is at it, `batch_file_changed`, `run_differs`, `base_url_missing`.
   */
  wait(options: JobWaitOptions = {}): Promise<JobSummary> {
    return this.#goOn({ ...options, waits: true, submits: true });
  }

  /**
   * Looks once at each batch, and collects what has ended. Submits nothing.
   *
   * @throws OpenbatchError `run_in_progress` where another process is at it, and as {@link Job.wait}.
   */
  refresh(options: JobWaitOptions = {}): Promise<JobSummary> {
    return this.#goOn({ ...options, waits: false, submits: false });
  }

  /**
   * Looks once at each batch, and changes nothing; also while another process is at it. Of a job of which nothing is at the service,
   * the service is not asked.
   *
   * @param options `asks: false` tells what the record says, without a key.
   * @throws OpenbatchError `base_url_missing`, `api_key_missing`, `run_differs`, `server_unreachable`, `service_refused`.
   */
  async status({ asks = true }: { readonly asks?: boolean } = {}): Promise<JobSummary> {
    const state = this.#openState();
    const { folder, profile, signal, names = state.record.names ?? {} } = this.#place;
    const translator = createTranslator(profile, names);
    const work = await JobWork.open(this.file, folder, {
      profile,
      translator,
      signal,
      prefixBytes: undefined,
    });
    try {
      const parts: PartRecord[] = [];
      for (const part of state.parts) {
        await work.take(part);
        if (!asks || part.state !== "submitted" || part.batch === undefined) parts.push(part);
        else parts.push({ ...part, ...toSeen(await this.#look(part.batch, state)) });
      }
      const rounds = defaultRounds;
      return await describeJob({ place: this.#place, state, work, parts, rounds, scan: undefined });
    } finally {
      work.close();
    }
  }

  /** Asks the service to end what it has of the job. What it did by then is paid, and collected by the next submit or `wait`. */
  async cancel(): Promise<readonly string[]> {
    const state = this.#openState();
    const there = state.parts.flatMap(({ state: where, batch }) =>
      where === "submitted" && batch !== undefined ? [batch] : [],
    );
    const connection = there.length === 0 ? undefined : await this.#connectTo(state);
    this.#place.folder.assertNoLink();
    this.#place.folder.isCancelled = true;
    const cancelled: string[] = [];
    for (const batch of there) {
      if (connection === undefined) break;
      if (await cancelBatch(batch, connection.service, this.#place.signal)) cancelled.push(batch);
    }
    state.folder.tell({ cancelled });
    return cancelled;
  }

  /**
   * The results that are there by now, one for each request of the batch file, as `readResults` gives them.
   *
   * @throws OpenbatchError `file_not_found`, while reading, where none was collected yet, and as `readResults`.
   *
   * @example
   * ```ts
   * import { openJob } from "openbatch/job";
   * import * as z from "zod";
   *
   * const job = await openJob("requests.jsonl");
   * for await (const result of job.results({ format: z.object({ city: z.string() }) }))
   *   if (result.status === "succeeded" && result.problem === undefined) console.log(result.parsed.city);
   * ```
   */
  results<const Source extends object = never, const Formats extends FormatSources = never>(
    options: Omit<ReadResultsOptions<Source, Formats>, "requests" | "results"> = {},
  ): AsyncIterable<ResultOf<Source, Formats>> {
    return readResults<Source, Formats>({ ...options, requests: this.file, results: this.output });
  }

  /** What happened so far, in its order. */
  story(): AsyncGenerator<JobStoryEvent> {
    return readStory(this.#openState().folder.story);
  }

  /** Ends the connections to the service. What is at the service goes on there. */
  async close(): Promise<void> {
    await this.#connection?.service.close();
  }

  async #goOn(doing: GoingOn): Promise<JobSummary> {
    return goOn(this.#place, await this.#connect(), doing);
  }

  async #connect(): Promise<Connection> {
    this.#connection ??= await this.#place.connect();
    return this.#connection;
  }

  /** Nothing is asked after in a place where the job is not. */
  async #connectTo(state: JobState): Promise<Connection> {
    const connection = await this.#connect();
    const isKnown = this.#isRightAccount || isAccountOf(state.record.account, connection);
    if (!isKnown) await assertSameAccount(state, connection.service, this.#place.signal);
    this.#isRightAccount = true;
    return connection;
  }

  #openState(): JobState {
    const { folder } = this.#place;
    const record = folder.read();
    if (record !== undefined) return new JobState(folder, record);
    throw new OpenbatchError(
      "file_not_found",
      `There is no job of ${this.file}: ${folder.path} is not there.`,
      {
        hint: `Begin one: ${this.commands.submit}`,
      },
    );
  }

  async #look(batch: string, state: JobState): Promise<Sighting> {
    const { service } = await this.#connectTo(state);
    try {
      return await service.look(batch, this.#place.signal);
    } catch (error) {
      throw toStop(toTrouble(error, this.#place.signal), service.target, `look at ${batch}`);
    }
  }
}
